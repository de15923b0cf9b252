import type { Group, Track } from './tracks.ts';

/** Heights in pixels. */
export const rowHeights = { axis: 24, head: 22, track: 20, level: 9, gap: 3 } as const;

/** A row and where it is, in pixels from the top of all rows. */
export type ChartRow =
  | { kind: 'head'; function: string; top: number; height: number; group: Group }
  | { kind: 'track'; function: string; top: number; height: number; track: Track; number: number };

/** Levels that are drawn apart; more share the last one. */
export const mostLevels = 12;

/** All rows from top to bottom, and their height together. */
export function layOutRows(groups: readonly Group[]): { rows: ChartRow[]; height: number } {
  const rows: ChartRow[] = [];
  let top = 0;
  for (const group of groups) {
    rows.push({ kind: 'head', function: group.function, top, height: rowHeights.head, group });
    top += rowHeights.head;
    for (const [index, track] of group.tracks.entries()) {
      const levels = Math.min(track.levels, mostLevels);
      const height = Math.max(rowHeights.track, levels * rowHeights.level + 2);
      rows.push({ kind: 'track', function: group.function, top, height, track, number: index + 1 });
      top += height + rowHeights.gap;
    }
  }
  return { rows, height: top };
}

/** The row at a height; undefined between and below them. */
export function rowAt(rows: readonly ChartRow[], y: number): ChartRow | undefined {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.top <= y) low = middle + 1;
    else high = middle;
  }
  const row = rows[low - 1];
  return row && y < row.top + row.height ? row : undefined;
}

/** Where a level of a track's row is, from its top. */
export function levelBand(
  track: Pick<Track, 'levels'>,
  rowHeight: number,
  level: number,
): { top: number; height: number } {
  const levels = Math.min(track.levels, mostLevels);
  const height = (rowHeight - 2) / levels;
  return {
    top: 1 + Math.min(level, levels - 1) * height,
    height: Math.max(2, height - (levels > 1 ? 1 : 0)),
  };
}
