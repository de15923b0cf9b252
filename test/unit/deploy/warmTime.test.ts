import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verification } from '../../../runtime/deploy/target.ts';
import { withWarmTime } from '../../../runtime/deploy/warmTime.ts';

const ok = (durationMs: number): Verification => ({ answered: true, status: 'ok', durationMs });

function inTurn(...answers: (Verification | Error)[]) {
  const left = [...answers];
  const invoke = (): Promise<Verification> => {
    const next = left.shift()!;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  return { invoke, left };
}

test('what answered is invoked once more, to be measured', async () => {
  assert.deepEqual(await withWarmTime(inTurn(ok(80), ok(3)).invoke), { ...ok(80), warmMs: 3 });
});

test('whatever comes of the second call decides nothing', async () => {
  const bad: Verification = { answered: false, status: 'error', durationMs: 1 };
  for (const second of [bad, new Error('gone')])
    assert.deepEqual(await withWarmTime(inTurn(ok(80), second).invoke), ok(80));
  assert.deepEqual(await withWarmTime(inTurn(ok(80), ok(70)).invoke, () => false), ok(80));
});

test('what did not answer is not asked again', async () => {
  const { invoke, left } = inTurn({ answered: true, status: 'error', durationMs: 1 }, ok(1));
  assert.equal((await withWarmTime(invoke)).status, 'error');
  assert.equal(left.length, 1);
  await assert.rejects(withWarmTime(inTurn(new Error('away')).invoke), /away/);
});
