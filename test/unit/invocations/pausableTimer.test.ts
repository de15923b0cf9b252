import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttachedDebugger } from '../../../runtime/instances/debugPort.ts';
import { startPausableTimer } from '../../../runtime/invocations/pausableTimer.ts';
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
