import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachRequested,
  DebuggerMissing,
  Invoke,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import type { Host } from '../../runtime/host/host.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { DapClient } from './dapClient.ts';

/** A client that debugs the functions of a host, of languages whose debuggers speak the Debug Adapter Protocol. */
export async function connectDebugger(t: TestContext, host: Host) {
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    client: { kind: 'editor', name: 'test', pid: process.pid },
  });
  t.after(() => connection.dispose());
  const targets: DebugTarget[] = [];
  let waiting: Deferred<DebugTarget> | undefined;
  connection.onNotification(AttachRequested, (target) => {
    if (waiting) waiting.resolve(target);
    else targets.push(target);
    waiting = undefined;
  });
  const next = (): Promise<DebugTarget> => {
    const known = targets.shift();
    if (known) return Promise.resolve(known);
    waiting = new Deferred();
    return waiting.promise;
  };
  const missing = new Deferred<string>();
  connection.onNotification(DebuggerMissing, ({ message }) => missing.resolve(message));
  const invoke = (startKind?: 'cold' | 'prewarmed' | 'warm', name = 'Ada') =>
    connection.sendRequest(Invoke, {
      function: 'greet',
      event: { encoding: 'utf8', data: JSON.stringify({ name }) },
      ...(startKind && { startKind }),
    });
  return { root: host.options.root, connection, next, missing, invoke };
}

/** What an editor does until its breakpoints are set: `options` are the attach request's, `file` is in the root. */
export async function attachDebugger(
  target: DebugTarget,
  options: Record<string, unknown>,
  { root, file, lines }: { root: string; file: string; lines: number[] },
): Promise<DapClient> {
  const client = await DapClient.connect(target.websocketAddress);
  await client.send('initialize', { adapterID: 'test', linesStartAt1: true, pathFormat: 'path' });
  const attached = client.send('attach', options);
  await client.event('initialized');
  await client.send('setBreakpoints', {
    source: { path: join(root, file) },
    breakpoints: lines.map((line) => ({ line })),
  });
  await client.send('configurationDone');
  await attached;
  return client;
}

/** Waits for the next stop. */
export async function stoppedAt(client: DapClient): Promise<{ line: number; thread: number }> {
  const { threadId } = await client.event('stopped');
  const { stackFrames } = await client.send('stackTrace', { threadId, levels: 1 });
  const [frame] = stackFrames as { line: number }[];
  return { line: frame!.line, thread: threadId as number };
}
