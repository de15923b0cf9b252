import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { longestUntoldUs, ProgramStops } from '../../../runtime/instances/programStops.ts';
import { HeldTime } from '../../../runtime/invocations/heldTime.ts';
import { startPausableTimer } from '../../../runtime/invocations/pausableTimer.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeDebugger } from '../../support/fakeDebugger.ts';

function program() {
  const clock = new FakeClock();
  const system = { stopped: false, looks: 0 };
  const tracee = { stopped: () => (system.looks++, system.stopped) };
  return { clock, system, stops: new ProgramStops(tracee, clock) };
}

describe('stops of a program in its debugger', () => {
  it('are told when they begin and end, to whoever follows, and nobody looks otherwise', () => {
    const { clock, system, stops } = program();
    clock.advance(100);
    assert.equal(system.looks, 0);
    const [one, other]: [boolean[], boolean[]] = [[], []];
    const first = stops.follow((stopped) => one.push(stopped));
    clock.advance(20);
    system.stopped = true;
    clock.advance(20);
    const second = stops.follow((stopped) => other.push(stopped));
    system.stopped = false;
    clock.advance(20);
    assert.deepEqual(
      [one, other],
      [
        [false, true, false],
        [true, false],
      ],
    );
    first.dispose();
    second.dispose();
    const { looks } = system;
    clock.advance(100);
    assert.equal(system.looks, looks);
    system.stopped = true;
    stops.follow((stopped) => one.push(stopped));
    assert.deepEqual(one.slice(3), [true], 'it is looked at once');
  });

  it('hold an invocation before the debugger has told and after it let go on', () => {
    const { clock, system, stops } = program();
    const attached = new FakeDebugger(clock);
    const held = new HeldTime(clock);
    let fired = 0;
    held.follow(attached, stops);
    startPausableTimer(100, clock, { held }, () => fired++);
    const startUs = clock.nowUs();
    clock.advance(50);
    system.stopped = true;
    clock.advance(500);
    attached.pause();
    clock.advance(longestUntoldUs / 1000);
    attached.resume();
    system.stopped = false;
    clock.advance(30);
    assert.equal(fired, 0);
    assert.equal(held.held, false);
    const countedUs = clock.nowUs() - startUs - held.withinUs(startUs, clock.nowUs());
    assert.ok(countedUs >= 70_000 && countedUs <= 90_000, `counted ${countedUs} µs`);
    clock.advance(40);
    assert.equal(fired, 1);
    held.end();
    const { looks } = system;
    clock.advance(100);
    assert.equal(system.looks, looks, 'nobody looks after the invocation');
  });

  it('are not waited for without end when no debugger tells of them', () => {
    const { clock, system, stops } = program();
    const held = new HeldTime(clock);
    held.follow(undefined, stops);
    system.stopped = true;
    clock.advance(longestUntoldUs / 1000);
    assert.equal(held.held, true);
    clock.advance(50);
    assert.equal(held.held, false);
  });
});
