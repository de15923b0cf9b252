import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { ServeStatus } from '../../model/deploy.ts';
import { PorchlightError } from '../../model/errors.ts';
import { connectControl, type ControlConnection } from '../../protocol/control/connection.ts';
import { ReloadProject, Shutdown } from '../../protocol/control/messages.ts';
import { distFile } from '../../support/installRoot.ts';
import { isAlive } from '../../support/processTree.ts';
import { readServeFile, removeServeFile, type ServeFile } from './serveFile.ts';
import { deployedFolder } from './servedFunctions.ts';
import { VersionStore } from './versionStore.ts';

/** Descriptor on which a serving process says that it serves; stdout and stderr are its log. */
export const readyDescriptor = 3;

const startPatienceMs = 20_000;
const stopPatienceMs = 10_000;
/** A log larger than this begins anew with the next start. */
const mostLogBytes = 4 * 1024 * 1024;

/** Where the serving process of a folder writes what it has to say. */
export function serveLogFile(root: string): string {
  return join(root, '.porchlight', 'serve.log');
}

/** A connection to the serving process of a folder. What a dead one left behind is removed. */
export async function joinServing(
  root: string,
): Promise<{ file: ServeFile; connection: ControlConnection } | undefined> {
  const file = await readServeFile(root);
  if (!file) return undefined;
  try {
    const connection = await connectControl({
      url: file.control,
      token: file.token,
      root,
      client: { kind: 'cli', name: 'serve', pid: process.pid },
    });
    return { file, connection };
  } catch (error) {
    // One of another version serves all the same, and can be stopped by hand only.
    if (error instanceof PorchlightError && error.code === 'PROTOCOL_VERSION') throw error;
    // A process id alone says nothing: it may be another program's by now.
    await removeServeFile(root, file.token);
    return undefined;
  }
}

/** Whether it serves, and what; found out by talking to it. */
export async function serveStatus(root: string): Promise<ServeStatus> {
  const joined = await joinServing(root);
  if (!joined) return { running: false, functions: [] };
  const { file, connection } = joined;
  const { hello } = connection;
  connection.dispose();
  const stored = await new VersionStore(deployedFolder(root)).all();
  const known = new Map(stored.map((one) => [one.name, one]));
  return {
    running: true,
    pid: file.pid,
    gateway: file.gateway,
    startedAt: file.startedAt,
    functions: hello.functions.map(({ name, urls }) => ({
      function: name,
      version: known.get(name)?.current ?? '',
      url: urls.http[0] ?? urls.invoke,
      ...(known.get(name)?.share && { share: known.get(name)!.share! }),
    })),
  };
}

/** Starts serving in a process that outlives this one. It is there already: nothing happens. */
export async function startServing(root: string): Promise<ServeStatus> {
  const before = await serveStatus(root);
  if (before.running) return before;
  const logFile = serveLogFile(root);
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  const log = await open(logFile, size > mostLogBytes ? 'w' : 'a', 0o600);
  try {
    const child = spawn(process.execPath, [distFile('porchlight.cjs'), 'serve', 'run', root], {
      // A session of its own: the end of the editor, its terminal or its host is none of its business.
      detached: true,
      windowsHide: true,
      // Not the project folder: on Windows that could then not be removed.
      cwd: homedir(),
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
    });
    child.unref();
    const ready = child.stdio[readyDescriptor] as Readable;
    const outcome = await Promise.race([
      once(ready, 'data').then(() => 'ready'),
      once(child, 'exit').then(([code]) => `it ended with exit code ${code}`),
      once(child, 'error').then(([error]) => (error as Error).message),
      wait(startPatienceMs, `it was not ready after ${startPatienceMs / 1000} s`, { ref: false }),
    ]);
    ready.destroy();
    if (outcome !== 'ready') {
      child.kill('SIGKILL');
      const detail = `${outcome}. ${await tail(logFile, size > mostLogBytes ? 0 : size)}`;
      throw new PorchlightError('SERVE_FAILED', { detail: detail.trim() });
    }
  } finally {
    await log.close();
  }
  return serveStatus(root);
}

/** Ends serving; resolves when the process is gone. */
export async function stopServing(root: string): Promise<ServeStatus> {
  const joined = await joinServing(root);
  if (joined) {
    const { file, connection } = joined;
    // It may be gone before its answer is through.
    await connection.sendRequest(Shutdown).catch(() => {});
    connection.dispose();
    const giveUpAt = Date.now() + stopPatienceMs;
    while (isAlive(file.pid) && Date.now() < giveUpAt) await wait(30);
    // It showed the token a moment ago, so this id is its own.
    if (isAlive(file.pid)) process.kill(file.pid, 'SIGKILL');
    await removeServeFile(root, file.token);
  }
  return { running: false, functions: [] };
}

/** Makes the serving process read its versions again. False when none runs. */
export async function reloadServing(root: string): Promise<boolean> {
  const joined = await joinServing(root);
  if (!joined) return false;
  try {
    await joined.connection.sendRequest(ReloadProject);
    return true;
  } finally {
    joined.connection.dispose();
  }
}

/** Addresses by function, as the serving process gives them. */
export async function servedUrls(root: string): Promise<Map<string, string[]>> {
  const joined = await joinServing(root);
  joined?.connection.dispose();
  const functions = joined?.connection.hello.functions ?? [];
  return new Map(functions.map(({ name, urls }) => [name, [...urls.http, urls.invoke]]));
}

async function tail(file: string, from: number): Promise<string> {
  const text = (await readFile(file)).subarray(from).toString('utf8');
  return text.slice(-2000);
}
