import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Results } from '../../bench/report/results.ts';
import type { Measure } from '../../bench/run/measure.ts';
import { parseOptions, UsageError, usualParts } from '../../bench/run/options.ts';
import { prepareAll, runRounds, turn } from '../../bench/run/rounds.ts';

const known = ['alpha', 'beta', 'gamma'];

test('without options everything is measured three times, against every peer', () => {
  assert.deepEqual(parseOptions([], known), {
    parts: usualParts,
    rounds: 3,
    peers: known,
    quick: false,
    help: false,
  });
});

test('options and parts are read, parts in the usual order', () => {
  const words = [
    'edit',
    'start',
    '--rounds',
    '5',
    '--peers',
    'gamma, alpha',
    '--json',
    'a.json',
    '--markdown',
    'b.md',
  ];
  assert.deepEqual(parseOptions([...words, '--node', '/bin/node'], known), {
    parts: ['start', 'edit'],
    rounds: 5,
    peers: ['alpha', 'gamma'],
    quick: false,
    help: false,
    json: 'a.json',
    markdown: 'b.md',
    node: '/bin/node',
  });
  assert.equal(parseOptions(['--quick'], known).rounds, 1);
  assert.deepEqual(parseOptions(['--peers', 'none'], known).peers, []);
});

test('what is not known is refused by name', () => {
  const cases: [string[], RegExp][] = [
    [['colt'], /no part "colt"/],
    [['--peers', 'alpha,delta'], /no peer "delta".*alpha, beta, gamma/],
    [['--rounds', '0'], /from 1 to 100/],
    [['--rounds', '1.5'], /from 1 to 100/],
    [['--rounds', 'many'], /from 1 to 100/],
    [['--colour'], /--colour/],
  ];
  for (const [args, message] of cases) {
    assert.throws(
      () => parseOptions(args, known),
      (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

function measure(title: string, log: string[], fail: (round: number) => boolean = () => false): Measure {
  return {
    title,
    prepare: async () => {},
    round: async (round) => {
      log.push(`${round}${title}`);
      if (fail(round)) throw new Error(`${title} broke`);
    },
  };
}

test('each round begins with another measure', async () => {
  const log: string[] = [];
  const measures = ['a', 'b', 'c'].map((title) => measure(title, log));
  await runRounds(measures, { rounds: 3, results: new Results(), say: () => {} });
  assert.equal(log.join(' '), '0a 0b 0c 1b 1c 1a 2c 2a 2b');
  assert.deepEqual(turn([], 3), []);
});

test('a measure that fails once goes on, one that fails twice does not, and both are named', async () => {
  const log: string[] = [];
  const results = new Results();
  const measures = [measure('once', log, (round) => round === 0), measure('always', log, () => true)];
  await runRounds(measures, { rounds: 4, results, say: () => {} });
  assert.deepEqual(log.filter((entry) => entry.endsWith('once')).length, 4);
  assert.deepEqual(log.filter((entry) => entry.endsWith('always')).length, 2);
  assert.deepEqual(results.gaps, [
    { what: 'once', reason: 'once broke (round 1)' },
    { what: 'always', reason: 'always broke (round 1)' },
  ]);
});

test('what cannot be prepared is named and left out', async () => {
  const results = new Results();
  const said: string[] = [];
  const broken: Measure = {
    ...measure('broken', []),
    prepare: () => Promise.reject(new Error('no compiler')),
  };
  const fine = measure('fine', []);
  assert.deepEqual(await prepareAll([broken, fine], { results, say: (text) => said.push(text) }), [fine]);
  assert.deepEqual(results.gaps, [{ what: 'broken', reason: 'no compiler' }]);
  assert.deepEqual(said, ['broken: no compiler']);
});
