/** A line of a comparison: only expected, only there, or on both sides. */
export interface DiffLine {
  kind: 'expected' | 'actual' | 'same';
  text: string;
}

/** Longer texts are not compared line by line. */
const mostLines = 600;
const context = 3;

/** Compares two texts by lines: the fewest lines that differ, with a few that are the same around them. */
export function diffLines(expected: string, actual: string): DiffLine[] {
  const before = expected.split('\n');
  const after = actual.split('\n');
  if (before.length > mostLines || after.length > mostLines) return [];
  return shortened(compare(before, after));
}

function compare(before: string[], after: string[]): DiffLine[] {
  // lengths[i][j]: lines that before[i…] and after[j…] have in common.
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        before[i] === after[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i++]! });
      j++;
    } else if (i < before.length && (j === after.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      lines.push({ kind: 'expected', text: before[i++]! });
    } else {
      lines.push({ kind: 'actual', text: after[j++]! });
    }
  }
  return lines;
}

function shortened(lines: DiffLine[]): DiffLine[] {
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same');
  const result: DiffLine[] = [];
  let left = 0;
  lines.forEach((line, index) => {
    if (near(index)) {
      if (left > 0) result.push({ kind: 'same', text: '…' });
      left = 0;
      result.push(line);
    } else left++;
  });
  if (left > 0) result.push({ kind: 'same', text: '…' });
  return result;
}
