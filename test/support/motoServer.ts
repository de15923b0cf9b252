import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './freePort.ts';

/** Whether the AWS emulator `moto_server` (Python package `moto`) is installed. */
export function motoIsInstalled(): boolean {
  return spawnSync('moto_server', ['--help'], { encoding: 'utf8' }).status === 0;
}

export interface MotoServer {
  url: string;
  stop(): void;
}

/** Starts an emulator of AWS on a free port of loopback. It invokes nothing: an answer is its own sample text. */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  let ended: number | null | undefined;
  child.once('exit', (code) => (ended = code));
  for (;;) {
    if (ended !== undefined) throw new Error(`moto_server ended with ${ended}.`);
    try {
      // Docker is not needed then.
      const body = JSON.stringify({ lambda: { use_docker: false } });
      const answer = await fetch(`${url}/moto-api/config`, { method: 'POST', body });
      if (answer.ok) break;
    } catch {
      // It is still starting; how it ends would be seen above.
    }
    await wait(100);
  }
  return { url, stop: () => void child.kill('SIGKILL') };
}
