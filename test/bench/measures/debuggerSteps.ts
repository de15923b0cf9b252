import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInspectorRelay } from '../../../runtime/languages/nodejs/inspectorRelay.ts';
import { CdpClient } from '../../support/cdpClient.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

/** Enough statements to step over; each does next to nothing. */
const script = `let n = 0;\n${'n += 1;\n'.repeat(400)}`;

/** Steps of a debugger, straight to Node's inspector and through the relay that Porchlight puts before it. */
export function debuggerSteps(context: Context): Measure {
  const folder = context.folder;
  const file = join(folder, 'steps.cjs');

  /** A process of its own each: one that a debugger leaves runs on to its end. */
  async function stepsBy(way: 'inspector' | 'relay'): Promise<number[]> {
    const child = context.children.start(context.node, ['--inspect-brk=127.0.0.1:0', file], { cwd: folder });
    child.exited.catch(() => undefined);
    try {
      const inspectorUrl = await inspectorOf(() => child.output());
      const relay = way === 'relay' ? await createInspectorRelay({ inspectorUrl }) : undefined;
      try {
        return await stepsOf(relay?.url ?? inspectorUrl, context.effort.steps);
      } finally {
        relay?.dispose();
      }
    } finally {
      await child.stop();
    }
  }

  return {
    title: 'debugger steps',
    prepare: () => Promise.resolve(writeFileSync(file, script)),
    async round(round) {
      const ways = ['inspector', 'relay'] as const;
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        for (const ms of await stepsBy(way))
          context.results.add({ subject: way, measure: 'step' }, round, ms);
      }
    },
  };
}

/** Milliseconds of each step: from the command to the next pause. */
async function stepsOf(url: string, count: number): Promise<number[]> {
  const client = await CdpClient.connect(url, { Host: 'localhost' });
  const closed = client.closed.then(() => {
    throw new Error('the inspector closed the connection');
  });
  closed.catch(() => undefined);
  const next = (): Promise<unknown> => Promise.race([client.event('Debugger.paused'), closed]);
  try {
    await client.send('Runtime.enable');
    await client.send('Debugger.enable');
    const first = next();
    await client.send('Runtime.runIfWaitingForDebugger');
    await first;
    const steps: number[] = [];
    for (let step = -2; step < count; step++) {
      const started = performance.now();
      const paused = next();
      await client.send('Debugger.stepOver');
      await paused;
      // The first ones compile and find out where they are.
      if (step >= 0) steps.push(performance.now() - started);
    }
    return steps;
  } finally {
    client.close();
  }
}

async function inspectorOf(output: () => string): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    const url = /Debugger listening on (ws:\S+)/.exec(output())?.[1];
    if (url !== undefined) return url;
    await settle(10);
  }
  throw new Error(`the inspector did not open: ${output()}`);
}
