import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { PorchlightError } from '../model/errors.ts';

/** Files of one look; a larger edit is checked in its first ones. */
const mostFiles = 50;
const patienceMs = 10_000;

const settings = [
  'display_errors=1',
  'log_errors=0',
  'html_errors=0',
  'error_prepend_string=',
  'xdebug.mode=off',
];

/**
 * Looks whether files can be compiled, by the interpreter that runs them; nothing of them is run. An edit that left one
 * broken must not end the instances that have the code of before. Without an interpreter nothing is said.
 */
export async function checkPhpSyntax(
  files: string[],
  root: string,
  program: string | undefined,
): Promise<void> {
  if (program === undefined) return;
  for (const path of files.slice(0, mostFiles)) {
    const found = await lint(program, path);
    if (!found) continue;
    const { line, detail } = found;
    const file = relative(root, path) || path;
    throw new PorchlightError('BUILD_FAILED', { file, path, line, column: 1, detail: `${detail}.` });
  }
}

/** PHP before 8.3 looks at one file at a time. */
function lint(program: string, file: string): Promise<{ line: number; detail: string } | undefined> {
  return new Promise((done) => {
    const args = [...settings.flatMap((setting) => ['-d', setting]), '-l', file];
    execFile(program, args, { timeout: patienceMs, windowsHide: true, maxBuffer: 64 * 1024 }, (_, stdout) => {
      // A look that failed says nothing about the code; running it will.
      const found = /^(?:PHP )?(?:Parse|Fatal) error: +(.+) in .+ on line (\d+)$/m.exec(stdout);
      done(found ? { line: Number(found[2]), detail: found[1]! } : undefined);
    });
  });
}
