import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryGuard } from '../../../runtime/instances/memoryGuard.ts';
import type { MemorySource } from '../../../runtime/support/memory/processMemory.ts';
import { FakeClock } from '../../support/fakeClock.ts';

/** Processes whose sizes the test sets, as a system that tells peaks or as one that does not. */
function setUp({ tellsPeaks = true, concurrent = false } = {}) {
  const clock = new FakeClock();
  const sizes = new Map<number, { residentKB: number; peakKB: number }>();
  const reads = { looks: 0, peaks: 0 };
  const source: MemorySource = {
    intervalMs: 10,
    open: (pid) => ({
      residentKB() {
        reads.looks++;
        return sizes.get(pid)?.residentKB;
      },
      takePeak() {
        if (!tellsPeaks) return undefined;
        reads.peaks++;
        const size = sizes.get(pid);
        const taken = size && { ...size };
        if (size) size.peakKB = size.residentKB;
        return taken;
      },
      close: () => void sizes.delete(pid),
    }),
  };
  const guard = new MemoryGuard(source, clock);
  const exceeded: string[] = [];
  const watch = (pid: number, residentKB = 1000) => {
    sizes.set(pid, { residentKB, peakKB: residentKB });
    return guard.watch(pid, 5000, concurrent, (kilobytes) => exceeded.push(`${pid} ${kilobytes}`));
  };
  return { clock, sizes, reads, watch, exceeded };
}

test('busy instances are looked at, idle ones are not', () => {
  const { clock, reads, watch, sizes, exceeded } = setUp();
  const [first, second] = [watch(1), watch(2)];
  clock.advance(100);
  assert.equal(reads.looks, 0);
  first.begin();
  clock.advance(30);
  assert.equal(reads.looks, 3);
  second.begin();
  clock.advance(10);
  assert.equal(reads.looks, 5);
  sizes.get(2)!.residentKB = 6000;
  clock.advance(10);
  assert.deepEqual(exceeded, ['2 6000']);
  first.answered(100, 0);
  second.answered(100, 0);
  reads.looks = 0;
  clock.advance(100);
  assert.equal(reads.looks, 0);
  first.begin();
  clock.advance(10);
  assert.equal(reads.looks, 1);
});

test('an instance that is gone is not looked at any more', () => {
  const { clock, reads, watch } = setUp();
  const memory = watch(1);
  memory.begin();
  clock.advance(10);
  memory.close();
  clock.advance(50);
  assert.equal(reads.looks, 1);
  assert.equal(memory.failed(), 1000);
});

test('each invocation has its own peak; short ones do not read it', () => {
  const { watch, sizes, reads } = setUp();
  const memory = watch(1);
  const size = sizes.get(1)!;
  memory.begin();
  size.peakKB = 3000;
  assert.equal(memory.answered(50, 0), 3000, 'the first is read always');
  memory.begin();
  assert.equal(memory.answered(600, 0), 1000);
  assert.equal(reads.peaks, 1);
  memory.begin();
  size.peakKB = 2500;
  size.residentKB = 1200;
  assert.equal(memory.answered(600, 0), 2500, 'together they worked long enough');
  assert.equal(reads.peaks, 2);
  memory.begin();
  assert.equal(memory.answered(10, 0), 1200);
});

test('what a look saw counts although it was given back before the answer', () => {
  const { watch, sizes, clock } = setUp();
  const memory = watch(1);
  const size = sizes.get(1)!;
  memory.begin();
  size.residentKB = 4500;
  clock.advance(10);
  size.residentKB = 1000;
  assert.equal(memory.failed(), 4500);
});

test('an invocation that only waits in the instance has no share in the peak', () => {
  const { watch, sizes } = setUp();
  const memory = watch(1);
  memory.begin();
  memory.begin();
  sizes.get(1)!.peakKB = 4000;
  assert.equal(memory.answered(5000, 0), 4000);
  assert.equal(memory.answered(5000, 0), 1000);
});

test('of invocations at the same time none is told less than what they used together', () => {
  const { watch, sizes } = setUp({ concurrent: true });
  const memory = watch(1);
  memory.begin();
  memory.begin();
  sizes.get(1)!.peakKB = 4000;
  assert.equal(memory.answered(5000, 0), 4000);
  assert.equal(memory.answered(5000, 0), 4000);
  memory.begin();
  assert.equal(memory.answered(5000, 0), 1000);
});

test('where the system tells no peaks, the report of the process counts when it has risen', () => {
  const { watch, sizes, clock } = setUp({ tellsPeaks: false });
  const memory = watch(1);
  memory.begin();
  assert.equal(memory.answered(5000, 40_000), 40_000);
  memory.begin();
  sizes.get(1)!.residentKB = 35_000;
  clock.advance(10);
  assert.equal(memory.answered(5000, 40_000), 35_000, 'not risen: what the look saw');
  memory.begin();
  assert.equal(memory.answered(5000, 60_000), 60_000);
});
