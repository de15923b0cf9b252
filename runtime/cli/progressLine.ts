import type { Terminal } from './terminal.ts';

/** One line on a terminal that is written over; nothing where the output is kept. */
export function progressLine({ stderr }: Terminal): { show(text: string): void; clear(): void } {
  let shown = 0;
  const put = (text: string): void => {
    if (stderr.isTTY) stderr.write(`\r${text.padEnd(shown)}`);
    shown = text.length;
  };
  return {
    show: put,
    clear: () => {
      if (shown === 0) return;
      put('');
      if (stderr.isTTY) stderr.write('\r');
    },
  };
}
