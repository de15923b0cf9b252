import type {
  ColdStartProfile,
  ImportCost,
  ModuleCost,
  PackageCost,
} from '../../runtime/model/coldStartProfile.ts';
import type { CostChange, ProfileComparison } from '../../runtime/model/compareProfiles.ts';
import { l10n } from '../editor/l10n.ts';
import { formatDateTime, formatMs } from './numbers.ts';
import { phaseMeaning } from './words.ts';

const mostRows = 30;
const smallestShare = 0.01;
const barCells = 20;

/** A profile as a Markdown document with aligned tables, to be read as it is. `folder`: its files are named below it. */
export function profileDocument(
  profile: ColdStartProfile,
  folder: string,
  comparison?: ProfileComparison,
): string {
  const { imports, packages, modules } = profile;
  const runs =
    profile.runs === 1 ? l10n.t('1 cold start') : l10n.t('median of {0} cold starts', profile.runs);
  return [
    `# ${l10n.t('Cold start of {0}: {1}', profile.function, formatMs(profile.totalMs.medianMs))}`,
    '',
    `- ${runs} · ${profile.node} · ${formatDateTime(profile.at)}`,
    `- ${l10n.t('Code: {0}', profile.artifact)}`,
    `- ${l10n.t('Folder: {0}', `\`${folder}\``)}`,
    ...section(l10n.t('Phases'), phaseTable(profile)),
    ...(comparison ? comparisonSections(comparison) : []),
    ...section(l10n.t('Imports of your code'), importTable(imports, folder)),
    ...section(l10n.t('Packages'), packageTable(packages)),
    ...section(l10n.t('Modules'), moduleTable(modules)),
    ...(modules.length > 0
      ? [
          '',
          l10n.t(
            'Total: with everything it was the first to load. Self: without what it loads. Only: what would be saved without it. Load: part of the load phase. ≈: estimated.',
          ),
        ]
      : []),
    ...profile.notes.flatMap((note) => ['', note]),
    '',
  ].join('\n');
}

function section(title: string, table: string[]): string[] {
  return table.length > 2 ? ['', `## ${title}`, '', ...table] : [];
}

function phaseTable({ phases, totalMs }: ColdStartProfile): string[] {
  const longest = Math.max(...phases.map(({ medianMs }) => medianMs), 0.001);
  const rows = phases.map(({ name, medianMs, minMs, maxMs }) => [
    name,
    formatMs(medianMs),
    `${formatMs(minMs)} – ${formatMs(maxMs)}`,
    '█'.repeat(medianMs > 0 ? Math.max(1, Math.round((medianMs / longest) * barCells)) : 0),
    phaseMeaning(name),
  ]);
  const total = [
    l10n.t('total'),
    formatMs(totalMs.medianMs),
    `${formatMs(totalMs.minMs)} – ${formatMs(totalMs.maxMs)}`,
    '',
    '',
  ];
  return table(['', l10n.t('median'), l10n.t('range'), '', ''], [...rows, total], [1, 2]);
}

function comparisonSections({ before, total, phases, packages }: ProfileComparison): string[] {
  const title = l10n.t('Compared with {0} of {1}', before.artifact, formatDateTime(before.at));
  const head = ['', l10n.t('before'), l10n.t('now'), l10n.t('change')];
  const row = ({ name, beforeMs, afterMs, deltaMs }: CostChange) => [
    name,
    beforeMs === undefined ? '–' : formatMs(beforeMs),
    afterMs === undefined ? '–' : formatMs(afterMs),
    `${deltaMs < 0 ? '−' : '+'}${formatMs(Math.abs(deltaMs))}`,
  ];
  const runs = before.runs === 1 ? [l10n.t('That was one cold start, so differences may be chance.')] : [];
  return [
    ...section(title, table(head, [...phases, total].map(row), [1, 2, 3])),
    ...(runs.length > 0 ? ['', ...runs] : []),
    ...(packages.length > 0 ? ['', ...table(head, packages.slice(0, mostRows).map(row), [1, 2, 3])] : []),
  ];
}

function importTable(imports: readonly ImportCost[], folder: string): string[] {
  const rows = imports
    .filter(({ share }) => share >= smallestShare)
    .slice(0, mostRows)
    .map(({ name, at, totalMs, onlyMs, share, estimated }) => [
      name,
      about(totalMs, estimated),
      formatMs(onlyMs),
      percent(share),
      `${below(at.file, folder)}:${at.line}`,
    ]);
  return table(['', l10n.t('total'), l10n.t('only'), l10n.t('load'), l10n.t('where')], rows, [1, 2, 3]);
}

function packageTable(packages: readonly PackageCost[]): string[] {
  const rows = packages
    .filter(({ share }) => share >= smallestShare)
    .slice(0, mostRows)
    .map(({ name, totalMs, selfMs, onlyMs, share, modules }) => [
      name,
      formatMs(totalMs),
      formatMs(selfMs),
      formatMs(onlyMs),
      percent(share),
      String(modules),
    ]);
  const head = ['', l10n.t('total'), l10n.t('self'), l10n.t('only'), l10n.t('load'), l10n.t('modules')];
  return table(head, rows, [1, 2, 3, 4, 5]);
}

/** A tree: whoever loads a module first stands above it. */
function moduleTable(modules: readonly ModuleCost[]): string[] {
  const shown = new Set(
    modules.slice(0, mostRows).flatMap(({ share }, index) => (share >= smallestShare ? [index] : [])),
  );
  const rows: string[][] = [];
  const walk = (parent: number | undefined, depth: number): void => {
    for (const [index, module] of modules.entries()) {
      if (module.loadedBy !== parent || !shown.has(index)) continue;
      const { name, totalMs, selfMs, onlyMs, share, estimated } = module;
      rows.push([
        `${'· '.repeat(depth)}${name}`,
        formatMs(totalMs),
        about(selfMs, estimated),
        formatMs(onlyMs),
        percent(share),
      ]);
      walk(index, depth + 1);
    }
  };
  walk(undefined, 0);
  return table(['', l10n.t('total'), l10n.t('self'), l10n.t('only'), l10n.t('load')], rows, [1, 2, 3, 4]);
}

/** Markdown with columns of one width; `right` names those that hold numbers. */
function table(head: string[], rows: string[][], right: number[]): string[] {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    right.includes(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [first, ...rest] = escaped;
  return [line(first!), `| ${rule.join(' | ')} |`, ...rest.map(line)];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const about = (ms: number, estimated?: true): string => `${estimated ? '≈ ' : ''}${formatMs(ms)}`;

function below(file: string, folder: string): string {
  const path = file.replaceAll('\\', '/');
  const root = `${folder.replaceAll('\\', '/')}/`;
  return path.startsWith(root) ? path.slice(root.length) : path;
}
