import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { distFile } from '../../runtime/support/installRoot.ts';
import { HostProcesses } from '../support/markedProcesses.ts';

/** One life of the host under test. */
export interface HostRun {
  readonly child: ChildProcess;
  readonly gateway: string;
  readonly control: string;
  readonly token: string;
  readonly processes: HostProcesses;
  readonly exited: Promise<unknown>;
}

/** Starts the built host for a folder and waits until it says how to reach it. */
export async function startHostRun(root: string): Promise<HostRun> {
  const child = spawn(process.execPath, [distFile('porchlight.cjs'), 'start', root, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(`host: ${chunk.toString()}`));
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error('the host ended before it was ready'))),
  ])) as [string];
  const reach = JSON.parse(line) as { gateway: string; control: string; token: string };
  return { child, ...reach, exited, processes: await HostProcesses.of(root) };
}
