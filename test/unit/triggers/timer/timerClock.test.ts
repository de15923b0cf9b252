import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalSchedule } from '../../../../runtime/model/cronSchedule.ts';
import type { Schedule } from '../../../../runtime/model/sourceContracts.ts';
import { TimerClock } from '../../../../runtime/triggers/timer/timerClock.ts';
import { FakeClock } from '../../../support/fakeClock.ts';

const minute = 60_000;

/** A clock whose time of day can be set, apart from the time that runs. */
class WallClock extends FakeClock {
  shiftMs = 0;

  override epochMs(): number {
    return super.epochMs() + this.shiftMs;
  }
}

function setUp(schedule: Schedule = intervalSchedule(minute, 'every minute')) {
  const clock = new WallClock();
  const log: string[] = [];
  const timer = new TimerClock(clock, schedule, {
    due: (at) => log.push(`due ${(at - 1000) / minute}`),
    missed: (count, first) => log.push(`missed ${count} from ${(first - 1000) / minute}`),
    changed: () => {},
  });
  return { clock, log, timer };
}

test('fires at the times of its schedule, until it is stopped', () => {
  const { clock, log, timer } = setUp();
  assert.equal(timer.running, false);
  timer.start();
  clock.advance(3 * minute);
  assert.deepEqual(log, ['due 1', 'due 2', 'due 3']);
  assert.deepEqual(timer.next(2), [4 * minute + 1000, 5 * minute + 1000]);
  timer.stop();
  clock.advance(3 * minute);
  assert.equal(log.length, 3);
});

test('times that a sleeping machine missed are counted, and not made up for', () => {
  const { clock, log, timer } = setUp();
  timer.start();
  clock.advance(minute);
  clock.shiftMs = 10 * minute;
  clock.advance(2 * minute);
  assert.deepEqual(log, ['due 1', 'missed 10 from 2', 'due 12', 'due 13']);
});

test('a clock that is corrected makes no time come twice; one that is set to another day begins anew', () => {
  const { clock, log, timer } = setUp();
  timer.start();
  clock.advance(2 * minute);
  clock.shiftMs = -minute;
  clock.advance(minute);
  assert.deepEqual(log, ['due 1', 'due 2']);
  clock.advance(minute);
  assert.deepEqual(log, ['due 1', 'due 2', 'due 3']);
  clock.shiftMs = -24 * 60 * minute;
  clock.advance(2 * minute);
  assert.deepEqual(log.slice(3), ['due -1434.5']);
});

test('a schedule that ends is over', () => {
  const { clock, log, timer } = setUp({ text: '', next: (after) => (after < minute ? minute : undefined) });
  timer.start();
  clock.advance(10 * minute);
  assert.equal(log.length, 1);
  assert.deepEqual(timer.next(3), []);
});
