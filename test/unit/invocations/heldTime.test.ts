import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeldTime } from '../../../runtime/invocations/heldTime.ts';
import { startPausableTimer } from '../../../runtime/invocations/pausableTimer.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeDebugger } from '../../support/fakeDebugger.ts';

describe('time that is held', () => {
  it('is counted once, however many hold it, and only between the times asked for', () => {
    const clock = new FakeClock();
    const held = new HeldTime(clock);
    const startUs = clock.nowUs();
    clock.advance(100);
    const one = held.hold();
    clock.advance(50);
    const other = held.hold();
    one();
    one();
    clock.advance(50);
    assert.equal(held.held, true);
    assert.equal(held.withinUs(startUs, clock.nowUs()), 100_000);
    other();
    clock.advance(100);
    assert.equal(held.held, false);
    assert.equal(held.withinUs(startUs, clock.nowUs()), 100_000);
    assert.equal(held.withinUs(startUs, startUs + 120_000), 20_000);
    assert.equal(held.withinUs(startUs + 180_000, clock.nowUs()), 20_000);
  });

  it('is also that of all callers that wait, and ends with the invocation', () => {
    const clock = new FakeClock();
    const first = new HeldTime(clock);
    const second = new HeldTime(clock, first);
    const third = new HeldTime(clock, second);
    third.hold();
    assert.deepEqual([first.held, second.held, third.held], [true, true, true]);
    third.end();
    assert.deepEqual([first.held, second.held, third.held], [false, false, false]);
    second.holdCallers();
    assert.deepEqual([first.held, second.held], [true, false]);
    second.end();
    assert.equal(first.held, false);
  });

  it('follows a debugger, also one that has it stopped already, until that leaves', () => {
    const clock = new FakeClock();
    const attached = new FakeDebugger(clock);
    attached.pause();
    const held = new HeldTime(clock);
    held.follow(attached);
    assert.equal(held.held, true);
    attached.resume();
    assert.equal(held.held, false);
    attached.pause();
    assert.equal(held.held, true);
    attached.detach();
    assert.equal(held.held, false);
  });
});

describe('the time-out of a caller', () => {
  it('does not run out while a function it waits for is stopped', () => {
    const clock = new FakeClock();
    const caller = new HeldTime(clock);
    const callee = new HeldTime(clock, caller);
    const attached = new FakeDebugger(clock);
    callee.follow(attached);
    let fired = 0;
    startPausableTimer(1000, clock, { held: caller }, () => fired++);
    clock.advance(400);
    attached.pause();
    clock.advance(60_000);
    attached.resume();
    clock.advance(599);
    assert.equal(fired, 0);
    clock.advance(2);
    assert.equal(fired, 1);
  });
});
