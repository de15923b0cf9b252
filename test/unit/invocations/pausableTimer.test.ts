import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttachedDebugger } from '../../../runtime/instances/debugPort.ts';
import { startCallTimer, startPausableTimer } from '../../../runtime/invocations/pausableTimer.ts';
import { Emitter } from '../../../runtime/support/emitter.ts';
import { FakeClock } from '../../support/fakeClock.ts';

class FakeDebugger implements AttachedDebugger {
  #clock: FakeClock;
  #sinceUs: number | undefined;
  #sumUs = 0;
  #resumed = new Emitter<unknown>();
  onDidPause = new Emitter<unknown>().event;
  onDidResume = this.#resumed.event;
  onDidDetach = new Emitter<unknown>().event;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get paused(): boolean {
    return this.#sinceUs !== undefined;
  }

  pausedUs(): number {
    return this.#sumUs + (this.#sinceUs === undefined ? 0 : this.#clock.nowUs() - this.#sinceUs);
  }

  pause(): void {
    this.#sinceUs = this.#clock.nowUs();
  }

  resume(): void {
    this.#sumUs = this.pausedUs();
    this.#sinceUs = undefined;
    this.#resumed.fire(undefined);
  }

  dispose(): void {}
}

describe('a time-out', () => {
  it('without a debugger is a timer', () => {
    const clock = new FakeClock();
    let fired = 0;
    startPausableTimer(1000, clock, undefined, () => fired++);
    clock.advance(999);
    assert.equal(fired, 0);
    clock.advance(1);
    assert.equal(fired, 1);
  });

  it('does not count the time stopped in the debugger', () => {
    const clock = new FakeClock();
    const attached = new FakeDebugger(clock);
    let fired = 0;
    startPausableTimer(1000, clock, attached, () => fired++);
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
    const attached = new FakeDebugger(clock);
    const cancel = startPausableTimer(1000, clock, attached, () => assert.fail('fired'));
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
    startCallTimer(
      1000,
      clock,
      () => begun.us,
      () => fired++,
    );
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
    startCallTimer(
      1000,
      clock,
      () => since,
      () => fired++,
    );
    clock.advance(999);
    assert.equal(fired, 0);
    clock.advance(1);
    assert.equal(fired, 1);
  });

  it('that was cancelled stays silent, also when it was armed anew', () => {
    const clock = new FakeClock();
    const cancel = startCallTimer(
      1000,
      clock,
      () => undefined,
      () => assert.fail('fired'),
    );
    clock.advance(3500);
    cancel();
    clock.advance(5000);
  });
});
