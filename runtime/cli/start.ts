import type { Host } from '../host/host.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { watchOwnHost } from './ownHost.ts';
import { write, type Terminal } from './terminal.ts';
import { productVersion } from './version.ts';

export interface StartOptions {
  dir: string;
  port: number;
  inspect?: true;
  json?: true;
  /** The end of the standard input ends the host: whoever started it is gone. */
  parent?: true;
}

/** Starts the host of a folder and stays until it is asked to end: a signal, a client, or the end of its parent. */
export async function start(terminal: Terminal, options: StartOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, options.dir);
  const { startDevHost } = await import('../host/devHost.ts');
  // Before the host: a parent that dies while it starts must not leave it behind.
  const ended = untilAskedToEnd(terminal, options.parent === true);
  const host = await startDevHost({
    root,
    port: options.port,
    version: productVersion(),
    announce: true,
    onMessage: (_, text) => terminal.stderr.write(`${text}\n`),
  });
  let view: { dispose(): void } | undefined;
  try {
    if (options.json) await write(terminal.stdout, `${JSON.stringify(howToReach(host))}\n`);
    else view = await watchOwnHost(host, terminal, options.inspect === true);
    if (options.json && options.inspect) view = await watchOwnHost(host, terminal, true);
    await Promise.race([ended, host.shutdownRequested]);
  } finally {
    view?.dispose();
    await host.close('the host ends');
  }
  return exitCodes.ok;
}

function howToReach(host: Host): { gateway: string; control: string; token: string; pid: number } {
  return {
    gateway: host.gateway.url,
    control: host.control.url,
    token: host.control.token,
    pid: process.pid,
  };
}

function untilAskedToEnd(terminal: Terminal, parent: boolean): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      // Whoever asks twice does not want to wait.
      if (asked) process.exit(exitCodes.ok);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    if (!parent) return;
    terminal.stdin.on('end', () => resolve());
    terminal.stdin.on('error', () => resolve());
    terminal.stdin.resume();
  });
}
