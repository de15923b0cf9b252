import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { PorchlightError } from '../model/errors.ts';

/** Files of one look; a larger edit is checked in its first ones. */
const mostFiles = 200;
const patienceMs = 10_000;

/** Compiles files without running them, and tells the first that cannot be. */
const script = `
import json, sys, warnings
warnings.simplefilter("ignore")
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
    except OSError:
        pass
    except (SyntaxError, ValueError) as error:
        place = {"line": getattr(error, "lineno", None) or 1, "column": max(1, getattr(error, "offset", None) or 1)}
        print(json.dumps({**place, "file": path, "detail": f"{getattr(error, 'msg', error)}"}))
        break
`;

/**
 * Looks whether modules can be compiled, by the interpreter that runs them; nothing of them is run. An edit that left one
 * broken must not end the instances that have the code of before. Without an interpreter nothing is said.
 */
export async function checkPythonSyntax(
  files: string[],
  root: string,
  program: string | undefined,
): Promise<void> {
  if (files.length === 0 || program === undefined) return;
  const found = await compileAll(program, files.slice(0, mostFiles));
  if (!found) return;
  const { file, line, column, detail } = found;
  throw new PorchlightError('BUILD_FAILED', {
    file: relative(root, file) || file,
    path: file,
    line,
    column,
    detail: `${detail}.`,
  });
}

interface Broken {
  file: string;
  line: number;
  column: number;
  detail: string;
}

function compileAll(program: string, files: string[]): Promise<Broken | undefined> {
  return new Promise((resolve) => {
    const args = ['-I', '-S', '-X', 'utf8', '-c', script, ...files];
    const options = { timeout: patienceMs, windowsHide: true, maxBuffer: 64 * 1024 };
    execFile(program, args, options, (error, stdout) => {
      // A look that failed says nothing about the code; running it will.
      resolve(error || stdout.trim() === '' ? undefined : (JSON.parse(stdout) as Broken));
    });
  });
}
