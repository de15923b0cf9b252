import { join } from 'node:path';
import { bareHttp } from '../hosts/bareHttp.ts';
import { startPorchlight } from '../hosts/porchlightHost.ts';
import { writeProject } from '../hosts/porchlightProject.ts';
import { untilAnswer, type Call } from '../load/call.ts';
import { settle } from '../processes/settle.ts';
import { processorUs } from '../processes/usage.ts';
import { siteOf, type Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';
import { startSubject } from '../run/runningHost.ts';
import { answerOf } from '../workload/sources.ts';

/**
 * Warm calls of Porchlight and of Node's own HTTP server in turns of a second or two, both running all the time: what
 * the machine's other work costs one, it costs the other.
 */
export function warm(context: Context): Measure {
  const folder = join(context.folder, 'warm');
  const site = siteOf(context, { id: 'warm-reference' });
  const { effort, results } = context;

  async function slice(subject: string, call: Call, pid: number, round: number): Promise<void> {
    const add = (measure: string, value: number): void => results.add({ subject, measure }, round, value);
    const before = processorUs(pid);
    const single = await context.load.run(call, { connections: 1, seconds: effort.latencySeconds });
    const after = processorUs(pid);
    if (single.requests === 0) throw new Error(`${subject} answered nothing`);
    add('p50', single.p50);
    add('p99', single.p99);
    if (before !== undefined && after !== undefined) add('cpu', (after - before) / single.requests);
  }

  async function storm(subject: string, call: Call, round: number): Promise<void> {
    const many = await context.load.run(call, { connections: 50, seconds: effort.loadSeconds });
    results.add({ subject, measure: 'perSecond' }, round, many.perSecond);
    if (many.errors > 0)
      results.miss(`${subject}: 50 connections`, `${many.errors} of ${many.requests} failed`);
  }

  return {
    title: 'warm calls',
    async prepare() {
      await bareHttp.prepare(site);
      const settings = { triggers: [{ http: { path: '/hello' } }] };
      await writeProject({ folder, workload: context.workload }, { hello: { source: 'hello', settings } });
    },
    async round(round) {
      const reference = await startSubject(site, bareHttp, 'hello', 1);
      const host = await startPorchlight(context, folder).catch(async (error: unknown) => {
        await reference.stop();
        throw error;
      });
      try {
        const all = [
          ['warm-reference', reference.launch.call('hello'), reference.child.pid],
          ['warm-invoke', host.call('hello'), host.child.pid],
          ['warm-trigger', host.trigger('/hello'), host.child.pid],
        ] as const;
        for (const [, call] of all) await untilAnswer(call, answerOf(1), { timeout: 30_000 });
        await settle();
        for (let count = 0; count < effort.turns; count++) {
          for (const [subject, call, pid] of all) await slice(subject, call, pid, round);
          for (const [subject, call] of all) {
            await storm(subject, call, round);
            await settle();
          }
        }
      } finally {
        await Promise.all([host.stop(), reference.stop()]);
      }
    },
  };
}
