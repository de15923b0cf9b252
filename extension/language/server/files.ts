import { basename, dirname } from 'node:path';
import { diskLookup, type FileLookup } from '../../../runtime/support/fileLookup.ts';

/** Texts that are open in the editor, unsaved changes included. */
export interface OpenTexts {
  get(path: string): string | undefined;
  paths(): Iterable<string>;
}

/** Larger files are nobody's handler and no project file. */
const longestText = 4_000_000;

/** The files as the user sees them: what is open in the editor lies over what is on the disk. */
export function editorLookup(open: OpenTexts, disk: FileLookup = diskLookup): FileLookup {
  return {
    isFile: (path) => open.get(path) !== undefined || disk.isFile(path),
    readText(path) {
      const text = open.get(path) ?? disk.readText(path);
      return text !== undefined && text.length <= longestText ? text.replace(/^\uFEFF/, '') : undefined;
    },
    list(folder) {
      const names = new Set(disk.list(folder));
      for (const path of open.paths()) if (dirname(path) === folder) names.add(basename(path));
      return [...names];
    },
    ...(disk.realPath ? { realPath: disk.realPath } : {}),
  };
}
