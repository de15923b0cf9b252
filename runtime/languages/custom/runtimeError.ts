import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { RawError } from '../../protocol/instance/messages.ts';

/** Characters of a text and lines of a stack that are told. */
const longest = { text: 100_000, line: 4000, lines: 60 };

/** The type in the header: `category.Reason` with a known category, otherwise the category alone, as Lambda has it. */
export function errorTypeOf(
  header: string | string[] | undefined,
  category: 'Runtime' | 'Function',
): string | undefined {
  const given = Array.isArray(header) ? header[0] : header;
  if (given === undefined || given === '') return undefined;
  return /^(Runtime|Function)\.[A-Z][A-Za-z]+$/.test(given) ? given : `${category}.Unknown`;
}

interface ErrorBody {
  errorMessage?: unknown;
  errorType?: unknown;
  stackTrace?: unknown;
  trace?: unknown;
}

/**
 * What a program reports as its error. `told` is what its caller gets: the body as it is, whatever it is, without the
 * cause that only X-Ray gets.
 */
export function readRuntimeError(
  body: Buffer,
  headerType: string | undefined,
  codeRoot: string,
): { error: RawError; told: Buffer } {
  const given = jsonObject(body);
  if (!given) {
    const message = body.toString('utf8').slice(0, longest.text);
    return { error: { type: headerType ?? 'Function.Unknown', message, stack: [] }, told: body };
  }
  const { errorCause, ...rest } = given as ErrorBody & { errorCause?: unknown };
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value.slice(0, longest.text) : undefined;
  const frames = framesOf(rest.stackTrace ?? rest.trace);
  const at = placeOf(frames, codeRoot);
  const error: RawError = {
    type: text(rest.errorType)?.slice(0, longest.line) || headerType || 'Function.Unknown',
    message: text(rest.errorMessage) ?? '',
    stack: frames.map(frameText),
    ...(at ? { at } : {}),
  };
  return { error, told: errorCause === undefined ? body : Buffer.from(JSON.stringify(rest)) };
}

function jsonObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A line, or a place as Go's runtime client writes it. */
type Frame = string | { path: string; line: number; label: string };

function framesOf(stack: unknown): Frame[] {
  const list: unknown[] = typeof stack === 'string' ? stack.split('\n') : Array.isArray(stack) ? stack : [];
  return list.slice(0, longest.lines).flatMap((entry): Frame[] => {
    if (typeof entry === 'string') return [entry.slice(0, longest.line)];
    if (typeof entry !== 'object' || entry === null) return [];
    const { path, line, label } = entry as Record<string, unknown>;
    if (typeof path !== 'string') return [JSON.stringify(entry).slice(0, longest.line)];
    return [{ path, line: Number(line) || 1, label: typeof label === 'string' ? label : '' }];
  });
}

function frameText(frame: Frame): string {
  return typeof frame === 'string' ? frame : `    at ${frame.label} (${frame.path}:${frame.line})`;
}

/** The first frame in a file of the function's: clients shorten paths from the left, and none begins in our words. */
function placeOf(frames: Frame[], codeRoot: string): RawError['at'] | undefined {
  for (const frame of frames) {
    if (typeof frame === 'string') continue;
    const file = ownFile(frame.path, codeRoot);
    if (file !== undefined) return [file, Math.max(1, Math.trunc(frame.line)), 1];
  }
  return undefined;
}

function ownFile(path: string, codeRoot: string): string | undefined {
  if (isAbsolute(path)) return existsSync(path) && path.startsWith(codeRoot) ? path : undefined;
  const parts = path.split('/');
  for (let from = 0; from < parts.length; from++) {
    const file = resolve(codeRoot, ...parts.slice(from));
    if (file.startsWith(codeRoot) && existsSync(file)) return file;
  }
  return undefined;
}
