import type { Subject } from '../hosts/subject.ts';
import type { Results } from './results.ts';
import { ratio, summarize } from './statistics.ts';
import { numberText, summaryText, type Table } from './table.ts';

/** All hosts of a run side by side. Columns without any figure are left out. */
export function hostTable(subjects: readonly Subject[], results: Results): Table {
  const columns = columnsOf(results);
  const rows = subjects.map((subject) => columns.map(({ text }) => text(subject)));
  const filled = columns.map((_, column) => rows.some((row) => row[column] !== '–'));
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_, column) => filled[column]);
  const named = rows.map((row, index) => [nameOf(subjects[index]!), ...keep(row)]);
  return {
    heads: ['host', ...keep(columns.map(({ head }) => head))],
    rows: named.filter((row) => row.slice(1).some((cell) => cell !== '–')),
  };
}

function nameOf({ title, versions }: Subject): string {
  const numbers = versions?.match(/\d+\.\d+\.\d+\S*/g)?.map((text) => text.replace(/,$/, ''));
  return numbers ? `${title} (${numbers.join(', ')})` : title;
}

interface Column {
  head: string;
  text(subject: Subject): string;
}

function columnsOf(results: Results): Column[] {
  const series = (subject: string, measure: string) => results.series({ subject, measure });
  const plain = (head: string, measure: string): Column => ({
    head,
    text: ({ id }) => summaryText(summarize(series(id, measure))),
  });
  const times = (head: string, measure: string, reference: string): Column => ({
    head,
    text: ({ id }) => {
      const value = ratio(series(id, measure), series(reference, measure));
      return value === undefined ? '–' : numberText(value);
    },
  });
  const memory = (head: string, when: 'idle' | 'after'): Column => ({
    head,
    text: ({ id }) => {
      const used = summarize(series(id, `memory.${when}`));
      const processes = summarize(series(id, `processes.${when}`));
      return used && processes ? `${numberText(used.median)} (${Math.round(processes.median)})` : '–';
    },
  });
  return [
    plain('start to first hello, ms', 'start'),
    times('× Porchlight', 'start', 'porchlight'),
    {
      head: 'first heavy, ms',
      text: ({ id, oneFunction }) => {
        const summary = summarize(series(id, 'heavy'));
        return summary && oneFunction ? `${summaryText(summary)} ¹` : summaryText(summary);
      },
    },
    plain('warm p50, ms', 'p50'),
    plain('p99, ms', 'p99'),
    plain('processor per call, µs', 'cpu'),
    plain('calls/s at 50 connections', 'perSecond'),
    times('× node:http', 'perSecond', 'node-http'),
    memory('memory at rest, MB (processes)', 'idle'),
    memory('… after 50 connections', 'after'),
    plain('edit to effect hello, ms', 'edit.hello'),
    plain('… heavy, ms', 'edit.heavy'),
  ];
}

/** What the mark in the table means, if it is there, and what else to know of its rows. */
export function hostNotes(subjects: readonly Subject[], { rows }: Table): string[] {
  const marked = rows.some((row) => row.some((cell) => cell.endsWith('¹')));
  const notes = subjects.flatMap(({ title, note }) => (note === undefined ? [] : [`${title}: ${note}.`]));
  return [...(marked ? ['¹ From the start of its process: it serves one function.'] : []), ...notes];
}
