import assert from 'node:assert/strict';
import { recordLimits } from '../../../runtime/model/invocationRecord.ts';
import type { Expectation, Row } from '../row.ts';

/** What is kept of a flood is bounded. */
const bounded: NonNullable<Expectation['check']> = ({ logs, logsDropped }) => {
  const printed = logs.filter(({ stream }) => stream !== 'platform');
  assert.ok(printed.length <= recordLimits.logEntries, `${printed.length} entries`);
  assert.ok(printed.every(({ text }) => text.length <= recordLimits.logTextBytes));
  const told = printed.length + logsDropped;
  assert.ok(told >= 100, `${printed.length} entries and ${logsDropped} left out`);
};

/** What functions print, where, and how much. */
export const output: Row[] = [
  {
    name: 'logs',
    module: 'output',
    everyForm: true,
    body: /done/,
    logs: [
      { stream: 'stdout', level: 'info', text: 'row 1 { a: 1 }', at: 'log' },
      { stream: 'stdout', level: 'info', text: 'info', at: 'info' },
      { stream: 'stdout', level: 'debug', text: 'debug', at: 'debug' },
      { stream: 'stderr', level: 'warn', text: 'careful', at: 'warn' },
      { stream: 'stderr', level: 'error', text: 'bad\nand worse', at: 'error' },
      { stream: 'stdout', level: 'info', text: 'no line break' },
      { stream: 'stderr', level: 'error', text: 'to stderr' },
      { stream: 'stdout', level: 'info', text: 'and a rest' },
    ],
  },
  {
    name: 'prints-natively',
    module: 'output',
    body: /done/,
    logsInclude: [
      { stream: 'stdout', level: 'info', text: 'from a child' },
      { stream: 'stdout', level: 'info', text: 'from a descriptor' },
    ],
  },
  {
    name: 'prints-frames',
    module: 'output',
    body: /real/,
    logsInclude: [
      { stream: 'stdout', level: 'info', text: /forged/ },
      { stream: 'stderr', level: 'error', text: /forged/ },
    ],
  },
  {
    name: 'floods-lines',
    module: 'output',
    event: { megabytes: 100 },
    body: /done/,
    check: (record, tested, body) => {
      assert.ok(record.logsDropped > 50_000, `${record.logsDropped} left out`);
      // A full record; what ends it comes on top.
      const started = record.logs.findIndex(({ stream }) => stream !== 'platform');
      const printed = record.logs.filter(({ stream }) => stream !== 'platform');
      assert.equal(started + printed.length, recordLimits.logEntries);
      return bounded(record, tested, body);
    },
  },
  {
    name: 'floods-one-line',
    module: 'output',
    event: { megabytes: 50 },
    body: /done/,
    check: bounded,
  },
  {
    name: 'floods-one-line-natively',
    module: 'output',
    event: { megabytes: 50 },
    body: /done/,
    check: bounded,
  },
  {
    name: 'closes-output',
    module: 'output',
    body: /done/,
    logsInclude: [{ stream: 'stdout', level: 'info', text: 'still told' }],
  },
];
