import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parseDocument, stringify, type Document, type Pair } from 'yaml';
import type { ProjectEntry } from './projectEntry.ts';

/**
 * A YAML text with one more entry in one of its lists. What stands there stays as it was, byte for byte; only a list that
 * cannot be continued line by line (`functions: {}`) is written anew, comments included. Undefined when the text has
 * errors, the list is none, or the key is taken.
 */
export function addToYaml(text: string, { list, key, settings }: ProjectEntry): string | undefined {
  const document = parse(text);
  if (!document) return undefined;
  const found = document.get(list, true);
  const empty = found === undefined || found === null || (isScalar(found) && found.value === null);
  if (!empty && !isMap(found)) return undefined;
  if (isMap(found) && found.has(key)) return undefined;

  const wanted = document.clone();
  if (empty) wanted.set(list, wanted.createNode({ [key]: settings }));
  else wanted.setIn([list, key], wanted.createNode(settings));

  const result = inLines(text, document, { list, key, settings }) ?? wanted.toString();
  const read = parse(result);
  const same = read && isDeepStrictEqual(read.toJS(), wanted.toJS());
  return same ? result : wanted.toString();
}

function parse(text: string): Document | undefined {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  if (document.errors.length > 0) return undefined;
  // A file without anything in it may become anything.
  if (document.contents === null) document.contents = document.createNode({}) as never;
  return isMap(document.contents) ? document : undefined;
}

/** The text with lines put in; undefined when the list is not written line by line. */
function inLines(
  text: string,
  document: Document,
  { list, key, settings }: ProjectEntry,
): string | undefined {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const found = document.get(list, true);
  const block = (value: unknown, indent: string, step: number): string =>
    stringify(value, { indent: step, lineWidth: 0 })
      .trimEnd()
      .split('\n')
      .map((line) => `${line && indent}${line}${newline}`)
      .join('');

  if (found === undefined) {
    const before = text === '' || /\r?\n$/.test(text) ? text : text + newline;
    return before + block({ [list]: { [key]: settings } }, '', 2);
  }
  if (!isMap(found) || found.flow || found.items.length === 0) return undefined;
  const first = startOf(found.items[0]!);
  const last = endOf(found.items.at(-1)!);
  if (first === undefined || last === undefined) return undefined;
  const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first);
  // `? key` and lists on the line of their key.
  if (/\S/.test(indent)) return undefined;
  const at = lineAfter(text, last, indent.length);
  const before = text.slice(0, at);
  const broken = before.endsWith('\n') ? before : before + newline;
  const spaced = separated(text, found.items) ? newline : '';
  return broken + spaced + block({ [key]: settings }, indent, indent.length || 2) + text.slice(at);
}

function startOf(pair: Pair): number | undefined {
  return (pair.key as { range?: [number, number, number] } | null)?.range?.[0];
}

function endOf(pair: Pair): number | undefined {
  const of = (node: unknown) => (node as { range?: [number, number, number] } | null)?.range?.[1];
  return of(pair.value) ?? of(pair.key);
}

/** Where the line after a value begins; comments that are further in than `indent` still belong to the value. */
function lineAfter(text: string, end: number, indent: number): number {
  const next = (from: number) => {
    const at = text.indexOf('\n', from);
    return at === -1 ? text.length : at + 1;
  };
  let at = end > 0 && text[end - 1] === '\n' ? end : next(end);
  for (;;) {
    const comment = /^([ \t]*)#[^\n]*/.exec(text.slice(at, next(at)));
    if (!comment || comment[1]!.length <= indent) return at;
    at = next(at);
  }
}

/** Whether the entries of a list stand apart by empty lines. */
function separated(text: string, items: readonly Pair[]): boolean {
  const [first, second] = items;
  const end = first && endOf(first);
  const start = second && startOf(second);
  return end !== undefined && start !== undefined && /\n[ \t]*\r?\n/.test(text.slice(end - 1, start));
}
