import type { LoadResult, LoadTimes } from '../model/load.ts';
import { milliseconds } from '../model/units.ts';
import { table, type painter } from './terminal.ts';

type Paint = ReturnType<typeof painter>;

/** A rate that was missed by less than this is a matter of timers. */
const noticeableMs = 50;

/** What came of a load, as text. */
export function loadText(result: LoadResult, paint: Paint): string {
  const { function: name, sent, shape, elapsedMs, throughput, statuses, instances, error } = result;
  const pace = shape.rate === undefined ? 'as fast as possible' : `${shape.rate} per second`;
  const title = `${name} · ${sent} calls, ${pace}, up to ${shape.concurrency} at a time\n`;
  const seconds = (elapsedMs / 1000).toFixed(2);
  const counts = Object.entries(statuses).map(([status, count]) =>
    status === 'ok' ? `${count} ok` : paint('red', `${count} ${status}`),
  );
  const served = instances.served === 1 ? '1 instance' : `${instances.served} instances`;
  return [
    paint('bold', title),
    ...(result.cancelled
      ? [paint('yellow', `Cancelled after ${sent} of ${shape.invocations} calls.\n`)]
      : []),
    `${counts.join(', ') || 'no answer'} in ${seconds} s: ${throughput.toFixed(1)} per second\n`,
    `${served} served, at most ${instances.most} lived at a time\n`,
    ...(result.times ? [`\n${timesTable(result, result.times, paint)}`] : []),
    ...(result.lateMs >= noticeableMs
      ? [
          paint(
            'yellow',
            `\nThe rate was not reached: calls began up to ${milliseconds(result.lateMs)} late. A higher --concurrency lets more be under way.\n`,
          ),
        ]
      : []),
    ...(error ? [paint('red', `\nFirst failure: ${error.type}: ${error.message}\n`)] : []),
  ].join('');
}

function timesTable({ starts }: LoadResult, all: LoadTimes, paint: Paint): string {
  const kinds = (['cold', 'prewarmed', 'warm'] as const).flatMap((kind) => {
    const times = starts[kind];
    return times ? [row(kind, times, all.count)] : [];
  });
  const head = ['START', ...['CALLS', 'SHARE', 'P50', 'P95', 'P99', 'MAX'].map((text) => text.padStart(8))];
  const [first, ...rest] = table([head, ...kinds, row('all', all, all.count)]).split('\n');
  return [paint('dim', first!), ...rest].join('\n');
}

function row(name: string, times: LoadTimes, all: number): string[] {
  const { count, p50Ms, p95Ms, p99Ms, maxMs } = times;
  return [
    name.padEnd(9),
    ...[
      String(count),
      `${((count / all) * 100).toFixed(1)} %`,
      ...[p50Ms, p95Ms, p99Ms, maxMs].map(milliseconds),
    ].map((text) => text.padStart(8)),
  ];
}
