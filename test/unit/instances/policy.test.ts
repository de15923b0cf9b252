import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  chooseAhead,
  decide,
  handedAhead,
  mayBeFreed,
  noteHandlerTime,
  provisionedMissing,
  sparesMissing,
  staysAfterAnswer,
  type HandlerTimes,
  type SlotView,
} from '../../../runtime/instances/policy.ts';
import { defaultProcess } from '../../../runtime/model/functionDefinition.ts';

/** `i` idle, `b` busy, `l` loading, `p` prewarmed, `s` starting, `x` stopping, `e` busy and ending; upper case: with the code of before. */
function slots(text: string): SlotView[] {
  const phases: Record<string, SlotView['phase']> = {
    i: 'idle',
    b: 'busy',
    l: 'loading',
    p: 'prewarmed',
    s: 'starting',
    x: 'stopping',
    e: 'busy',
  };
  return [...text].map((letter) => ({
    phase: phases[letter.toLowerCase()]!,
    current: letter === letter.toLowerCase(),
    inFlight: 'be'.includes(letter.toLowerCase()) ? 1 : 0,
    ending: letter === 'e',
  }));
}

const several = { ...defaultProcess, maxInstances: 3, concurrency: 2 };
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
  ['one that is loading and takes several', 'l', several, undefined, { action: 'wait' }],
  ['none that is ending, whatever room it has', 'e', several, undefined, { action: 'cold' }],
  ['one of its own while another loads', 'l', resident, undefined, { action: 'cold' }],
  ['one that is loading only unasked', 'l', several, 'cold', { action: 'cold' }],
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

/** What the pool has seen after some calls that took equally long. */
function timesOf(calls: number, us: number): HandlerTimes {
  const times = { calls: 0, meanUs: 0 };
  for (let call = 0; call < calls; call++) noteHandlerTime(times, us);
  return times;
}

describe('handler times', () => {
  it('approach what calls take of late', () => {
    assert.ok(Math.abs(timesOf(200, 400).meanUs - 400) < 1);
    const times = timesOf(200, 400);
    for (let call = 0; call < 200; call++) noteHandlerTime(times, 3000);
    assert.ok(Math.abs(times.meanUs - 3000) < 1);
    assert.equal(times.calls, 400);
  });

  it('are not spoilt by one hiccup, however long', () => {
    const times = timesOf(200, 100);
    noteHandlerTime(times, 60_000_000);
    assert.ok(times.meanUs < 1500, String(times.meanUs));
  });
});

describe('handing events ahead', () => {
  const ahead = (calls: number, us: number, settings = resident) =>
    handedAhead({ calls, meanUs: us }, settings);

  it('is for functions that have proved to be quick', () => {
    assert.deepEqual(ahead(31, 10), { freely: 0, most: 0 });
    assert.deepEqual(ahead(32, 10), { freely: 16, most: 16 });
    assert.deepEqual(ahead(1000, 1499), { freely: 0, most: 16 });
    assert.deepEqual(ahead(1000, 1500), { freely: 0, most: 0 });
  });

  it('is not for processes that serve once', () => {
    assert.deepEqual(ahead(1000, 10, ephemeral), { freely: 0, most: 0 });
  });

  it('goes freely as far as waiting is cheaper than waking another process', () => {
    assert.deepEqual(ahead(1000, 0), { freely: 16, most: 16 });
    assert.deepEqual(ahead(1000, 100), { freely: 5, most: 16 });
    assert.deepEqual(ahead(1000, 500), { freely: 1, most: 16 });
    assert.deepEqual(ahead(1000, 501), { freely: 0, most: 16 });
  });

  const busy = (...inFlight: number[]): SlotView[] =>
    inFlight.map((count) => ({ phase: 'busy', current: true, inFlight: count, ending: false }));

  it('chooses the fullest that has room', () => {
    assert.equal(chooseAhead(busy(1, 3, 2), resident, 16), 1);
    assert.equal(chooseAhead(busy(1, 3, 2), resident, 2), 2);
    assert.equal(chooseAhead(busy(3, 3), resident, 2), -1);
    assert.equal(chooseAhead(busy(1, 1), resident, 16), 0);
    assert.equal(chooseAhead([], resident, 16), -1);
  });

  it('counts from the invocations that an instance handles at the same time', () => {
    assert.equal(chooseAhead(busy(5), { ...resident, concurrency: 4 }, 1), -1);
    assert.equal(chooseAhead(busy(4), { ...resident, concurrency: 4 }, 1), 0);
  });

  it('passes by what is idle, loads, has other code or turned out to be slow', () => {
    assert.equal(chooseAhead(slots('ilpsxeB'), resident, 16), -1);
    assert.equal(chooseAhead([{ ...busy(1)[0]!, slow: true }, ...busy(1)], resident, 16), 1);
  });
});

describe('provisioned instances', () => {
  const provisioned = { ...resident, maxInstances: 5, minInstances: 2 };

  it('are missing until enough hold code; spares and the dying do not', () => {
    assert.equal(provisionedMissing(slots(''), provisioned), 2);
    assert.equal(provisionedMissing(slots('psx'), provisioned), 2);
    assert.equal(provisionedMissing(slots('l'), provisioned), 1);
    assert.equal(provisionedMissing(slots('ib'), provisioned), 0);
    assert.equal(provisionedMissing(slots('ibb'), provisioned), 0);
  });

  it('are within the most instances there may be, and residents', () => {
    assert.equal(provisionedMissing(slots(''), { ...provisioned, maxInstances: 1 }), 1);
    assert.equal(provisionedMissing(slots(''), { ...provisioned, model: 'ephemeral' }), 0);
  });

  it('are not freed, those beyond them are', () => {
    assert.equal(mayBeFreed(slots('ii'), provisioned), false);
    assert.equal(mayBeFreed(slots('iii'), provisioned), true);
    assert.equal(mayBeFreed(slots('iip'), provisioned), false);
    assert.equal(mayBeFreed(slots('i'), resident), true);
  });
});
