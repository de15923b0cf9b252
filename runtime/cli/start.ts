import type { Host } from '../host/host.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { untilAskedToEnd } from './untilAskedToEnd.ts';
import { write, type Terminal } from './terminal.ts';
import { productVersion } from './version.ts';

export interface StartOptions {
  dir: string;
  port: number;
  inspect?: true;
  json?: true;
  /** The end of the standard input ends the host: whoever started it is gone. */
  parent?: true;
  /** `false`: neither logs nor records are kept. */
  recording?: boolean;
}

/** Starts the host of a folder and stays until it is asked to end: a signal, a client, or the end of its parent. */
export async function start(terminal: Terminal, options: StartOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, options.dir);
  const [{ startDevHost }, { serveDevRequests }] = await Promise.all([
    import('../host/devHost.ts'),
    import('../host/devRequests.ts'),
  ]);
  // Before the host: a parent that dies while it starts must not leave it behind.
  const ended = untilAskedToEnd(terminal, options.parent === true);
  const host = await startDevHost({
    root,
    port: options.port,
    version: productVersion(),
    announce: true,
    recording: options.recording !== false,
    extend: serveDevRequests,
    onMessage: (_, text) => terminal.stderr.write(`${text}\n`),
  });
  let view: { dispose(): void } | undefined;
  try {
    if (options.json) await write(terminal.stdout, `${JSON.stringify(howToReach(host))}\n`);
    const quiet = options.json === true;
    const inspect = options.inspect === true;
    if (!quiet || inspect) {
      const { watchOwnHost } = await import('./ownHost.ts');
      view = await watchOwnHost(host, terminal, { inspect, quiet });
    }
    await Promise.race([ended, host.shutdownRequested]);
  } finally {
    // The view last: it shows how what was running ended.
    await host.close('the host ends');
    view?.dispose();
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
