/** Declarations that make no code; those of variables do. */
const declaration = /^(package|import|type|const)\b/;
const onlyClosing = /^[\s)}\],;]*$/;

/**
 * The lines of a Go file, from 1, that may have something to stop at: all but blank ones, comments, closing brackets, and
 * declarations of packages, imports, types and constants. Only the compiler knows which of them really do.
 */
export function goLines(text: string): Set<number> {
  const lines = new Set<number>();
  /** How deep the brackets of a declaration are open; undefined outside of one. */
  let declared: number | undefined;
  withoutComments(text)
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (declared === undefined && !declaration.test(line)) {
        if (!onlyClosing.test(line)) lines.add(index + 1);
        return;
      }
      const depth = (declared ?? 0) + count(line, /[({[]/g) - count(line, /[)}\]]/g);
      declared = depth > 0 ? depth : undefined;
    });
  return lines;
}

const count = (line: string, what: RegExp): number => line.match(what)?.length ?? 0;

/** Comments become blank and texts one letter, so that nothing in them is taken for code; lines stay where they are. */
function withoutComments(text: string): string {
  const parts = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|`[^`]*(?:`|$)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
  return text.replace(parts, (part) => {
    const lines = part.replace(/[^\n]+/g, '');
    return part.startsWith('/') ? lines : `x${lines}`;
  });
}
