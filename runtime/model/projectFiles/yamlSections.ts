/** A part of a text that is an entry of the file's map, or of one of the maps below it. */
export interface Section {
  start: number;
  end: number;
  /** The key it stands below; absent for an entry of the file's own map. */
  parent?: string;
  /** Only the line of a key whose entries are sections of their own. */
  header?: true;
}

interface Line {
  start: number;
  end: number;
  indent: number;
  text: string;
}

const blank = /^\s*(#.*)?$/;
/** What begins an entry; another line goes on with what stands above, as texts over several lines may. */
const begin = /^\s*(?:"[^"]*"|'[^']*'|\?|[^\s#"'][^#]*?)\s*:(\s|$)|^\s*\?\s/;
const headerLine = /^(?:"([^"]*)"|'([^']*)'|([^\s#:{}[\]&*!|>%@`"'][^#]*?))\s*:\s*(#.*)?$/;

/**
 * Cuts a YAML text into the entries of its map and, where such an entry has entries of its own on the lines below, into
 * those: what a keystroke changes is then one function, however many there are. YAML wants everything below a key to be
 * indented further, so that the lines alone tell. A text of another form is one section.
 */
export function sectionsOf(text: string): Section[] {
  const lines = linesOf(text);
  if (lines.some(({ text: line }) => /^[{[]/.test(line))) return [{ start: 0, end: text.length }];
  const tops = starts(lines, 0, ({ indent, text: line }) => indent === 0 && !/^-(\s|$)/.test(line));
  if (tops.length === 0) return [{ start: 0, end: text.length }];
  return tops.flatMap((from, i) => below(lines.slice(from, tops[i + 1] ?? lines.length)));
}

function below(lines: Line[]): Section[] {
  const [first] = lines;
  const whole: Section = { start: first!.start, end: lines.at(-1)!.end };
  const [, double, single, bare] = headerLine.exec(first!.text) ?? [];
  const parent = double ?? single ?? bare;
  const content = lines.slice(1).filter(({ text }) => !blank.test(text));
  const indent = content[0]?.indent ?? 0;
  const isMap = content.every((line) => line.indent >= indent && !/^\s*\t/.test(line.text));
  if (parent === undefined || indent === 0 || !isMap || /^\s*(-\s|-$|[{["'&*!|>])/.test(content[0]!.text))
    return [whole];
  const entries = starts(lines, 1, (line) => line.indent === indent && !/^-(\s|$)/.test(line.text.trim()));
  if (entries.length < 2) return [whole];
  return [
    { start: whole.start, end: lines[entries[0]!]!.start, parent, header: true },
    ...entries.map((from, i) => ({
      start: lines[from]!.start,
      end: lines[(entries[i + 1] ?? lines.length) - 1]!.end,
      parent,
    })),
  ];
}

/** Indices of the lines at which something begins. */
function starts(lines: Line[], from: number, begins: (line: Line) => boolean): number[] {
  const found: number[] = [];
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]!;
    if (blank.test(line.text) || /^(---|%|\.\.\.)/.test(line.text)) continue;
    if (begin.test(line.text) && begins(line)) found.push(i);
  }
  return found;
}

/** The lines of the first document. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let begun = false;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, end).replace(/\r?\n$/, '');
    if (begun && /^(---|\.\.\.)(\s|$)/.test(line)) break;
    begun ||= !blank.test(line) && !/^(---|%)/.test(line);
    lines.push({ start, end, indent: line.length - line.trimStart().length, text: line });
    start = end;
  }
  return lines;
}
