/** Where a line of an earlier text is now. `changed`: it is taken for the same line, but says something else. */
export interface MappedLine {
  line: number;
  changed: boolean;
}

/** More than this is not compared in every combination. */
const mostCells = 250_000;

/**
 * For each line of an earlier text its place in a later one, undefined where it is gone. Made from the texts alone, so
 * that it does not matter whether somebody typed, undid, formatted, or changed the branch. Indentation does not count.
 */
export function mapLines(before: readonly string[], after: readonly string[]): (MappedLine | undefined)[] {
  const old = before.map((line) => line.trim());
  const now = after.map((line) => line.trim());
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let oldEnd = old.length;
  let nowEnd = now.length;
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1]) {
    oldEnd--;
    nowEnd--;
  }
  const result: (MappedLine | undefined)[] = Array.from({ length: old.length });
  for (let line = 0; line < start; line++) result[line] = { line, changed: false };
  for (let line = oldEnd; line < old.length; line++) {
    result[line] = { line: line - oldEnd + nowEnd, changed: false };
  }
  const oldMiddle = old.slice(start, oldEnd);
  const nowMiddle = now.slice(start, nowEnd);
  const pairs =
    oldMiddle.length * nowMiddle.length <= mostCells
      ? longestCommon(oldMiddle, nowMiddle)
      : inOrder(oldMiddle, nowMiddle);
  let [oldAt, nowAt] = [0, 0];
  for (const [oldLine, nowLine] of [...pairs, [oldMiddle.length, nowMiddle.length] as const]) {
    const gap = pairUp(oldMiddle.slice(oldAt, oldLine), nowMiddle.slice(nowAt, nowLine));
    for (const [from, to] of gap) {
      result[start + oldAt + from] = { line: start + nowAt + to, changed: true };
    }
    if (oldLine < oldMiddle.length) {
      result[start + oldLine] = { line: start + nowLine, changed: false };
    }
    [oldAt, nowAt] = [oldLine + 1, nowLine + 1];
  }
  return result;
}

type Pair = readonly [before: number, after: number];

/** The longest sequence of lines that both have, as pairs of line numbers. */
function longestCommon(old: readonly string[], now: readonly string[]): Pair[] {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        old[i] === now[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Lines that occur once in both, as far as they come in the same order. */
function inOrder(old: readonly string[], now: readonly string[]): Pair[] {
  const places = (lines: readonly string[]) => {
    const found = new Map<string, number>();
    for (const [index, line] of lines.entries()) found.set(line, found.has(line) ? -1 : index);
    return found;
  };
  const [oldPlaces, nowPlaces] = [places(old), places(now)];
  const pairs: Pair[] = [];
  let last = -1;
  for (const [index, line] of old.entries()) {
    const place = oldPlaces.get(line) === index ? nowPlaces.get(line) : undefined;
    if (place === undefined || place <= last) continue;
    pairs.push([index, place]);
    last = place;
  }
  return pairs;
}

/** Which lines of a part that differs are likely the same ones, rewritten. */
function pairUp(old: readonly string[], now: readonly string[]): Pair[] {
  if (old.length === now.length) return old.map((_, index) => [index, index]);
  const pairs: Pair[] = [];
  let from = 0;
  for (const [index, line] of old.entries()) {
    const found = now.findIndex((other, place) => place >= from && isAlike(line, other));
    if (found < 0) continue;
    pairs.push([index, found]);
    from = found + 1;
  }
  return pairs;
}

/** Beginning and end that both have are half of the longer one. */
function isAlike(a: string, b: string): boolean {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return head + tail > 0 && (head + tail) * 2 >= Math.max(a.length, b.length);
}
