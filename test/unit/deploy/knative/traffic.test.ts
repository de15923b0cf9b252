import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnativeService, TrafficTarget } from '../../../../runtime/deploy/knative/objects.ts';
import {
  followsLatest,
  servingRevision,
  switched,
  withCandidate,
  withoutCandidate,
} from '../../../../runtime/deploy/knative/traffic.ts';

const service = (traffic: TrafficTarget[] | undefined, latest?: string): KnativeService => ({
  metadata: { name: 'hello' },
  spec: { template: { spec: { containers: [{}] } }, ...(traffic && { traffic }) },
  status: { latestReadyRevisionName: latest },
});
const to = (revisionName: string, percent: number, tag?: string): TrafficTarget => ({
  revisionName,
  percent,
  ...(tag !== undefined && { tag }),
});

test('a new revision is reached by its tag alone, and what serves is pinned', () => {
  assert.deepEqual(withCandidate(service([{ latestRevision: true, percent: 100 }], 'a'), 'b'), [
    to('a', 100),
    to('b', 0, 'next'),
  ]);
  assert.deepEqual(withCandidate(service(undefined, 'a'), 'b'), [to('a', 100), to('b', 0, 'next')]);
  const some = [to('a', 90), to('c', 10), to('a', 0, 'stable'), to('x', 0, 'next')];
  assert.deepEqual(withCandidate(service(some), 'b'), [...some.slice(0, 3), to('b', 0, 'next')]);
  // Interrupted before its first switch, it serves all the same.
  assert.deepEqual(withCandidate(service([to('a', 100, 'next')]), 'b'), [to('a', 100), to('b', 0, 'next')]);
  assert.deepEqual(withCandidate(service([{ latestRevision: true, percent: 100 }]), 'b'), [
    to('b', 100, 'next'),
  ]);
});

test('shares are 100 together, and tags of others stay', () => {
  const now = service([to('a', 100), to('b', 0, 'next'), to('a', 0, 'stable')]);
  assert.deepEqual(switched(now, 'b', 100), [to('b', 100), to('a', 0, 'stable')]);
  assert.deepEqual(switched(now, 'b', 10), [to('a', 90), to('b', 10), to('a', 0, 'stable')]);
  assert.deepEqual(switched(service([to('a', 90), to('b', 10)]), 'b', 100), [to('b', 100)]);
  assert.deepEqual(switched(service([to('a', 90), to('b', 10)]), 'a', 100), [to('a', 100)]);
  assert.deepEqual(switched(service([to('a', 100, 'next')]), 'a', 20), [to('a', 100)]);
  assert.deepEqual(switched(service([to('a', 100, 'mine'), to('b', 0, 'next')]), 'b', 50), [
    to('a', 50),
    to('b', 50),
    to('a', 0, 'mine'),
  ]);
  assert.deepEqual(withoutCandidate(now), [to('a', 100), to('a', 0, 'stable')]);
});

test('which revision serves', () => {
  assert.equal(servingRevision(service([to('a', 20), to('b', 80)])), 'b');
  assert.equal(servingRevision(service([{ latestRevision: true, percent: 100 }])), undefined);
  assert.equal(followsLatest(service(undefined)), true);
  assert.equal(followsLatest(service([to('a', 100)])), false);
});
