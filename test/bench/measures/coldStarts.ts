import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPorchlight, type PorchlightHost } from '../hosts/porchlightHost.ts';
import { writeProject } from '../hosts/porchlightProject.ts';
import { expectAnswer } from '../load/call.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';
import { answerOf } from '../workload/sources.ts';
import type { FunctionId } from '../workload/workload.ts';

const functions: readonly FunctionId[] = ['hello', 'heavy', 'packages'];
const script = fileURLToPath(new URL('../hosts/bareFork.cjs', import.meta.url));
const expected = answerOf(1);
const rememberMs = 1500;

/**
 * Cold and prewarmed calls through the gateway, next to a bare fork of the same code. The first call of each function
 * in a round is not counted: after it, builds and caches are as they are on every later day.
 */
export function coldStarts(context: Context, wanted: { prewarmed: boolean }): Measure {
  const folder = join(context.folder, 'cold-starts');

  const add = (subject: string, measure: string, round: number, ms: number): void =>
    context.results.add({ subject, measure }, round, ms);

  /** `settleMs`: an instance keeps what its first start compiled and learned after its answer, unless it is ended. */
  async function cold(host: PorchlightHost, fn: FunctionId, settleMs = 0): Promise<number> {
    const { ms } = await expectAnswer(host.call(fn, 'cold'), expected);
    if (settleMs > 0) await settle(settleMs);
    await host.control.endInstances(fn);
    await settle(150);
    return ms;
  }

  async function prewarmed(host: PorchlightHost, fn: FunctionId): Promise<number> {
    const name = spareOf(fn);
    const ready = (phases: string[]): boolean => phases.includes('prewarmed');
    await host.control.until(name, ready);
    // A standby may go on loading packages after it was ready to take code.
    await settle();
    await host.control.endInstances(name);
    const { ms } = await expectAnswer(host.call(name, 'prewarmed'), expected);
    await host.control.endInstances(name);
    // The next spare starts now; it would disturb what is measured next.
    await host.control.until(name, ready);
    await settle(150);
    return ms;
  }

  return {
    title: 'cold and prewarmed starts',
    prepare: () =>
      writeProject(
        { folder, workload: context.workload },
        Object.fromEntries(
          functions.flatMap((fn) => [
            [fn, { source: fn }],
            ...(wanted.prewarmed
              ? [[spareOf(fn), { source: fn, settings: { process: { prewarm: 1 } } }] as const]
              : []),
          ]),
        ),
      ),
    async round(round) {
      const host = await startPorchlight(context, folder);
      try {
        for (const fn of functions) {
          await cold(host, fn, rememberMs);
          // Spares are kept of functions in use.
          if (wanted.prewarmed) {
            await expectAnswer(host.call(spareOf(fn)), expected);
            await settle(rememberMs);
            await prewarmed(host, fn);
          }
        }
        for (let count = 0; count < context.effort.coldStarts; count++) {
          for (const fn of functions) {
            add('fork', `cold.${fn}`, round, await forkOnce(context, join(folder, `${fn}.js`), folder));
            add('porchlight', `cold.${fn}`, round, await cold(host, fn));
            if (wanted.prewarmed) add('porchlight', `prewarmed.${fn}`, round, await prewarmed(host, fn));
          }
        }
      } finally {
        await host.stop();
      }
    },
  };
}

function spareOf(fn: FunctionId): string {
  return `${fn}Spare`;
}

/** Milliseconds from the start of a fork to the answer of its function. */
async function forkOnce({ children, node }: Context, file: string, cwd: string): Promise<number> {
  const started = performance.now();
  const child = children.start(node, [script, file], { cwd, ipc: true });
  const first = (await Promise.race([once(child.process, 'message'), child.exited])) as unknown;
  const ms = performance.now() - started;
  if (!JSON.stringify(first).includes(expected)) throw new Error(`the bare fork failed: ${child.output()}`);
  await child.exited;
  return ms;
}
