import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readServeFile, removeServeFile, writeServeFile } from '../deploy/local/serveFile.ts';
import { joinServing } from '../deploy/local/serveProcess.ts';
import { servedFunctions, type ServedFunction } from '../deploy/local/servedFunctions.ts';
import { openHistory } from '../history/history.ts';
import { killMarked } from '../instances/reaper.ts';
import { removeTempRoot } from '../instances/tempFolders.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import { toDisposable } from '../support/disposable.ts';
import { withFileLock } from '../support/fileLock.ts';
import { startHost, type Host, type HostOptions } from './host.ts';
import { ensureStateFolder } from './hostFile.ts';
import type { FunctionSource, SourcedFunction } from './functionSource.ts';

export interface ServingHostOptions {
  /** Absolute path of the project folder. */
  root: string;
  version: string;
  onMessage?: HostOptions['onMessage'];
}

const startPatienceMs = 15_000;

/** Starts the host that serves what is deployed: the same core, without watcher, builds and project files. */
export async function startServingHost(options: ServingHostOptions): Promise<Host> {
  const { root } = options;
  const folder = await ensureStateFolder(root);
  return withFileLock(join(folder, 'serve.lock'), startPatienceMs, async () => {
    const stale = await readServeFile(root);
    const running = await joinServing(root);
    if (running) {
      running.connection.dispose();
      const { pid, gateway } = running.file;
      throw new PorchlightError('HOST_RUNNING', { root, pid, gateway });
    }
    if (stale) {
      killMarked(stale.mark);
      await removeTempRoot(stale.mark, stale.pid);
    }
    const host = await startOnKnownPort(options, folder);
    const { control, gateway, mark } = host;
    await writeServeFile(root, {
      root,
      pid: process.pid,
      gateway: gateway.url,
      control: control.url,
      token: control.token,
      version: options.version,
      mark,
      startedAt: Date.now(),
    });
    const close = host.close.bind(host);
    host.close = async (reason) => {
      await removeServeFile(root, control.token);
      await close(reason);
    };
    return host;
  });
}

/** The port of last time, so that addresses stay valid; another one when it is taken meanwhile. */
async function startOnKnownPort(options: ServingHostOptions, folder: string): Promise<Host> {
  const file = join(folder, 'serve-port');
  const known = Number(await readFile(file, 'utf8').catch(() => '0'));
  const port = Number.isInteger(known) && known > 0 && known < 65_536 ? known : 0;
  const start = (on: number): Promise<Host> =>
    startHost({
      root: options.root,
      port: on,
      version: options.version,
      source: createServedSource(options.root),
      history: openHistory(join(folder, 'serve-history.db'), {
        onNotice: (text) => options.onMessage?.('warn', text),
      }),
      keepProvisioned: true,
      // They are the project's host's.
      keepsMessages: false,
      ...(options.onMessage ? { onMessage: options.onMessage } : {}),
    });
  const host = await start(port).catch((error: unknown) => {
    if (port === 0 || !(error instanceof PorchlightError) || error.code !== 'PORT_IN_USE') throw error;
    return start(0);
  });
  await writeFile(file, new URL(host.gateway.url).port);
  return host;
}

function sourced({ definition, environment, version }: ServedFunction): SourcedFunction {
  return { definition, environment, version };
}

/** The current versions of what is deployed, and those that have a share of the calls; read again when a client asks for it. */
function createServedSource(root: string): FunctionSource {
  /** Also of versions that were replaced: what they are handling is finished with their own code. */
  const artifacts = new Map<string, DevArtifact>();
  const keyOf = ({ name, codeRoot }: FunctionDefinition): string => `${name}\n${codeRoot}`;
  return {
    async read() {
      const served = await servedFunctions(root);
      for (const { share, ...current } of served)
        for (const { definition, artifact } of [current, ...(share ? [share.served] : [])])
          artifacts.set(keyOf(definition), artifact);
      const functions = served.map(({ share, ...current }) => ({
        ...sourced(current),
        ...(share && { share: { percent: share.percent, sourced: sourced(share.served) } }),
      }));
      return { functions, targets: [], problems: [] };
    },
    prepare(definition) {
      const found = artifacts.get(keyOf(definition));
      if (found) return Promise.resolve(found);
      return Promise.reject(new PorchlightError('FUNCTION_UNKNOWN', { name: definition.name }));
    },
    watch: () => toDisposable(() => {}),
    announce: () => {},
    dispose: () => Promise.resolve(),
  };
}
