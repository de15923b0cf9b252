import { isBuiltin } from 'node:module';
import { isAbsolute, relative } from 'node:path';
import type { ModuleKind } from '../model/coldStartProfile.ts';

/** What a module is to people who read a profile. */
export interface ModuleName {
  kind: ModuleKind;
  name: string;
  package?: string;
}

const packagePath = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?:[\\/](.*))?$/s;

/** Names a file as people do: by package, by its place in the project, or as Node does. */
export function moduleName(file: string, root: string): ModuleName {
  if (file.startsWith('node:') || (!isAbsolute(file) && isBuiltin(file)))
    return { kind: 'builtin', name: file };
  const found = packagePath.exec(file);
  if (found) {
    const name = slashes(found[1]!);
    return { kind: 'package', package: name, name: found[2] ? `${name}/${slashes(found[2])}` : name };
  }
  const below = relative(root, file);
  const inside = below !== '' && !below.startsWith('..') && !isAbsolute(below);
  return { kind: 'own', name: inside ? slashes(below) : file };
}

/** Package a specifier names; undefined for paths, URLs and Node's own modules. */
export function packageOfSpecifier(specifier: string): string | undefined {
  if (/^[./\\#]|^[a-z]{2,}:|^[a-zA-Z]:[\\/]/.test(specifier) || isBuiltin(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

const slashes = (path: string): string => path.replaceAll('\\', '/');
