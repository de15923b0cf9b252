import { join } from 'node:path';
import { defaultProcess } from '../../../runtime/model/functionDefinition.ts';
import { startPorchlight, type PorchlightHost } from '../hosts/porchlightHost.ts';
import { writeProject } from '../hosts/porchlightProject.ts';
import { expectAnswer } from '../load/call.ts';
import { answerOf } from '../workload/sources.ts';
import { memoryOf } from '../processes/usage.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

const idleTimeoutMs = 2000;
const { maxInstances } = defaultProcess;

/** The host with one spare at rest, under 50 connections, and after its instances were freed again. */
export function memory(context: Context): Measure {
  const folder = join(context.folder, 'memory');
  const add = (measure: string, round: number, value: number | undefined): void =>
    context.results.add({ subject: 'porchlight', measure }, round, value);

  const addMemory = (name: string, round: number, { child }: PorchlightHost): void => {
    const used = memoryOf(child.pid);
    add(`${name}.memory`, round, used?.pssMB);
    add(`${name}.processes`, round, used?.processes);
  };

  return {
    title: 'memory',
    prepare: () =>
      writeProject(
        { folder, workload: context.workload },
        {
          hello: {
            source: 'hello',
            settings: { process: { prewarm: 1, maxInstances, idleTimeout: `${idleTimeoutMs}ms` } },
          },
        },
      ),
    async round(round) {
      const host = await startPorchlight(context, folder);
      const spareOnly = (phases: string[]): boolean => phases.length === 1 && phases[0] === 'prewarmed';
      try {
        // Spares are kept of functions in use.
        await expectAnswer(host.call('hello'), answerOf(1));
        await host.control.until('hello', spareOnly);
        await settle(1000);
        addMemory('spare', round, host);
        add('storm.instances', round, await mostInstances(host));
        addMemory('storm', round, host);
        await host.control.until('hello', spareOnly, 30_000 + idleTimeoutMs);
        await settle(1000);
        addMemory('rest', round, host);
      } finally {
        await host.stop();
      }
    },
  };

  /** The most instances with user code at any look during a storm of 50 connections. */
  async function mostInstances(host: PorchlightHost): Promise<number> {
    let over = false;
    let most = 0;
    const storm = context.load
      .run(host.call('hello'), { connections: 50, seconds: context.effort.loadSeconds })
      .finally(() => (over = true));
    while (!over) {
      const phases = await host.control.phases('hello');
      most = Math.max(most, phases.filter((phase) => phase !== 'prewarmed' && phase !== 'starting').length);
      await settle(100);
    }
    await storm;
    return most;
  }
}
