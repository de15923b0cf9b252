import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { SourcePosition } from '../../model/words.ts';
import { locateHandlers } from '../../packaging/handlerTargets.ts';

/** Where the code of a function lies on this machine, for what a stack from elsewhere names. */
export interface CodePlaces {
  /** Lines of a stack with the paths of this machine, and the innermost place among them, where they name files of the project. */
  read(lines: readonly string[]): { lines: string[]; at?: SourcePosition };
}

/**
 * A file in the folder in which Lambda (`/var/task`) and Function Compute (`/code`) have a function's code, with its line
 * as JavaScript (`a.js:3:5`), Python (`"a.py", line 3`) and PHP (`a.php(3)`) write it.
 */
const remotePlace =
  /(?:file:\/\/)?\/(?:var\/task|code)\/([^\s:"'()]+)(?=:(\d+)(?::(\d+))?|", line (\d+)|\((\d+)\))/g;

/** Files that are remembered: what a log names is without bound. */
const mostFiles = 1000;

/** Places of a function's code; of one that is not in the project any more no line leads anywhere. */
export function codePlaces(definition: FunctionDefinition | undefined, root: string): CodePlaces {
  const isBuilt = definition === undefined || compiled(definition, root);
  const files = new Map<string, string | undefined>();
  const look = (path: string): string | undefined => {
    // Of code that was built, only what the cloud itself mapped back names a source.
    if (!definition || (isBuilt && !/\.[cm]?tsx?$/.test(path))) return undefined;
    if (path.split('/').includes('node_modules')) return undefined;
    const file = join(definition.codeRoot, ...path.split('/'));
    // A stack may say anything: only files of the code folder are meant.
    return file.startsWith(definition.codeRoot + sep) && existsSync(file) ? file : undefined;
  };
  const here = (path: string): string | undefined => {
    if (files.has(path)) return files.get(path);
    const file = files.size < mostFiles ? look(path) : undefined;
    files.set(path, file);
    return file;
  };
  return {
    read(lines) {
      const places: SourcePosition[] = [];
      let fromPython = false;
      const shown = lines.map((line) =>
        line.replace(
          remotePlace,
          (whole, path: string, js?: string, column?: string, py?: string, php?: string) => {
            const file = here(path);
            if (file === undefined) return whole;
            fromPython ||= py !== undefined;
            places.push({ file, line: Number(js ?? py ?? php), column: Number(column ?? 1) });
            return file;
          },
        ),
      );
      // A traceback of Python has the innermost frame last.
      const at = fromPython ? places.at(-1) : places[0];
      return { lines: shown, ...(at && { at }) };
    },
  };
}

/** Of code that is not here. */
export const noPlaces: CodePlaces = { read: (lines) => ({ lines: [...lines] }) };

function compiled(definition: FunctionDefinition, root: string): boolean {
  try {
    return locateHandlers(definition, root).handler.compiled;
  } catch {
    // What is in the project now does not load; what was deployed may have been built.
    return true;
  }
}
