import type { ImportCost, ImportCosts } from '../../runtime/model/coldStartProfile.ts';
import { formatMs } from '../presentation/numbers.ts';

/** What is shown at the end of one import line. Lines count from 0, as the editor does. */
export interface ImportMark {
  line: number;
  /** `412 ms · 63 %` */
  text: string;
  /** The file is not what was measured any more. */
  outdated: boolean;
  imports: ImportCost[];
}

/** Cheaper imports are not worth a look. */
const smallest = { ms: 2, share: 0.01 } as const;

/**
 * The marks of one file. An import stands where its line stands now: edits move lines, and a line that was changed
 * loses its mark. `lines` are those of the document, `hash` is that of its text.
 */
export function makeImportMarks(
  costs: ImportCosts,
  file: { is: (path: string) => boolean; lines: readonly string[]; hash: string },
): ImportMark[] {
  const measured = costs.files.find((each) => file.is(each.file));
  if (!measured) return [];
  const trimmed = file.lines.map((line) => line.trim());
  const byLine = new Map<number, ImportCost[]>();
  for (const cost of costs.imports) {
    if (!file.is(cost.at.file)) continue;
    const line = nearestLine(trimmed, cost.text, cost.at.line - 1);
    if (line !== undefined) byLine.set(line, [...(byLine.get(line) ?? []), cost]);
  }
  return [...byLine]
    .flatMap(([line, imports]) => {
      const totalMs = imports.reduce((sum, each) => sum + each.totalMs, 0);
      const share = Math.min(
        1,
        imports.reduce((sum, each) => sum + each.share, 0),
      );
      if (totalMs < smallest.ms || share < smallest.share) return [];
      const about = imports.some(({ estimated }) => estimated) ? '≈ ' : '';
      const text = `${about}${formatMs(totalMs)} · ${Math.round(share * 100)} %`;
      return [{ line, text, outdated: measured.hash !== file.hash, imports }];
    })
    .sort((a, b) => a.line - b.line);
}

/** What is kept of a longer line is its beginning. */
const longestText = 200;

function nearestLine(lines: readonly string[], text: string, from: number): number | undefined {
  if (text === '') return undefined;
  const isSame = (line: string | undefined) => line?.slice(0, longestText) === text;
  const found = lines.flatMap((line, index) => (isSame(line) ? [index] : []));
  return found.sort((a, b) => Math.abs(a - from) - Math.abs(b - from))[0];
}
