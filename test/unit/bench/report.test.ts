import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subject } from '../../bench/hosts/subject.ts';
import { comparisons, outcomeOf, type Comparison } from '../../bench/report/comparisons.ts';
import { hostTable } from '../../bench/report/hostTable.ts';
import type { Machine } from '../../bench/report/machine.ts';
import { jsonOf, markdownOf, type Run } from '../../bench/report/report.ts';
import { Results } from '../../bench/report/results.ts';
import { numberText, renderTable, summaryText } from '../../bench/report/table.ts';
import { targetText, verdict } from '../../bench/report/verdict.ts';

test('a verdict says met, or by how much of the bound it is missed', () => {
  const cases: [number | undefined, Parameters<typeof verdict>[1], string][] = [
    [2.5, { atMost: 2.5 }, 'met'],
    [3.1, { atMost: 2.5 }, 'missed by 24 %'],
    [2.51, { atMost: 2.5 }, 'missed by 0.4 %'],
    [2.50001, { atMost: 2.5 }, 'missed by 0.1 %'],
    [0.5, { atLeast: 0.5 }, 'met'],
    [0.4, { atLeast: 0.5 }, 'missed by 20 %'],
    [undefined, { atMost: 1 }, 'not measured'],
    [3, undefined, ''],
  ];
  for (const [value, target, text] of cases) assert.equal(verdict(value, target), text);
  assert.equal(targetText({ atMost: 2.5 }, '×'), '≤ 2.5 ×');
  assert.equal(targetText({ atLeast: 0.5 }, '×'), '≥ 0.5 ×');
});

test('numbers keep about three digits', () => {
  const texts = [0.0456, 1.234, 12.34, 123.4, 71_026.4, 1_234_567, 3, 0].map(numberText);
  assert.deepEqual(texts, ['0.046', '1.23', '12.3', '123', '71 026', '1 234 567', '3', '0']);
  assert.equal(summaryText({ median: 181.4, minimum: 177 }), '181 (177)');
  assert.equal(summaryText(undefined), '–');
});

test('a table is Markdown with its columns in line', () => {
  const text = renderTable({
    heads: ['host', '×'],
    rows: [['a | b', '2.5'], ['longer name'], ['two\nlines', '≤ 1']],
  });
  assert.equal(
    text,
    [
      '| host        | ×   |',
      '| ----------- | --: |',
      '| a \\| b      | 2.5 |',
      '| longer name |     |',
      '| two lines   | ≤ 1 |',
    ].join('\n'),
  );
});

const times: Comparison = {
  title: 'Warm',
  unit: 'ms',
  figure: { subject: 'porchlight', measure: 'p50' },
  against: { title: 'bare', figure: { subject: 'bare', measure: 'p50' } },
  target: { atMost: 2.5 },
};

test('a comparison is judged by its ratio, or by its value when there is nothing to compare with', () => {
  const results = new Results();
  assert.equal(outcomeOf(times, results), undefined);
  results.add(times.figure, 0, 4);
  assert.equal(outcomeOf(times, results)?.verdict, 'not measured');
  results.add(times.against!.figure, 0, 2);
  assert.deepEqual(outcomeOf(times, results), {
    title: 'Warm',
    unit: 'ms',
    value: 4,
    minimum: 4,
    reference: { title: 'bare', value: 2 },
    ratio: 2,
    target: '≤ 2.5 ×',
    verdict: 'met',
  });
  const { against: _, ...alone } = times;
  const outcome = outcomeOf(alone, results);
  assert.deepEqual([outcome?.target, outcome?.verdict], ['≤ 2.5 ms', 'missed by 60 %']);
});

test('samples of later rounds stand in their round, and nothing is added for what is not known', () => {
  const results = new Results();
  results.add(times.figure, 2, 7);
  results.add(times.figure, 2, undefined);
  assert.deepEqual(results.series(times.figure), [[], [], [7]]);
  results.miss('peer', 'first reason');
  results.miss('peer', 'second reason');
  assert.deepEqual(results.gaps, [{ what: 'peer', reason: 'first reason' }]);
});

test('no two comparisons have the same title', () => {
  assert.equal(new Set(comparisons.map(({ title }) => title)).size, comparisons.length);
});

function subject(id: string, more: Partial<Subject> = {}): Subject {
  const never = (): never => assert.fail('a report starts nothing');
  return { id, title: id, parts: [], functions: [], prepare: never, source: never, launch: never, ...more };
}

const subjects = [
  subject('node-http', { oneFunction: true }),
  subject('porchlight'),
  subject('other', { versions: 'serverless 3.40.0, serverless-offline 13.10.1', note: 'no isolation' }),
  subject('silent'),
];

function someResults(): Results {
  const results = new Results();
  results.add({ subject: 'node-http', measure: 'start' }, 0, 50);
  results.add({ subject: 'node-http', measure: 'heavy' }, 0, 150);
  results.add({ subject: 'porchlight', measure: 'start' }, 0, 100);
  results.add({ subject: 'other', measure: 'start' }, 0, 250);
  return results;
}

test('the table of hosts has the columns and the rows in which something was measured', () => {
  assert.deepEqual(hostTable(subjects, someResults()), {
    heads: ['host', 'start to first hello, ms', '× Porchlight', 'first heavy, ms'],
    rows: [
      ['node-http', '50 (50)', '0.500', '150 (150) ¹'],
      ['porchlight', '100 (100)', '1', '–'],
      ['other (3.40.0, 13.10.1)', '250 (250)', '2.50', '–'],
    ],
  });
});

const machine: Machine = {
  date: '2026-11-26',
  processor: 'Some CPU',
  cores: 2,
  memoryGB: 24,
  system: 'Linux 6.18',
  node: '24.1.0',
  load: { before: 0.5, after: 1.25 },
};

function run(results: Results): Run {
  return {
    machine,
    porchlight: '0.1.0',
    loadGenerator: 'wrk 4.1.0',
    rounds: 2,
    parts: ['start'],
    subjects,
    results,
    unreachable: [{ title: 'SAM', reason: 'it needs Docker' }],
  };
}

test('a report names machine, tools, gaps and what cannot be had', () => {
  const results = someResults();
  results.miss('broken peer', 'npm install failed:\n no compiler');
  const text = markdownOf(run(results));
  assert.match(
    text,
    /^2026-11-26, Some CPU, 2 cores, 24 GB, Linux 6.18, Node.js 24.1.0 .*load 0.5 before, 1.3 after\./,
  );
  assert.match(text, /Load: wrk 4.1.0/);
  assert.match(text, /^2 rounds;/m);
  assert.match(text, /^- broken peer: npm install failed: no compiler\.$/m);
  assert.match(text, /^- SAM: it needs Docker\.$/m);
  assert.match(text, /^other: no isolation\.$/m);
});

test('the report for programs holds outcomes and every sample', () => {
  const results = someResults();
  results.add({ subject: 'porchlight', measure: 'edit.hello' }, 1, 30);
  const value = JSON.parse(jsonOf(run(results)));
  assert.deepEqual(value.samples['porchlight edit.hello'], [[], [30]]);
  assert.deepEqual(
    value.outcomes.map((outcome: { title: string; verdict: string }) => [outcome.title, outcome.verdict]),
    [['Edit to effect, saved in the editor: hello', 'missed by 20 %']],
  );
  assert.equal(value.machine.processor, 'Some CPU');
  assert.equal(value.hosts.length, subjects.length);
});
