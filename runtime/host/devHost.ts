import { join } from 'node:path';
import { openHistory } from '../history/history.ts';
import { killMarked } from '../instances/reaper.ts';
import { removeTempRoot } from '../instances/tempFolders.ts';
import { PorchlightError } from '../model/errors.ts';
import { connectControl } from '../protocol/control/connection.ts';
import { withFileLock } from '../support/fileLock.ts';
import { isAlive } from '../support/processTree.ts';
import { startHost, type Host, type HostOptions } from './host.ts';
import { ensureStateFolder, readHostFile, removeHostFile, writeHostFile, type HostFile } from './hostFile.ts';
import { watchImportCosts } from './profileRequests.ts';
import { createProjectSource } from './projectSource.ts';

export interface DevHostOptions {
  /** Absolute path of the project folder. */
  root: string;
  port: number;
  version: string;
  /** Write `host.json`, so that others find this host; a one-shot command line does not. */
  announce: boolean;
  recording?: boolean;
  /** Let triggers fire by themselves; as `announce` says when absent. */
  firesTriggers?: boolean;
  extend?: HostOptions['extend'];
  onMessage?: HostOptions['onMessage'];
}

/** Two windows that open one folder at the same time: the second waits this long for the first. */
const startPatienceMs = 15_000;

/** The host that runs for a folder already, if it answers. What a dead one left behind is ended. */
export async function findHost(root: string): Promise<HostFile | undefined> {
  const file = await readHostFile(root);
  if (!file) return undefined;
  if (isAlive(file.pid)) {
    try {
      const connection = await connectControl({
        url: file.control,
        token: file.token,
        root,
        client: { kind: 'cli', name: 'probe', pid: process.pid },
      });
      connection.dispose();
      return file;
    } catch (error) {
      // Another version of us is still a host; anything else is somebody else's process.
      if (error instanceof PorchlightError && error.code === 'PROTOCOL_VERSION') throw error;
    }
  }
  killMarked(file.mark);
  await removeTempRoot(file.mark, file.pid);
  await removeHostFile(root, file.token);
  return undefined;
}

/** Starts the host of a folder that is being worked on. There is one at most: `HOST_RUNNING` names the other. */
export async function startDevHost(options: DevHostOptions): Promise<Host> {
  const { root } = options;
  const folder = await ensureStateFolder(root);
  if (!options.announce) return startFor(options, folder);
  return withFileLock(join(folder, 'host.lock'), startPatienceMs, async () => {
    const running = await findHost(root);
    if (running)
      throw new PorchlightError('HOST_RUNNING', { root, pid: running.pid, gateway: running.gateway });
    const host = await startFor(options, folder);
    await announce(host, options);
    watchImportCosts(host);
    return host;
  });
}

async function startFor(options: DevHostOptions, folder: string): Promise<Host> {
  const { root } = options;
  const notices: string[] = [];
  let started = undefined as Host | undefined;
  const history = openHistory(join(folder, 'history.db'), {
    background: options.announce,
    onNotice: (text) => (started ? started.say('warn', text) : notices.push(text)),
  });
  const host = await startHost({
    root,
    port: options.port,
    version: options.version,
    source: createProjectSource(root),
    history,
    keepProvisioned: options.announce,
    firesTriggers: options.firesTriggers ?? options.announce,
    recording: options.recording !== false,
    observe: true,
    positions: true,
    ...(options.extend ? { extend: options.extend } : {}),
    ...(options.onMessage ? { onMessage: options.onMessage } : {}),
  });
  started = host;
  for (const text of notices) host.say('warn', text);
  return host;
}

/** Writes the file that leads others here, and takes it away when the host closes. */
async function announce(host: Host, { root, version }: DevHostOptions): Promise<void> {
  const { control, gateway, mark } = host;
  const content = {
    root,
    pid: process.pid,
    gateway: gateway.url,
    control: control.url,
    token: control.token,
    version,
    mark,
  };
  await writeHostFile(root, content);
  const close = host.close.bind(host);
  host.close = async (reason) => {
    await removeHostFile(root, control.token);
    await close(reason);
  };
}
