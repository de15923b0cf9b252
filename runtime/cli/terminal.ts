import type { Writable } from 'node:stream';

/** Where a command writes. Tests pass their own. */
export interface Terminal {
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  stdin: NodeJS.ReadableStream;
  env: Record<string, string | undefined>;
  cwd: string;
}

/** The terminal this process was started from. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  return { stdout, stderr, stdin, env, cwd: process.cwd() };
}

const codes = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

export type Style = keyof typeof codes;

/** Styles text where a stream is a terminal that shows colours, and leaves it alone elsewhere (https://no-color.org). */
export function painter(
  stream: { isTTY?: boolean },
  env: Terminal['env'],
): (style: Style, text: string) => string {
  const coloured = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return coloured ? (style, text) => `\x1b[${codes[style]}m${text}\x1b[0m` : (_, text) => text;
}

/** Writes and waits until the text is handed over; a reader that went away (`| head`) is no error. */
export function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else reject(error);
    });
  });
}

/** Lines of cells in columns; the last column is not padded. */
export function table(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const line = (row: string[]): string =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
