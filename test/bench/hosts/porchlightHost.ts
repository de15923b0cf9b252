import type { Context } from '../run/context.ts';
import { untilAnswer, type Call } from '../load/call.ts';
import type { Child } from '../processes/children.ts';
import { freePort } from '../processes/ports.ts';
import { post } from './functionFiles.ts';
import { invokeCall, startArguments } from './porchlight.ts';
import { connectTo, type HostControl } from './porchlightControl.ts';

const startPatienceMs = 30_000;

/** A running Porchlight that has not been called yet, and the editor's connection to it. */
export interface PorchlightHost {
  readonly child: Child;
  readonly control: HostControl;
  call(name: string, start?: 'cold' | 'prewarmed' | 'warm'): Call;
  /** Through an HTTP trigger with this path. */
  trigger(path: string): Call;
  stop(): Promise<void>;
}

/** Starts Porchlight for a project folder. */
export async function startPorchlight(
  { node, children }: Pick<Context, 'node' | 'children'>,
  folder: string,
  options: string[] = [],
): Promise<PorchlightHost> {
  const port = await freePort();
  const child = children.start(node, startArguments(folder, port, options), { cwd: folder });
  child.exited.catch(() => undefined);
  try {
    await untilAnswer({ url: `http://127.0.0.1:${port}/`, method: 'GET' }, 'Porchlight', {
      timeout: startPatienceMs,
      failed: () => (child.running ? undefined : `Porchlight ended: ${child.output().slice(-400)}`),
    });
    const control = await connectTo(folder);
    return {
      child,
      control,
      call: (name, start) => invokeCall(port, name, start),
      trigger: (path) => post(port, path),
      async stop() {
        control.dispose();
        await child.stop();
      },
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
