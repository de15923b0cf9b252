import { createInterface } from 'node:readline/promises';
import { PorchlightError } from '../model/errors.ts';
import type { Terminal } from './terminal.ts';

/** Asks a yes-or-no question on a terminal. Where nobody can answer, `--yes` has to. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  const { stdin, stderr } = terminal;
  if (!(stdin as { isTTY?: boolean }).isTTY) {
    throw new PorchlightError('USAGE', { detail: `${question} Nobody can answer here: add --yes.` });
  }
  const readline = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await readline.question(`${question} [y/N] `)).trim());
  } finally {
    readline.close();
  }
}
