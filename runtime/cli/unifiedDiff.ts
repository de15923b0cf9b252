import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { Style } from './terminal.ts';

/** One side of a comparison. */
export interface DiffSide {
  name: string;
  text: string;
}

/** Texts that have hardly a line in common are not searched for it longer, in milliseconds. */
const longestMs = 500;

/** Two texts as a unified diff; empty when they are the same. */
export function unifiedDiff(
  before: DiffSide,
  after: DiffSide,
  paint: (style: Style, text: string) => string = (_, text) => text,
): string {
  if (before.text === after.text) return '';
  const options = { context: 3, timeout: longestMs };
  const found = structuredPatch(
    before.name,
    after.name,
    before.text,
    after.text,
    undefined,
    undefined,
    options,
  );
  const patch = found ? formatPatch(found, FILE_HEADERS_ONLY) : wholePatch(before, after);
  return patch
    .split('\n')
    .map((line) => paintLine(line, paint))
    .join('\n');
}

/** Everything went, everything came. */
function wholePatch(before: DiffSide, after: DiffSide): string {
  const lines = ({ text }: DiffSide): string[] => text.replace(/\n$/, '').split('\n');
  const [gone, come] = [lines(before), lines(after)];
  return [
    `--- ${before.name}`,
    `+++ ${after.name}`,
    `@@ -1,${gone.length} +1,${come.length} @@`,
    ...gone.map((line) => `-${line}`),
    ...come.map((line) => `+${line}`),
    '',
  ].join('\n');
}

function paintLine(line: string, paint: (style: Style, text: string) => string): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint('bold', line);
  if (line.startsWith('@@')) return paint('cyan', line);
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : line;
}
