import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import type { DeliveryResult } from '../../../../runtime/triggers/source.ts';
import { DeliveryQueue } from '../../../../runtime/triggers/storage/deliveryQueue.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { settle } from '../../../support/fakeHosts.ts';

const event = (label: string) => ({ event: Buffer.of(), label, mode: 'async' as const });

test('hands over in order, fifty at a time, and waits while there is no room', async () => {
  const clock = new FakeClock();
  const taken: string[] = [];
  const refused: string[] = [];
  const ends: Deferred<DeliveryResult | undefined>[] = [];
  let full = false;
  const queue = new DeliveryQueue(
    clock,
    ({ label }) => {
      if (full) throw new PorchlightError('DELIVERY_REFUSED', { function: 'f', detail: 'full.' });
      if (label === 'bad') throw new PorchlightError('EVENT_TOO_LARGE', { bytes: 2, limit: 1 });
      taken.push(label);
      const first = new Deferred<DeliveryResult | undefined>();
      ends.push(first);
      return { first: first.promise, ended: new Promise(() => {}) };
    },
    ({ label }, error) => refused.push(`${label} ${(error as PorchlightError).code}`),
  );
  queue.add(event('bad'));
  for (let i = 0; i < 60; i++) queue.add(event(String(i)));
  assert.deepEqual(refused, ['bad EVENT_TOO_LARGE']);
  assert.equal(taken.length, 50);
  assert.equal(queue.length, 10);
  full = true;
  ends[0]!.resolve(undefined);
  await settle();
  assert.equal(queue.length, 10);
  full = false;
  clock.advance(500);
  assert.equal(taken.at(-1), '50');
  for (const end of ends.slice(1)) end.resolve(undefined);
  await settle();
  assert.equal(queue.length, 0);
  assert.deepEqual(
    taken,
    Array.from({ length: 60 }, (_, i) => String(i)),
  );
});

test('what is given up is not handed over later', async () => {
  const clock = new FakeClock();
  let calls = 0;
  const queue = new DeliveryQueue(
    clock,
    () => {
      calls++;
      throw new PorchlightError('DELIVERY_REFUSED', { function: 'f', detail: 'full.' });
    },
    () => {},
  );
  queue.add(event('a'));
  queue.clear();
  clock.advance(5000);
  await settle();
  assert.equal(calls, 1);
});
