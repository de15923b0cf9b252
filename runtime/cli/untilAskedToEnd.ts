import { exitCodes } from './exitCode.ts';
import type { Terminal } from './terminal.ts';

/** Resolves at a signal, or with `parent` at the end of the standard input. A second signal ends the process at once. */
export function untilAskedToEnd(terminal: Terminal, parent: boolean): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(exitCodes.ok);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    if (!parent) return;
    terminal.stdin.on('end', () => resolve());
    terminal.stdin.on('error', () => resolve());
    terminal.stdin.resume();
  });
}
