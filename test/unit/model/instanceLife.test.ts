import assert from 'node:assert/strict';
import test from 'node:test';
import { InstanceLives, lifeLimits, type InstanceEvent } from '../../../runtime/model/instanceLife.ts';

const born = (sequence: number, at = sequence): InstanceEvent => ({
  kind: 'born',
  at,
  instance: `hello#${sequence}`,
  function: 'hello',
  sequence,
  pid: 100 + sequence,
});

test('a life is told from birth to death', () => {
  const lives = new InstanceLives();
  const instance = 'hello#1';
  for (const event of [
    born(1, 10),
    { kind: 'booted', at: 30, instance },
    { kind: 'frozen', at: 50, instance },
    { kind: 'thawed', at: 60, instance },
    { kind: 'memory', at: 61, instance, memoryMB: 40.5 },
    { kind: 'frozen', at: 70, instance },
    { kind: 'ended', at: 90, instance, pid: 101, reason: 'idle time-out' },
  ] satisfies InstanceEvent[])
    lives.apply(event);
  assert.deepEqual(lives.all, [
    {
      id: 'hello#1',
      function: 'hello',
      sequence: 1,
      pid: 101,
      bornAt: 10,
      bootedAt: 30,
      frozen: [
        { from: 50, until: 60 },
        { from: 70, until: 90 },
      ],
      memory: [{ at: 61, memoryMB: 40.5 }],
      endedAt: 90,
      reason: 'idle time-out',
    },
  ]);
});

test('an event of an instance nobody told of is nothing', () => {
  const lives = new InstanceLives();
  assert.equal(lives.apply({ kind: 'frozen', at: 1, instance: 'x#1' }), undefined);
  assert.deepEqual(lives.all, []);
});

test('the dead are forgotten first, and what is kept of each is bounded', () => {
  const lives = new InstanceLives();
  lives.apply(born(0));
  lives.apply(born(1));
  lives.apply({ kind: 'ended', at: 5, instance: 'hello#1', pid: 101, reason: 'x' });
  for (let sequence = 2; sequence <= lifeLimits.lives; sequence++) lives.apply(born(sequence));
  assert.equal(lives.get('hello#1'), undefined);
  assert.ok(lives.get('hello#0'));
  for (let at = 0; at < lifeLimits.memory + 5; at++)
    lives.apply({ kind: 'memory', at, instance: 'hello#0', memoryMB: 1 });
  assert.equal(lives.get('hello#0')?.memory.length, lifeLimits.memory);
  assert.equal(lives.get('hello#0')?.memory[0]?.at, 5);
});
