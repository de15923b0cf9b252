import type { FileLookup } from '../../support/fileLookup.ts';
import { isInside } from '../handlerModule.ts';
import { fileLimits, type IncludedFile } from './projectFile.ts';

/**
 * What project files below a root may include: files inside of it, links followed. A path says where to look, so that
 * one written by others must not lead to what is the developer's own.
 */
export function includeFrom(root: string, lookup: FileLookup): (path: string) => IncludedFile {
  const real = (path: string): string => lookup.realPath?.(path) ?? path;
  return (path) => {
    if (!isInside(root, path)) return { why: 'outside' };
    if (!lookup.isFile(path)) return { why: 'missing' };
    if (!isInside(real(root), real(path))) return { why: 'outside' };
    const text = lookup.readText(path);
    if (text === undefined) return { why: 'missing' };
    return text.length > fileLimits.textLength ? { why: 'large' } : { text: text.replace(/^\uFEFF/, '') };
  };
}
