import { createHash } from 'node:crypto';
import type { CodeKind } from '../../model/codeFiles.ts';
import { goLines } from './goLines.ts';
import { pythonLines } from './pythonLines.ts';
import { scriptLines } from './scriptLines.ts';
import { forgetOldest } from '../../support/forgetOldest.ts';

/** Longer files are not looked at. */
const longestText = 2 * 1024 * 1024;
const kept = 50;

/** Answers for Python, by program and text: every one costs a process. */
const ofPython = new Map<string, Promise<Set<number> | undefined>>();

/**
 * The lines of a file, from 1, with code; where only the debugger knows (`CodeKind.lines`), those that may have some.
 * `program` is the interpreter of a function that uses the file. Undefined when they cannot be known.
 */
export async function codeLines(
  kind: CodeKind,
  file: string,
  text: string,
  program?: string,
): Promise<ReadonlySet<number> | undefined> {
  if (text.length > longestText) return undefined;
  switch (kind.id) {
    case 'javascript':
      return scriptLines(file, text);
    case 'python':
      return remembered(`${program} ${createHash('sha1').update(text).digest('hex')}`, () =>
        pythonLines(text, program),
      );
    case 'go':
      return goLines(text);
  }
}

function remembered(
  key: string,
  ask: () => Promise<Set<number> | undefined>,
): Promise<Set<number> | undefined> {
  const answer = ofPython.get(key) ?? ask();
  ofPython.delete(key);
  ofPython.set(key, answer);
  forgetOldest(ofPython, kept);
  return answer;
}
