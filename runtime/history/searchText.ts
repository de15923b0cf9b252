import type { InvocationRecord } from '../model/invocationRecord.ts';

/*
 * What a search looks through: event and result as they are kept (256 KB each at most), the log up to the bound below,
 * id, request id, label, warnings, and the error with its stack. Letters are folded, so that case does not matter, in
 * any script that has it.
 */

/** Characters of an invocation's log that are searched; what comes later is shown, but not found. */
const longestLog = 512 * 1024;

/** Words of a search beyond this number are ignored. */
const mostWords = 8;

/** The text of a record as searches see it. */
export function searchText(record: InvocationRecord): string {
  const parts = [record.id];
  if (record.requestId !== undefined) parts.push(record.requestId);
  if (record.label !== undefined) parts.push(record.label);
  const { error } = record;
  if (error) parts.push(`${error.type}: ${error.message}`, ...error.stack);
  for (const { text } of record.warnings ?? []) parts.push(text);
  parts.push(record.event.data);
  if (record.result) parts.push(record.result.data);
  let left = longestLog;
  for (const { text } of record.logs) {
    if (left <= 0) break;
    parts.push(text.length > left ? text.slice(0, left) : text);
    left -= text.length;
  }
  return fold(parts.join('\n'));
}

/** The words that all have to occur, each as a part of a word too. */
export function searchWords(text: string | undefined): string[] {
  return fold(text ?? '')
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, mostWords);
}

/** The sigma at the end of a word has a form of its own, also when the word is in capitals elsewhere. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}
