import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultHistoryLimits } from '../../../runtime/history/historyLimits.ts';
import { distFile } from '../../../runtime/support/installRoot.ts';
import { startPorchlight, type PorchlightHost } from '../hosts/porchlightHost.ts';
import { writeProject } from '../hosts/porchlightProject.ts';
import { expectAnswer } from '../load/call.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';
import { answerOf } from '../workload/sources.ts';
import { seedHistory } from './seedHistory.ts';

const option = '--no-recording';

/** Short and long; a version that keeps less has as long a past as it can have. */
const pasts = { short: 100, long: Math.min(100_000, defaultHistoryLimits.records) } as const;

/** What recording costs: throughput with and without it, and latency with a short and a long past. */
export function recording(context: Context): Measure {
  const at = (name: string): string => join(context.folder, `recording-${name}`);
  const add = (measure: string, round: number, value: number): void =>
    context.results.add({ subject: 'porchlight', measure }, round, value);
  let canBeOff = false;

  async function throughput(round: number): Promise<void> {
    const ways = ['on', ...(canBeOff ? ['off'] : [])];
    for (const way of round % 2 === 0 ? ways : ways.reverse()) {
      const folder = at(way);
      // Each round begins with an empty history.
      await rm(join(folder, '.porchlight'), { recursive: true, force: true });
      const host = await startPorchlight(context, folder, way === 'off' ? [option] : []);
      try {
        await warmUp(host);
        const load = { connections: 50, seconds: context.effort.loadSeconds };
        add(`recording.${way}`, round, (await context.load.run(host.call('hello'), load)).perSecond);
      } finally {
        await host.stop();
      }
    }
  }

  /** Both hosts run at the same time, and are called in turns. */
  async function latency(round: number): Promise<void> {
    const hosts: [past: string, host: PorchlightHost][] = [];
    try {
      for (const past of Object.keys(pasts)) hosts.push([past, await startPorchlight(context, at(past))]);
      for (const [, host] of hosts) await warmUp(host);
      await settle(1000);
      for (const [past, host] of round % 2 === 0 ? hosts : hosts.reverse()) {
        const load = { connections: 1, seconds: context.effort.latencySeconds };
        add(`past.${past}`, round, (await context.load.run(host.call('hello'), load)).p50);
      }
    } finally {
      await Promise.all(hosts.map(([, host]) => host.stop()));
    }
  }

  return {
    title: 'recording',
    async prepare() {
      const { workload, results, node } = context;
      for (const name of ['on', 'off', ...Object.keys(pasts)])
        await writeProject({ folder: at(name), workload }, { hello: { source: 'hello' } });
      const help = spawnSync(node, [distFile('porchlight.cjs'), 'start', '--help'], { encoding: 'utf8' });
      canBeOff = help.stdout.includes(option);
      if (!canBeOff) results.miss('recording off', `\`porchlight start\` has no ${option} in this version`);
      for (const [past, count] of Object.entries(pasts)) await seedHistory(at(past), count);
      if (pasts.long < 100_000)
        results.miss('100 000 recorded', `this version keeps ${pasts.long}: a p50 is taken with so many`);
    },
    async round(round) {
      await throughput(round);
      await latency(round);
    },
  };
}

async function warmUp(host: PorchlightHost): Promise<void> {
  await expectAnswer(host.call('hello'), answerOf(1));
  await settle();
}
