import type { Subject } from '../hosts/subject.ts';
import { comparisonTable, comparisons, outcomeOf, type Outcome } from './comparisons.ts';
import { hostNotes, hostTable } from './hostTable.ts';
import { machineText, type Machine } from './machine.ts';
import type { Results } from './results.ts';
import { renderTable } from './table.ts';

/** A finished run. */
export interface Run {
  machine: Machine;
  porchlight: string;
  loadGenerator: string;
  rounds: number;
  parts: readonly string[];
  subjects: readonly Subject[];
  results: Results;
  /** Peers nobody can run here, with the reason. */
  unreachable: readonly { title: string; reason: string }[];
}

/** The run as Markdown: what stands in the terminal, and what a README can hold. */
export function markdownOf(run: Run): string {
  const outcomes = outcomesOf(run.results);
  const hosts = hostTable(run.subjects, run.results);
  const gaps = [
    ...run.results.gaps,
    ...run.unreachable.map(({ title, reason }) => ({ what: title, reason })),
  ];
  const sections = [
    [
      machineText(run.machine),
      `Porchlight ${run.porchlight}. Load: ${run.loadGenerator}, on the same cores.`,
      `${run.rounds} round${run.rounds === 1 ? '' : 's'}; everything that is compared takes turns within a round.`,
      'Medians over all rounds, minima in brackets; ratios are medians of the ratios within the rounds.',
    ].join('\n'),
    outcomes.length > 0 ? renderTable(comparisonTable(outcomes)) : '',
    hosts.rows.length > 0 ? renderTable(hosts) : '',
    hosts.rows.length > 0 ? hostNotes(run.subjects, hosts).join('\n') : '',
    gaps.length > 0 ? `Not measured, or to be read with care:\n\n${gaps.map(gapLine).join('\n')}` : '',
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** The run for programs: the same outcomes, and every sample by round. */
export function jsonOf(run: Run): string {
  const { subjects, results, ...rest } = run;
  const hosts = subjects.map(({ id, title, versions, note }) => ({ id, title, versions, note }));
  const value = { ...rest, hosts, outcomes: outcomesOf(results), gaps: results.gaps, samples: results };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function outcomesOf(results: Results): Outcome[] {
  return comparisons.flatMap((comparison) => outcomeOf(comparison, results) ?? []);
}

function gapLine({ what, reason }: { what: string; reason: string }): string {
  return `- ${what}: ${reason.replace(/\s*\n\s*/g, ' ')}${/[.!?]$/.test(reason) ? '' : '.'}`;
}
