import type { ColdStartProfile, ImportCost, ModuleCost } from '../model/coldStartProfile.ts';
import type { CostChange, ProfileComparison } from '../model/compareProfiles.ts';
import { milliseconds } from '../model/units.ts';
import { table, type painter } from './terminal.ts';

type Paint = ReturnType<typeof painter>;

const barCells = 24;
const nameCells = 40;
const mostRows = 20;
const mostImports = 12;
/** Rows below this part of the load phase are summed up. */
const smallestShare = 0.01;

/** A profile as tables of at most 80 columns. */
export function profileText(profile: ColdStartProfile, paint: Paint): string {
  const { modules, imports, packages, notes } = profile;
  const runs = profile.runs === 1 ? '1 cold start' : `${profile.runs} cold starts`;
  const head = `${profile.function} · ${profile.node} · artifact ${profile.artifact} · ${runs}\n`;
  return [
    paint('bold', head),
    `\n${phaseTable(profile, paint)}`,
    ...(imports.some(({ totalMs }) => totalMs > 0) ? [`\n${importTable(imports, paint)}`] : []),
    ...(packages.length > 0 ? [`\n${packageTable(profile, paint)}`] : []),
    ...(modules.length > 0 ? [`\n${moduleTable(modules, paint)}`] : []),
    ...(notes.length > 0 ? ['\n', ...notes.map((note) => paint('dim', `${wrap(`Note: ${note}`)}\n`))] : []),
    ...(modules.length > 0
      ? [
          paint(
            'dim',
            `\n${wrap('TOTAL is charged to whoever loads a module first; ONLY is what would be saved without it. LOAD is the part of the load phase. * marks estimates.')}\n`,
          ),
        ]
      : []),
  ].join('');
}

function phaseTable({ phases, totalMs }: ColdStartProfile, paint: Paint): string {
  const longest = Math.max(...phases.map(({ medianMs }) => medianMs), 0.001);
  const rows = phases.map(({ name, medianMs, minMs, maxMs }) => [
    name.padEnd(8),
    ...[medianMs, minMs, maxMs].map(cell),
    bar(medianMs / longest),
  ]);
  const total = ['total', ...[totalMs.medianMs, totalMs.minMs, totalMs.maxMs].map(cell), ''];
  return withHead(['PHASE', right('MEDIAN'), right('MIN'), right('MAX'), ''], [...rows, total], paint);
}

function importTable(imports: readonly ImportCost[], paint: Paint): string {
  const shown = imports.filter(({ share }) => share >= smallestShare).slice(0, mostImports);
  const rows = shown.map(({ name, at, totalMs, onlyMs, share, estimated }) => [
    shorten(name, 24),
    cell(totalMs),
    cell(onlyMs),
    percent(share),
    `${shorten(tail(at.file), 20)}:${at.line}${estimated ? ' *' : ''}`,
  ]);
  const head = ['IMPORT'.padEnd(24), right('TOTAL'), right('ONLY'), right('LOAD', 5), 'WHERE'];
  return withHead(head, rows, paint);
}

function packageTable({ packages }: ColdStartProfile, paint: Paint): string {
  const shown = packages.filter(({ share }) => share >= smallestShare).slice(0, mostRows);
  const rows = shown.map(({ name, totalMs, selfMs, onlyMs, share, modules }) => [
    shorten(name, 32).padEnd(32),
    cell(totalMs),
    cell(selfMs),
    cell(onlyMs),
    percent(share),
    String(modules).padStart(7),
  ]);
  const head = [
    'PACKAGE'.padEnd(32),
    right('TOTAL'),
    right('SELF'),
    right('ONLY'),
    right('LOAD', 5),
    'MODULES',
  ];
  return withHead(head, rows, paint) + restOf(packages.length - shown.length, paint);
}

/** The most expensive modules as a tree: whoever loads a module first stands above it. */
function moduleTable(modules: readonly ModuleCost[], paint: Paint): string {
  const children = new Map<number | undefined, number[]>();
  for (const [index, { loadedBy }] of modules.entries()) {
    children.set(loadedBy, [...(children.get(loadedBy) ?? []), index]);
  }
  // The most expensive ones; modules are sorted, and what loads a module is never cheaper than it.
  const shown = new Set(
    modules.slice(0, mostRows).flatMap(({ share }, i) => (share >= smallestShare ? [i] : [])),
  );
  const rows: string[][] = [];
  const walk = (parent: number | undefined, depth: number): void => {
    for (const index of children.get(parent) ?? []) {
      if (!shown.has(index)) continue;
      const { name, totalMs, selfMs, onlyMs, share, estimated } = modules[index]!;
      const indent = '  '.repeat(Math.min(depth, 6));
      rows.push([
        `${indent}${shorten(`${name}${estimated ? ' *' : ''}`, nameCells - indent.length)}`.padEnd(nameCells),
        cell(totalMs),
        cell(selfMs),
        cell(onlyMs),
        percent(share),
      ]);
      walk(index, depth + 1);
    }
  };
  walk(undefined, 0);
  const head = ['MODULE', right('TOTAL'), right('SELF'), right('ONLY'), right('LOAD', 5)];
  return withHead(head, rows, paint) + restOf(modules.length - rows.length, paint);
}

/** Two profiles side by side. */
export function comparisonText(comparison: ProfileComparison, paint: Paint): string {
  const { before, after, total, phases, packages } = comparison;
  const runs = ({ runs: count }: { runs: number }) => (count === 1 ? '1 run' : `${count} runs`);
  const title = `Artifact ${before.artifact} (${runs(before)}) → ${after.artifact} (${runs(after)})\n`;
  const node =
    before.node === after.node
      ? ''
      : paint('yellow', `Measured with ${before.node}, then with ${after.node}.\n`);
  const head = [right('BEFORE'), right('AFTER'), right('CHANGE', 10)];
  const rows = (changes: readonly CostChange[]) => changes.map((each) => changeRow(each, paint));
  return [
    paint('bold', title),
    node,
    `\n${withHead(['PHASE'.padEnd(32), ...head], rows([...phases, total]), paint)}`,
    packages.length === 0
      ? '\nNo package changed by a tenth of a millisecond or more.\n'
      : `\n${withHead(['PACKAGE, SELF'.padEnd(32), ...head], rows(packages.slice(0, mostRows)), paint)}`,
  ].join('');
}

function changeRow({ name, beforeMs, afterMs, deltaMs }: CostChange, paint: Paint): string[] {
  const sign = deltaMs > 0 ? '+' : deltaMs < 0 ? '-' : '±';
  const change = `${sign}${milliseconds(Math.abs(deltaMs))}`.padStart(10);
  const style = deltaMs > 0 ? 'red' : 'green';
  return [
    shorten(name, 32).padEnd(32),
    beforeMs === undefined ? right('-') : cell(beforeMs),
    afterMs === undefined ? right('-') : cell(afterMs),
    deltaMs === 0 ? change : paint(style, change),
  ];
}

function withHead(head: string[], rows: string[][], paint: Paint): string {
  const [first, ...rest] = table([head, ...rows]).split('\n');
  return [paint('dim', first!), ...rest].join('\n');
}

function restOf(count: number, paint: Paint): string {
  return count > 0 ? paint('dim', `${count} more are left out here; --json has them.\n`) : '';
}

function bar(part: number): string {
  return '█'.repeat(part > 0 ? Math.max(1, Math.round(part * barCells)) : 0);
}

const right = (text: string, width = 8): string => text.padStart(width);
const cell = (ms: number): string => right(milliseconds(ms));
const percent = (share: number): string => `${Math.round(share * 100)} %`.padStart(5);

/** Cut in the middle: the package and the end of the path tell modules apart. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const start = Math.floor(length * 0.4);
  return `${text.slice(0, start)}…${text.slice(text.length - (length - start - 1))}`;
}

const tail = (file: string): string => file.split(/[\\/]/).slice(-2).join('/');

function wrap(text: string, width = 80): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join('\n');
}
