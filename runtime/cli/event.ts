import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import type { InvokeParams } from '../protocol/control/messages.ts';
import type { Terminal } from './terminal.ts';

/** Larger events than any platform accepts are not even read. */
const mostBytes = 64 * 1024 * 1024;

/** The event of `-e`: a file, `-` for the standard input, or the text itself. An empty one without `-e`. */
export async function readEvent(
  terminal: Terminal,
  given: string | undefined,
): Promise<InvokeParams['event']> {
  if (given === undefined) return { encoding: 'utf8', data: '{}' };
  if (given === '-') return toEvent(await readAll(terminal.stdin));
  const file = resolve(terminal.cwd, given);
  // Most events are no path at all, and too long for one.
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) {
    if (found.size > mostBytes) throw tooLarge(found.size);
    return toEvent(await readFile(file));
  }
  if (looksLikePath(given)) {
    throw new PorchlightError('USAGE', {
      detail: `There is no event file ${file}. Correct the path, or give the event itself.`,
    });
  }
  return { encoding: 'utf8', data: given };
}

function looksLikePath(text: string): boolean {
  return (
    /^(@|\.{0,2}[\\/]|[a-zA-Z]:[\\/])/.test(text) || /^[^\s{}[\]"]+\.(json|txt|bin|xml|ya?ml)$/i.test(text)
  );
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk as Buffer);
    bytes += buffer.length;
    if (bytes > mostBytes) throw tooLarge(bytes);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

function tooLarge(bytes: number): PorchlightError {
  return new PorchlightError('EVENT_TOO_LARGE', { bytes, limit: mostBytes });
}

function toEvent(bytes: Buffer): InvokeParams['event'] {
  const text = bytes.toString('utf8');
  // Not UTF-8: decoding lost something.
  return Buffer.from(text).equals(bytes)
    ? { encoding: 'utf8', data: text }
    : { encoding: 'base64', data: bytes.toString('base64') };
}
