import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachDeclined,
  AttachRequested,
  DebugTargetGone,
  Invoke,
  StartDebugging,
  StopDebugging,
  StopInstance,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { startHostOf } from '../support/hostFixture.ts';

/** A queue of what comes over the connection. */
class Queue<T> {
  #items: T[] = [];
  #waiting: Deferred<T>[] = [];

  push(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(item);
    else this.#items.push(item);
  }

  next(): Promise<T> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift()!);
    const waiting = new Deferred<T>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }
}

/** A host and a client that debugs one function of it; the test plays the debugger. */
async function debugging(t: TestContext, name: string) {
  const host = await startHostOf(t, 'debugging');
  const connect = () =>
    connectControl({
      url: host.control.url,
      token: host.control.token,
      client: { kind: 'editor', name: 'test', pid: process.pid },
    });
  const connection = await connect();
  t.after(() => connection.dispose());
  const targets = new Queue<DebugTarget>();
  const gone = new Queue<string>();
  connection.onNotification(AttachRequested, (target) => targets.push(target));
  connection.onNotification(DebugTargetGone, ({ instance }) => gone.push(instance));
  await connection.sendRequest(StartDebugging, { functions: [name] });
  // The spare that every debugged function gets.
  const spare = await targets.next();
  const invoke = (startKind?: 'cold' | 'prewarmed' | 'warm') =>
    connection.sendRequest(Invoke, {
      function: name,
      event: { encoding: 'utf8', data: '{"name":"Ada"}' },
      ...(startKind && { startKind }),
    });
  return { host, connection, connect, targets, gone, spare, invoke };
}

/** What a debugger does at least. */
async function attach(target: DebugTarget): Promise<CdpClient> {
  const client = await CdpClient.connect(target.websocketAddress, { Host: 'localhost' });
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  return client;
}

suite('debugging through the host', { timeout: 60_000 }, () => {
  test('no code runs before breakpoints are set; pauses do not count', async (t) => {
    const { targets, spare, invoke } = await debugging(t, 'slow');
    const answer = invoke('cold');
    const target = await targets.next();
    assert.deepEqual([target.function, target.instance], ['slow', `slow#${target.sequence}`]);
    assert.notEqual(target.instance, spare.instance);
    const client = await attach(target);
    await client.send('Debugger.setBreakpointByUrl', { lineNumber: 0, urlRegex: '.*quirks.*|.*artifacts.*' });
    await client.send('Runtime.runIfWaitingForDebugger');
    await client.event('Debugger.paused');
    // Longer than the time-out of the function, in whichever phase it stands.
    await client.send('Runtime.evaluate', {
      expression: 'for (const end = Date.now() + 1500; Date.now() < end; );',
    });
    await client.send('Debugger.resume');
    const record = await answer;
    assert.equal(record.status, 'ok');
    assert.equal(record.debugged, true);
    assert.ok(record.durationMs < 1000, `took ${record.durationMs} ms`);
    client.close();
  });

  test('a declined instance runs on, and its record says why', async (t) => {
    const { connection, targets, gone, invoke } = await debugging(t, 'greet');
    const answer = invoke('cold');
    const { instance } = await targets.next();
    connection.sendNotification(AttachDeclined, { instance, reason: 'no debugger here.' });
    const record = await answer;
    assert.equal(await gone.next(), instance);
    assert.equal(record.status, 'ok');
    assert.equal(record.debugged, false);
    assert.deepEqual(record.notes, ['Not debugged: no debugger here.']);
  });

  test('an instance that is ended while it waits is waited for no longer', async (t) => {
    const { connection, targets, gone, invoke } = await debugging(t, 'greet');
    const answer = invoke('cold');
    const { instance } = await targets.next();
    await connection.sendRequest(StopInstance, { instance });
    assert.notEqual((await answer).status, 'ok');
    assert.equal(await gone.next(), instance);
  });

  test('stopping lets a stopped instance run on; a client that goes stops debugging', async (t) => {
    const { connection, connect, targets, invoke } = await debugging(t, 'greet');
    const answer = invoke('cold');
    const client = await attach(await targets.next());
    await client.send('Debugger.setBreakpointByUrl', { lineNumber: 0, urlRegex: '.*artifacts.*' });
    await client.send('Runtime.runIfWaitingForDebugger');
    await client.event('Debugger.paused');
    await connection.sendRequest(StopDebugging);
    const record = await answer;
    await client.closed;
    assert.equal(record.status, 'ok');
    assert.equal((await invoke('warm')).instance?.pid, record.instance?.pid);

    await connection.sendRequest(StartDebugging, {});
    const other = await connect();
    t.after(() => other.dispose());
    await assert.rejects(other.sendRequest(StartDebugging, {}), { code: 'DEBUGGER_BUSY' });
    connection.dispose();
    // The host hears of the closed connection in its own time.
    for (let refused = true; refused;) {
      refused = await other.sendRequest(StartDebugging, {}).then(
        () => false,
        (error: { code?: string }) => error.code === 'DEBUGGER_BUSY' || Promise.reject(error as Error),
      );
    }
    await other.sendRequest(StopDebugging);
  });
});
