import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { l10n } from '../editor/l10n.ts';

/** Deeper or longer results are not written out: nobody would read such an expectation. */
const deepest = 12;
const mostLines = 400;

/**
 * The text of an expectation that the outcome of an invocation fulfils, to be trimmed by its reader. Values that differ from
 * call to call (ids, times) become matchers. Undefined when the result cannot be expected: cut, binary or too large.
 */
export function expectationText(record: InvocationRecord, eventName: string): string | undefined {
  const lines = [
    `# ${l10n.t('What has to come of the event "{0}".', eventName)}`,
    `# ${l10n.t('Take out what does not matter: objects may have more keys than are stated here.')}`,
    `# ${l10n.t('Matchers')}: { $any: string }, { $matches: "^[0-9]+$" }, { $contains: "…" }, { $json: … }`,
  ];
  const { status, error, result } = record;
  if (status !== 'ok') {
    lines.push(`status: ${status}`);
    if (error)
      lines.push(
        'error:',
        `  type: ${scalar(error.type)}`,
        `  message: ${scalar(error.message.slice(0, 1000))}`,
      );
    return `${lines.join('\n')}\n`;
  }
  lines.push('status: ok');
  if (result && result.size > 0) {
    if (result.truncated || result.encoding !== 'utf8') return undefined;
    const own = block(pattern(parse(result.data), record.id, 0), 'result', '');
    if (own.length > mostLines) return undefined;
    lines.push(...own);
  }
  return `${lines.join('\n')}\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as a pattern that it fits. */
function pattern(value: unknown, id: string, depth: number): unknown {
  if (typeof value === 'string') return textPattern(value, id, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return { $any: Array.isArray(value) ? 'list' : 'object' };
  if (Array.isArray(value)) return value.map((item) => pattern(item, id, depth + 1));
  // Keys like this would be taken for matchers.
  if (Object.keys(value).some((key) => key.startsWith('$'))) return { $exactly: value };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, pattern(each, id, depth + 1)]));
}

function textPattern(text: string, id: string, depth: number): unknown {
  if (text === id) return { $any: 'string' };
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text))
    return { $matches: '^[0-9a-fA-F-]{36}$' };
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text))
    return { $matches: '^\\d{4}-\\d\\d-\\d\\dT' };
  // Bodies of HTTP answers are JSON in text.
  if (/^\s*[[{]/.test(text) && depth < deepest) {
    const inner = parse(text);
    if (typeof inner === 'object') return { $json: pattern(inner, id, depth + 1) };
  }
  return text;
}

function scalar(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  const plain =
    typeof value === 'string' &&
    /^[A-Za-z][\w ./@-]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off|y|n)$|[ ]$/i.test(value);
  return plain ? value : text;
}

/** YAML with a line for each value. JSON's own spelling wherever YAML's would need care. */
function block(value: unknown, key: string, indent: string): string[] {
  const head = `${indent}${/^[A-Za-z_$][\w-]*$/.test(key) ? key : JSON.stringify(key)}:`;
  if (typeof value !== 'object' || value === null) return [`${head} ${scalar(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${head} ${Array.isArray(value) ? '[]' : '{}'}`];
  if (Array.isArray(value)) return [head, ...value.flatMap((item) => listItem(item, `${indent}  `))];
  const [only] = entries;
  if (entries.length === 1 && only![0].startsWith('$') && typeof only![1] !== 'object')
    return [`${head} { ${only![0]}: ${quoted(only![1])} }`];
  return [head, ...entries.flatMap(([name, each]) => block(each, name, `${indent}  `))];
}

function quoted(value: unknown): string {
  return typeof value === 'string' && !value.includes("'") && value.includes('\\')
    ? `'${value}'`
    : scalar(value);
}

function listItem(item: unknown, indent: string): string[] {
  if (typeof item !== 'object' || item === null) return [`${indent}- ${scalar(item)}`];
  if (Object.keys(item).length === 0) return [`${indent}- ${Array.isArray(item) ? '[]' : '{}'}`];
  if (Array.isArray(item)) return [`${indent}-`, ...item.flatMap((each) => listItem(each, `${indent}  `))];
  const lines = Object.entries(item).flatMap(([name, each]) => block(each, name, `${indent}  `));
  return [`${indent}- ${lines[0]!.trimStart()}`, ...lines.slice(1)];
}
