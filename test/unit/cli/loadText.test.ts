import assert from 'node:assert/strict';
import test from 'node:test';
import { loadText } from '../../../runtime/cli/loadText.ts';
import type { LoadResult } from '../../../runtime/model/load.ts';

const plain = (_style: string, text: string): string => text;
const times = { count: 10, minMs: 1, p50Ms: 2, p95Ms: 3, p99Ms: 4, maxMs: 120 };
const result: LoadResult = {
  function: 'hello',
  shape: { invocations: 10, concurrency: 2 },
  cancelled: false,
  sent: 10,
  elapsedMs: 500,
  throughput: 20,
  lateMs: 0,
  statuses: { ok: 10 },
  times,
  starts: { cold: { ...times, count: 1 }, warm: { ...times, count: 9 } },
  instances: { served: 1, most: 2 },
};

test('a load is summed up in a few lines and a table', () => {
  assert.equal(
    loadText(result, plain),
    `hello · 10 calls, as fast as possible, up to 2 at a time
10 ok in 0.50 s: 20.0 per second
1 instance served, at most 2 lived at a time

START         CALLS     SHARE       P50       P95       P99       MAX
cold              1    10.0 %   2.00 ms   3.00 ms   4.00 ms    120 ms
warm              9    90.0 %   2.00 ms   3.00 ms   4.00 ms    120 ms
all              10   100.0 %   2.00 ms   3.00 ms   4.00 ms    120 ms
`,
  );
});

test('a rate that was missed, a cancelled load and the first failure are said', () => {
  const { times: _, ...untimed } = result;
  const text = loadText(
    {
      ...untimed,
      shape: { invocations: 50, concurrency: 1, rate: 100 },
      cancelled: true,
      lateMs: 800,
      statuses: { ok: 3, throttled: 7 },
      starts: {},
      error: { type: 'TypeError', message: 'no name' },
    },
    plain,
  );
  assert.match(text, /10 calls, 100 per second/);
  assert.match(text, /^Cancelled after 10 of 50 calls\.$/m);
  assert.match(text, /^3 ok, 7 throttled in /m);
  assert.match(text, /calls began up to 800 ms late\. A higher --concurrency/);
  assert.match(text, /^First failure: TypeError: no name$/m);
  assert.doesNotMatch(text, /START/);
});
