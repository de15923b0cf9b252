/** A table of text: its heads, then its rows. */
export interface Table {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

/** As Markdown, with columns in line, so that it reads well in a terminal too. The first column is text. */
export function renderTable({ heads, rows }: Table): string {
  const lines = [heads, ...rows].map((cells) => heads.map((_, column) => escape(cells[column] ?? '')));
  const widths = heads.map((_, column) => Math.max(3, ...lines.map((cells) => widthOf(cells[column]!))));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = lines.map((cells) =>
    line(cells.map((cell, column) => cell + ' '.repeat(widths[column]! - widthOf(cell)))),
  );
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  );
  return [padded[0]!, rule, ...padded.slice(1)].join('\n');
}

function escape(cell: string): string {
  return cell.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ');
}

function widthOf(text: string): number {
  return [...text].length;
}

/** A number with about three digits that count; counts as they are. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1000) return String(value);
  if (size >= 1000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** Median, and the minimum in brackets, e.g. `181 (177)`. */
export function summaryText(summary: { median: number; minimum: number } | undefined): string {
  if (summary === undefined) return '–';
  return `${numberText(summary.median)} (${numberText(summary.minimum)})`;
}
