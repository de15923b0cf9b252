import { closeSync, writeSync } from 'node:fs';
import type { ServeStatus } from '../model/deploy.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import type { ServiceSystem } from '../deploy/local/serviceFile.ts';
import { distFile } from '../support/installRoot.ts';
import { projectFolder } from './folder.ts';
import { table, write, type Terminal } from './terminal.ts';
import { untilAskedToEnd } from './untilAskedToEnd.ts';
import { productVersion } from './version.ts';

export interface ServeOptions {
  action: 'start' | 'stop' | 'status';
  json?: true;
}

/** Starts, stops or asks the process that serves what is deployed locally. */
export async function serve(terminal: Terminal, { action, json }: ServeOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const { serveStatus, startServing, stopServing } = await import('../deploy/local/serveProcess.ts');
  if (action === 'start') {
    const { ensureStateFolder } = await import('../host/hostFile.ts');
    await ensureStateFolder(root);
  }
  const status = await { start: startServing, stop: stopServing, status: serveStatus }[action](root);
  await write(terminal.stdout, json ? `${JSON.stringify(status)}\n` : statusText(status));
  return exitCodes.ok;
}

/** Prints what starts the serving process at login, for the user to put in place: nothing is installed. */
export async function printService(terminal: Terminal, system: ServiceSystem): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const { serviceFile } = await import('../deploy/local/serviceFile.ts');
  const program = [process.execPath, distFile('porchlight.cjs')];
  const { text, steps } = serviceFile(system, { root, program });
  await write(terminal.stdout, text);
  await write(terminal.stderr, `${steps.join('\n')}\n`);
  return exitCodes.ok;
}

/**
 * The serving process itself: says on its ready descriptor that it serves, unless it was started `alone` by the system,
 * and stays until it is asked to end.
 */
export async function runServing(
  terminal: Terminal,
  dir: string,
  { alone }: { alone?: true } = {},
): Promise<ExitCode> {
  const root = await projectFolder(terminal, dir);
  const { startServingHost } = await import('../host/servingHost.ts');
  const { readyDescriptor, serveStatus } = await import('../deploy/local/serveProcess.ts');
  const log = (text: string): void => void terminal.stderr.write(`${new Date().toISOString()} ${text}\n`);
  const ended = untilAskedToEnd(terminal, false);
  const before = alone ? await serveStatus(root) : undefined;
  if (before?.running) {
    log(`info ${root} is served already (pid ${before.pid})`);
    return exitCodes.ok;
  }
  const host = await startServingHost({
    root,
    version: productVersion(),
    onMessage: (level, text) => log(`${level} ${text}`),
  });
  log(`info serves ${root} at ${host.gateway.url} (pid ${process.pid})`);
  if (!alone) {
    writeSync(readyDescriptor, 'ready\n');
    closeSync(readyDescriptor);
  }
  try {
    await Promise.race([ended, host.shutdownRequested]);
  } finally {
    await host.close('serving ends');
    log('info ended');
  }
  return exitCodes.ok;
}

function statusText({ running, pid, gateway, functions }: ServeStatus): string {
  if (!running) return 'Not serving. Start it with: porchlight serve start\n';
  const head = `Serving at ${gateway} (pid ${pid})\n`;
  if (functions.length === 0) return `${head}Nothing is deployed yet: porchlight deploy\n`;
  const rows = functions.map(({ function: name, version, url, share }) => [
    name,
    share ? `${version} (${100 - share.percent} %), ${share.version} (${share.percent} %)` : version,
    url,
  ]);
  return head + table([['FUNCTION', 'VERSION', 'URL'], ...rows]);
}
