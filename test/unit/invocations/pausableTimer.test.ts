import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeldTime } from '../../../runtime/invocations/heldTime.ts';
import { startPausableTimer } from '../../../runtime/invocations/pausableTimer.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeDebugger } from '../../support/fakeDebugger.ts';

/** The time of an invocation on an instance with a debugger. */
function debugged(clock: FakeClock) {
  const attached = new FakeDebugger(clock);
  const held = new HeldTime(clock);
  held.follow(attached);
  return { attached, held };
}

describe('a time-out', () => {
  it('without a debugger is a timer', () => {
    const clock = new FakeClock();
    let fired = 0;
    startPausableTimer(1000, clock, { held: new HeldTime(clock) }, () => fired++);
    clock.advance(999);
    assert.equal(fired, 0);
    clock.advance(1);
    assert.equal(fired, 1);
  });

  it('does not count the time stopped in the debugger', () => {
    const clock = new FakeClock();
    const { attached, held } = debugged(clock);
    let fired = 0;
    startPausableTimer(1000, clock, { held }, () => fired++);
    clock.advance(400);
    attached.pause();
    clock.advance(10_000);
    attached.resume();
    clock.advance(300);
    attached.pause();
    clock.advance(3_000);
    assert.equal(fired, 0);
    attached.resume();
    clock.advance(299);
    assert.equal(fired, 0);
    clock.advance(2);
    assert.equal(fired, 1);
  });

  it('that was cancelled stays silent, also after a resume', () => {
    const clock = new FakeClock();
    const { attached, held } = debugged(clock);
    const cancel = startPausableTimer(1000, clock, { held }, () => assert.fail('fired'));
    attached.pause();
    clock.advance(5000);
    cancel();
    attached.resume();
    clock.advance(5000);
  });
});

describe('the time-out of a call', () => {
  it('counts from when it was begun, not from when it was handed over', () => {
    const clock = new FakeClock();
    const begun: { us?: number } = {};
    let fired = 0;
    startPausableTimer(1000, clock, { held: new HeldTime(clock), sinceUs: () => begun.us }, () => fired++);
    clock.advance(5000);
    assert.equal(fired, 0, 'it waits behind others');
    begun.us = clock.nowUs();
    clock.advance(999);
    assert.equal(fired, 0);
    clock.advance(1);
    assert.equal(fired, 1);
    clock.advance(10_000);
    assert.equal(fired, 1);
  });

  it('is that of a timer when it was begun at once', () => {
    const clock = new FakeClock();
    const since = clock.nowUs();
    let fired = 0;
    startPausableTimer(1000, clock, { held: new HeldTime(clock), sinceUs: () => since }, () => fired++);
    clock.advance(999);
    assert.equal(fired, 0);
    clock.advance(1);
    assert.equal(fired, 1);
  });

  it('that was cancelled stays silent, also when it was armed anew', () => {
    const clock = new FakeClock();
    const cancel = startPausableTimer(
      1000,
      clock,
      { held: new HeldTime(clock), sinceUs: () => undefined },
      () => assert.fail('fired'),
    );
    clock.advance(3500);
    cancel();
    clock.advance(5000);
  });
});
