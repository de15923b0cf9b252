import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPorchlight } from '../hosts/porchlightHost.ts';
import { writeProject } from '../hosts/porchlightProject.ts';
import { send, untilAnswer, type Call } from '../load/call.ts';
import { freePort } from '../processes/ports.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

const script = fileURLToPath(new URL('../hosts/bareHttp.cjs', import.meta.url));

/** Sizes in bytes; the larger one is just below what AWS Lambda takes. */
const sizes = { 'echo.1MB': 1024 * 1024, 'echo.6MB': 6 * 1024 * 1024 } as const;

/** Large events that come back as the result, through the gateway and through Node's own HTTP server. */
export function echo(context: Context): Measure {
  const folder = join(context.folder, 'echo');
  const source = 'exports.handler = async (event) => event;\n';
  return {
    title: 'large events',
    prepare: () =>
      writeProject({ folder, workload: context.workload }, { echo: { source: { text: source } } }),
    async round(round) {
      const host = await startPorchlight(context, folder);
      const port = await freePort();
      const reference = context.children.start(
        context.node,
        [script, String(port), join(folder, 'echo.js')],
        {
          cwd: folder,
        },
      );
      try {
        const bare: Call = { url: `http://127.0.0.1:${port}/echo`, method: 'POST', body: '{}' };
        const calls = { porchlight: host.call('echo'), 'node-http': bare };
        for (const call of Object.values(calls)) await untilAnswer(call, '{}', { timeout: 30_000 });
        for (const [measure, size] of Object.entries(sizes)) {
          const body = bodyOf(size);
          // The first large body makes buffers grow; it is not counted.
          for (let count = -1; count < context.effort.echoes; count++) {
            for (const [subject, call] of Object.entries(calls)) {
              const ms = await echoOnce({ ...call, body });
              if (count >= 0) context.results.add({ subject, measure }, round, ms);
              await settle(50);
            }
          }
        }
      } finally {
        await Promise.all([host.stop(), reference.stop()]);
      }
    },
  };
}

async function echoOnce(call: Call): Promise<number> {
  const { status, text, ms } = await send(call);
  if (status !== 200 || text.length !== call.body?.length)
    throw new Error(`${call.url} gave ${status} and ${text.length} bytes back for ${call.body?.length}`);
  return ms;
}

/** An event of exactly this many bytes. */
function bodyOf(size: number): string {
  const frame = JSON.stringify({ data: '' });
  return JSON.stringify({ data: 'x'.repeat(size - frame.length) });
}
