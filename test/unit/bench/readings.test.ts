import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAutocannon } from '../../bench/load/autocannon.ts';
import { parseWrkOutput, wrkScript } from '../../bench/load/wrk.ts';
import { parsePss, parseStat } from '../../bench/processes/usage.ts';
import { answerOf, heavySource, helloSource, lambdaShape } from '../../bench/workload/sources.ts';

test('processor time is read past a name that looks like fields', () => {
  const after = 'S 1 10 10 0 -1 4194560 900 50 0 0 7 5 3 2 20 0 1 0 100 0 0';
  assert.equal(parseStat(`42 (node) 9 (x) ${after}`), 17);
});

test('the proportional set size is read, and nothing else that begins alike', () => {
  const text = 'Rss:  9000 kB\nPss:               1234 kB\nPss_Dirty:          77 kB\n';
  assert.equal(parsePss(text), 1234);
  assert.equal(parsePss(''), 0);
});

test('a script for wrk carries any body', () => {
  const script = wrkScript({ url: 'http://x/', method: 'POST', body: '{"a":"ü\\n"}' });
  assert.match(script, /^wrk\.method = "POST"$/m);
  assert.ok(script.includes('wrk.body = "{\\034a\\034:\\034\\195\\188\\092n\\034}"'), script);
  assert.ok(!wrkScript({ url: 'http://x/', method: 'GET' }).includes('wrk.body'));
});

test('what wrk measured is read in milliseconds and per second', () => {
  const output = 'Running 2s test\n\nRESULT {"requests":3000,"us":2000000,"p50":120,"p99":4500,"errors":2}\n';
  assert.deepEqual(parseWrkOutput(output), {
    requests: 3000,
    perSecond: 1500,
    p50: 0.12,
    p99: 4.5,
    errors: 2,
  });
  assert.throws(() => parseWrkOutput('unable to connect'), /no result: unable to connect/);
});

test('what autocannon measured is read from among its other lines', () => {
  const result = {
    requests: { total: 500 },
    duration: 2,
    latency: { p50: 3, p99: 9 },
    errors: 1,
    timeouts: 1,
    non2xx: 4,
  };
  assert.deepEqual(parseAutocannon(`note\n${JSON.stringify(result)}\n`), {
    requests: 500,
    perSecond: 250,
    p50: 3,
    p99: 9,
    errors: 5,
  });
  assert.throws(() => parseAutocannon('nothing'), /no result/);
});

test('a version answers with a text of its own', () => {
  assert.notEqual(answerOf(1), answerOf(11));
  assert.ok(!answerOf(11).includes(answerOf(1)));
  for (const source of [helloSource, heavySource]) assert.ok(source(lambdaShape, 7).includes(answerOf(7)));
});
