import { spawn, type ChildProcess } from 'node:child_process';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { cleanEnvironment } from '../../runtime/support/cleanEnvironment.ts';
import { groupOptions, killTree } from '../../runtime/support/processTree.ts';
import { parseHostAddress, type HostAddress } from './hostFile.ts';
import type { FoundNode } from './nodeFinder.ts';
import { phrase, type Phrase } from '../../runtime/support/l10n.ts';

/** How a host process ended. `stderr` is the last of what it said. */
export interface HostExit {
  code: number | null;
  signal: string | null;
  stderr: string;
}

/** A host process of ours. `dispose` is the last resort and kills at once; `stop` is orderly. */
export interface HostProcess extends Disposable {
  pid: number;
  address: HostAddress;
  /** Never rejects. */
  stopped: Promise<HostExit>;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  node: FoundNode;
  /** Absolute path of `porchlight.cjs`. */
  program: string;
  root: string;
  /** Lines the host writes for people, as they come. */
  onLine: (line: string) => void;
  readyTimeoutMs?: number;
  stopTimeoutMs?: number;
}

const keptStderr = 8 * 1024;
const maxReadyBytes = 64 * 1024;

/** Calls back for each full line; what is longer than the bound is cut there. */
function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = (lines.pop() ?? '').slice(-maxReadyBytes);
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest) onLine(rest);
  });
}

/**
 * Starts a host for a folder; resolves when it is ready. Its standard input stays open: when this process ends, however it
 * ends, the host sees that and goes. A start that fails rejects with `HOST_START_FAILED` and what the host said.
 */
export async function launchHost(options: LaunchOptions): Promise<HostProcess> {
  const { node, program, root } = options;
  const child = spawn(node.path, [program, 'start', root, '--json', '--parent'], {
    cwd: root,
    env: { ...cleanEnvironment(), ...node.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...groupOptions(),
  });
  const stopped = new Deferred<HostExit>();
  const ready = new Deferred<HostAddress>();
  let stderr = '';
  const failed = (detail: string | Phrase, cause?: unknown) =>
    new PorchlightError('HOST_START_FAILED', { root, detail }, cause === undefined ? {} : { cause });

  child.once('error', (error) => {
    ready.reject(
      failed(phrase('{path} cannot be run ({problem}).', { path: node.path, problem: error.message }), error),
    );
    stopped.resolve({ code: null, signal: null, stderr: error.message });
  });
  // 'close' comes after the pipes are read to their ends, so that stderr is whole.
  child.once('close', (code, signal) => {
    const exit = { code, signal, stderr: stderr.trim() };
    ready.reject(new EarlyExit(root, exit));
    stopped.resolve(exit);
  });
  // Writing to a host that is gone is no news: 'close' tells.
  child.stdin.on('error', () => {});
  eachLine(child.stderr, (line) => {
    stderr = `${stderr}${line}\n`.slice(-keptStderr);
    options.onLine(line);
  });
  eachLine(child.stdout, (line) => {
    if (ready.settled) return options.onLine(line);
    const address = parseHostAddress(line);
    if (address) ready.resolve(address);
    else
      ready.reject(
        failed(phrase('its first line is not its address: {line}.', { line: line.slice(0, 200) })),
      );
  });

  const timeoutMs = options.readyTimeoutMs ?? 30_000;
  const timer = setTimeout(() => {
    ready.reject(
      failed(
        phrase('it was not ready after {seconds} s.{said}', {
          seconds: timeoutMs / 1000,
          said: stderr ? phrase(' It said: {text}', { text: stderr.trim() }) : undefined,
        }),
      ),
    );
  }, timeoutMs);
  try {
    const address = await ready.promise;
    return hostProcess(child, address, stopped.promise, options.stopTimeoutMs ?? 4000);
  } catch (error) {
    killTree(child);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The host ended before it was ready. */
export class EarlyExit extends PorchlightError {
  readonly exit: HostExit;

  constructor(root: string, exit: HostExit) {
    super('HOST_START_FAILED', { root, detail: describeExit(exit) });
    this.exit = exit;
  }
}

/** An exit in words, with the last lines the host wrote. */
export function describeExit(exit: HostExit): Phrase {
  const how = exit.signal
    ? phrase('it was ended by {signal}', { signal: exit.signal })
    : phrase('it ended with code {code}', { code: String(exit.code) });
  const lines = exit.stderr.split('\n').filter(Boolean).slice(-4).join(' ');
  return lines ? phrase('{how}: {lines}', { how, lines }) : phrase('{text}.', { text: how });
}

function hostProcess(
  child: ChildProcess,
  address: HostAddress,
  stopped: Promise<HostExit>,
  stopTimeoutMs: number,
): HostProcess {
  return {
    pid: child.pid ?? address.pid,
    address,
    stopped,
    async stop() {
      child.stdin?.end();
      const timer = setTimeout(() => killTree(child), stopTimeoutMs);
      await stopped;
      clearTimeout(timer);
    },
    dispose() {
      child.stdin?.destroy();
      if (child.exitCode === null && child.signalCode === null) killTree(child);
    },
  };
}
