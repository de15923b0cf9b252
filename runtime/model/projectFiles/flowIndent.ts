import { isCollection, visit, type Document, type YAMLError } from 'yaml';

/*
 * `{ … }` and `[ … ]` over several lines whose closing bracket stands no further right than the key they belong to. The
 * parser refuses them, as the specification does; the clouds' own tools read them, so that such files are deployed.
 */

/**
 * The text with such a collection on one line, at the same length so that every place stays where it is; undefined when the
 * error is of another kind, or nothing closes what was opened.
 */
export function joinedFlow(
  text: string,
  document: Document,
  errors: readonly YAMLError[],
): string | undefined {
  const error = errors.find(({ code, message }) => code === 'BAD_INDENT' && message.startsWith('Flow '));
  if (!error) return undefined;
  const start = outermostBefore(document, error.pos[0]);
  return start === undefined ? undefined : joined(text, start);
}

/** Where the collection begins that broke off at a place: the outermost one without an end before it. */
function outermostBefore(document: Document, at: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Collection(_, node) {
      if (!isCollection(node) || !node.flow || !node.range) return undefined;
      const [start, end] = node.range;
      if (start < at && end >= at - 1) found ??= start;
      return found === start ? visit.BREAK : visit.SKIP;
    },
  });
  return found;
}

/** Quoted texts and comments in one piece, as brackets in them are none; everything else a character at a time. */
const token = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'|[ \t]#[^\n]*|[^]/y;

function joined(text: string, start: number): string | undefined {
  let depth = 0;
  const parts = [text.slice(0, start)];
  token.lastIndex = start;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [part] = found;
    // A comment would reach to the end of what is one line now.
    parts.push(/^[ \t]#/.test(part) ? ' '.repeat(part.length) : part.replaceAll(/[\r\n]/g, ' '));
    if (part === '{' || part === '[') depth++;
    else if ((part === '}' || part === ']') && --depth === 0) {
      parts.push(text.slice(token.lastIndex));
      return parts.join('');
    }
  }
  return undefined;
}
