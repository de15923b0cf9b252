import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, sparesMissing, staysAfterAnswer, type SlotView } from '../../../runtime/instances/policy.ts';
import { defaultProcess } from '../../../runtime/model/functionDefinition.ts';

/** `i` idle, `b` busy, `l` loading, `p` prewarmed, `s` starting, `x` stopping; upper case: with the code of before. */
function slots(text: string): SlotView[] {
  const phases: Record<string, SlotView['phase']> = {
    i: 'idle',
    b: 'busy',
    l: 'loading',
    p: 'prewarmed',
    s: 'starting',
    x: 'stopping',
  };
  return [...text].map((letter) => ({
    phase: phases[letter.toLowerCase()]!,
    current: letter === letter.toLowerCase(),
    inFlight: letter.toLowerCase() === 'b' ? 1 : 0,
  }));
}

const resident = { ...defaultProcess, maxInstances: 3 };
const ephemeral = { ...resident, model: 'ephemeral' as const };

const rows: [
  name: string,
  view: string,
  settings: typeof resident,
  forced: 'cold' | 'prewarmed' | 'warm' | undefined,
  expected: object,
][] = [
  ['nothing there', '', resident, undefined, { action: 'cold' }],
  ['the most recently used idle one', 'iib', resident, undefined, { action: 'warm', slot: 1 }],
  ['no idle one with other code', 'I', resident, undefined, { action: 'cold' }],
  ['a spare before a new process', 'bp', resident, undefined, { action: 'prewarmed', slot: 1 }],
  ['an idle one before a spare', 'pi', resident, undefined, { action: 'warm', slot: 1 }],
  ['full: wait', 'bbb', resident, undefined, { action: 'wait' }],
  ['spares and the dying do not count', 'bbpx', resident, undefined, { action: 'prewarmed', slot: 2 }],
  ['what loads counts', 'bll', resident, undefined, { action: 'wait' }],
  ['ephemeral: never warm', 'i', ephemeral, undefined, { action: 'cold' }],
  ['ephemeral: a spare', 'p', ephemeral, undefined, { action: 'prewarmed', slot: 0 }],
  ['cold although warm is there', 'ip', resident, 'cold', { action: 'cold' }],
  ['prewarmed although warm is there', 'ip', resident, 'prewarmed', { action: 'prewarmed', slot: 1 }],
  ['warm of an ephemeral function that has one', 'i', ephemeral, 'warm', { action: 'warm', slot: 0 }],
  ['warm, when one is busy', 'b', resident, 'warm', { action: 'wait' }],
  ['warm, when none is there', 'p', resident, 'warm', { action: 'refuse', reason: 'noWarmInstance' }],
];

describe('the scheduling policy', () => {
  for (const [name, view, settings, forced, expected] of rows) {
    it(`takes ${name}`, () => assert.deepEqual(decide(slots(view), settings, 0, forced), expected));
  }

  it('makes room for a forced start when all instances are idle', () => {
    assert.deepEqual(decide(slots('iii'), resident, 0, 'cold'), { action: 'cold', evict: 0 });
    assert.deepEqual(decide(slots('bib'), resident, 0, 'cold'), { action: 'cold', evict: 1 });
    assert.deepEqual(decide(slots('bbb'), resident, 0, 'cold'), { action: 'wait' });
  });

  it('waits for spares that are being attached to a debugger, one call for each', () => {
    assert.deepEqual(decide(slots('s'), resident, 0, undefined, true), { action: 'wait' });
    assert.deepEqual(decide(slots('s'), resident, 1, undefined, true), { action: 'cold' });
    assert.deepEqual(decide(slots('s'), resident, 0, 'cold', true), { action: 'cold' });
    assert.deepEqual(decide(slots('s'), resident, 0, undefined, false), { action: 'cold' });
    assert.deepEqual(decide(slots('is'), resident, 0, undefined, true), { action: 'warm', slot: 0 });
  });

  it('refuses when the queue is full', () => {
    const { queue } = resident;
    assert.deepEqual(decide(slots('bbb'), resident, queue), { action: 'refuse', reason: 'throttled' });
    assert.deepEqual(decide(slots('bbb'), resident, queue - 1), { action: 'wait' });
    const unqueued = { ...resident, queue: 0 };
    assert.deepEqual(decide(slots('bbb'), unqueued, 0), { action: 'refuse', reason: 'throttled' });
  });

  it('keeps as many spares as settings or demand want, those on their way included', () => {
    assert.equal(sparesMissing(slots(''), resident, 0), 0);
    assert.equal(sparesMissing(slots('ib'), { ...resident, prewarm: 2 }, 0), 2);
    assert.equal(sparesMissing(slots('ps'), { ...resident, prewarm: 2 }, 1), 0);
    assert.equal(sparesMissing(slots('x'), resident, 1), 1);
  });

  it('keeps an instance that answered only if it is resident and has the code of now', () => {
    assert.equal(staysAfterAnswer({ current: true }, resident), true);
    assert.equal(staysAfterAnswer({ current: false }, resident), false);
    assert.equal(staysAfterAnswer({ current: true }, ephemeral), false);
  });
});
