import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Looks } from '../../../runtime/deploy/looks.ts';
import { MadeVersions } from '../../../runtime/deploy/madeVersions.ts';

describe('versions that a deploy made', () => {
  const fails = () => Promise.reject(new Error('no answer'));

  it('are not taken back once they may serve', async () => {
    const made = new MadeVersions();
    for (const [served, kept] of [
      [() => Promise.resolve(true), undefined],
      [() => Promise.resolve(false), true],
      [fails, undefined],
    ] as const) {
      made.add('hello', '2', true);
      await assert.rejects(made.serve('hello', '2', fails, served), /no answer/);
      assert.equal(made.take('hello', '2'), kept);
    }
    made.add('hello', '2', true);
    assert.equal(await made.serve('hello', '2', () => Promise.resolve('note'), fails), 'note');
    assert.equal(made.take('hello', '2'), undefined);
  });

  it('leave others alone', async () => {
    const made = new MadeVersions<string>();
    made.add('hello', '1', 'how');
    await assert.rejects(made.serve('hello', '2', fails, () => Promise.resolve(false)));
    assert.equal(made.take('hello', '2'), undefined, 'it was not made here');
    assert.equal(made.take('hello', '1'), 'how');
    assert.equal(made.take('hello', '1'), undefined, 'once');
  });
});

it('looks once, again after a change, and again after a failure', async () => {
  let looks = 0;
  const known = new Looks((name) =>
    ++looks === 1 ? Promise.reject(new Error(name)) : Promise.resolve(looks),
  );
  await assert.rejects(known.of('hello'), /hello/);
  assert.deepEqual([await known.of('hello'), await known.of('hello'), await known.of('other')], [2, 2, 3]);
  known.forget('hello');
  assert.equal(await known.of('hello'), 4);
});
