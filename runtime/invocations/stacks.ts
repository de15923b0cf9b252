import type { InvocationError } from '../model/invocationRecord.ts';
import type { SourcePosition } from '../model/words.ts';
import type { RawError } from '../protocol/instance/messages.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';

/** A frame's place: the last `(file:line:column)` or bare `file:line:column` of a stack line. */
const place = /^(\s*at .*?)(\(?)((?:file:\/\/)?(?:[A-Za-z]:)?[^():]*[\\/][^()]*?):(\d+):(\d+)\)?$/;

/** Whether a frame is Node's or ours, not the user's or a package's. */
function isInternal(line: string, isOurs: (file: string) => boolean): boolean {
  const found = place.exec(line);
  return /\(node:|at node:/.test(line) || (found !== null && isOurs(found[3]!));
}

/** Turns an instance's raw error into what users see: source positions, without Node's and our own frames. */
export function mapError(
  error: RawError,
  maps: SourceMaps,
  isOurs: (file: string) => boolean,
): InvocationError {
  const stack: string[] = [];
  let at: SourcePosition | undefined = error.at && {
    file: error.at[0],
    line: error.at[1],
    column: error.at[2],
  };
  for (const line of error.stack) {
    if (!/^\s*at /.test(line)) {
      stack.push(line);
      continue;
    }
    if (isInternal(line, isOurs)) continue;
    const found = place.exec(line);
    if (!found) {
      stack.push(line);
      continue;
    }
    const [, head, open, file, row, column] = found;
    const mapped = maps.map({ file: file!, line: Number(row), column: Number(column) });
    stack.push(`${head}${open}${mapped.file}:${mapped.line}:${mapped.column}${open ? ')' : ''}`);
    if (!at && !/[\\/]node_modules[\\/]/.test(mapped.file)) at = mapped;
  }
  at ??= syntaxErrorPlace(error);
  return { type: error.type, message: error.message, stack, ...(at ? { at } : {}) };
}

/** Syntax errors name their place above the message: `file.js:12`, the line, and a caret below the column. */
function syntaxErrorPlace(error: RawError): SourcePosition | undefined {
  const [head = '', , caret = ''] = error.stack;
  const found = /^((?:file:\/\/)?(?:[A-Za-z]:)?[^:\n]*[\\/][^:\n]*):(\d+)$/.exec(head);
  if (!found) return undefined;
  const column = /^\s*\^/.test(caret) ? caret.indexOf('^') + 1 : 1;
  return { file: found[1]!.replace(/^file:\/\//, ''), line: Number(found[2]), column };
}
