import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { attachLimits } from '../../../../runtime/host/debugSession.ts';
import { DebugSessions, maxAttached, type DebugClient } from '../../../../runtime/host/debugSessions.ts';
import type { DetachInfo, InspectorRelay } from '../../../../runtime/languages/nodejs/inspectorRelay.ts';
import type { PauseInfo } from '../../../../runtime/languages/nodejs/inspectorMessages.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';
import { FakeClock } from '../../../support/fakeClock.ts';

/** A relay without sockets: the test plays the debugger and the inspector. */
class FakeRelay implements InspectorRelay {
  readonly url: string;
  paused = false;
  readonly readiness = new Deferred<void>();
  readonly connected = new Emitter<void>();
  readonly pauses = new Emitter<PauseInfo>();
  readonly resumes = new Emitter<void>();
  readonly detaches = new Emitter<DetachInfo>();
  readonly onDidConnect = this.connected.event;
  readonly onDidPause = this.pauses.event;
  readonly onDidResume = this.resumes.event;
  readonly onDidDetach = this.detaches.event;
  disposed = false;

  constructor(url: string) {
    this.url = url;
    this.readiness.promise.catch(() => {});
  }

  get ready(): Promise<void> {
    return this.readiness.promise;
  }

  pausedUs(): number {
    return 42;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.readiness.reject(new Error('disposed'));
    this.detaches.fire({ by: 'owner' });
  }
}

/** A client that writes down what it is told. */
function client(): DebugClient & { told: string[] } {
  const told: string[] = [];
  const tell = (type: { method: string }, params?: { instance: string; websocketAddress?: string }) => {
    told.push([type.method, params?.instance, params?.websocketAddress].filter(Boolean).join(' '));
  };
  return { told, sendNotification: tell as DebugClient['sendNotification'] };
}

suite('debug sessions', () => {
  let clock: FakeClock;
  let relays: FakeRelay[];
  let sessions: DebugSessions;
  let changes: number;

  beforeEach(() => {
    clock = new FakeClock();
    relays = [];
    changes = 0;
    sessions = new DebugSessions({
      clock,
      globs: () => ({ generated: ['C:\\p\\.porchlight\\**'], skip: [] }),
      debuggerOf: () => ({
        id: 'js-debug',
        createRelay: async ({ inspectorUrl }) => {
          const relay = new FakeRelay(`relay of ${inspectorUrl}`);
          relays.push(relay);
          return relay;
        },
      }),
    });
    sessions.onDidChange(() => changes++);
  });

  const instance = (sequence: number, name = 'hello') => ({
    id: `${name}#${sequence}`,
    function: name,
    sequence,
    pid: 1000 + sequence,
    inspectorUrl: `ws${sequence}`,
  });

  /** Starts an attach and waits until the client has been told. */
  async function begin(sequence: number, name?: string) {
    const outcome = sessions.attach(instance(sequence, name));
    await Promise.resolve();
    await new Promise(setImmediate);
    return outcome.then((result) => ('declined' in result ? result.declined : result));
  }

  test('an instance waits until breakpoints are set, and tells its pauses', async () => {
    const editor = client();
    sessions.start(editor);
    assert.equal(changes, 1);
    assert.equal(sessions.isDebugging('hello'), true);
    const attaching = begin(1);
    await new Promise(setImmediate);
    assert.deepEqual(editor.told, ['debug/attachRequested hello#1 relay of ws1']);
    relays[0]!.connected.fire();
    relays[0]!.readiness.resolve();
    const attached = await attaching;
    assert.ok(typeof attached !== 'string');
    assert.equal(attached.pausedUs(), 42);
    relays[0]!.paused = true;
    assert.equal(attached.paused, true);
    let detached = 0;
    attached.onDidDetach(() => detached++);
    relays[0]!.detaches.fire({ by: 'client' });
    assert.equal(detached, 1);
    assert.deepEqual(editor.told.slice(1), ['debug/targetGone hello#1']);
  });

  test('nobody is attached when nobody debugs, or debugs other functions', async () => {
    assert.equal(await begin(1), 'debugging was stopped.');
    sessions.start(client(), ['other']);
    assert.equal(sessions.isDebugging('hello'), false);
    assert.equal(await begin(1), 'debugging was stopped.');
    assert.equal(relays.length, 0);
  });

  const waits: { name: string; act: () => void | Promise<void>; declined: string }[] = [
    {
      name: 'an editor that does not connect',
      act: () => clock.advance(attachLimits.connectMs),
      declined: 'the editor did not connect within 10 s.',
    },
    {
      name: 'an editor that connects and gets stuck',
      act: () => {
        relays[0]!.connected.fire();
        clock.advance(attachLimits.connectMs);
        assert.equal(relays[0]!.disposed, false);
        clock.advance(attachLimits.readyMs);
      },
      declined: 'the editor did not set its breakpoints within 30 s.',
    },
    {
      name: 'an inspector that cannot be reached',
      act: () => relays[0]!.detaches.fire({ by: 'inspector', error: new Error('it is gone') }),
      declined: 'it is gone',
    },
  ];
  for (const { name, act, declined } of waits) {
    test(`${name} is not waited for: the instance goes on`, async () => {
      sessions.start(client());
      const outcome = begin(1);
      await new Promise(setImmediate);
      await act();
      assert.equal(await outcome, declined);
      assert.equal(relays[0]!.disposed, true);
    });
  }

  test('the editor may decline, and only the one that debugs', async () => {
    const editor = client();
    sessions.start(editor);
    const outcome = begin(1);
    await new Promise(setImmediate);
    sessions.declined(client(), 'hello#1', 'not mine to say');
    sessions.declined(editor, 'hello#1', 'js-debug is disabled.');
    assert.equal(await outcome, 'js-debug is disabled.');
  });

  test('an instance that ends is not waited for', async () => {
    sessions.start(client());
    const gone = new Deferred<void>();
    const outcome = sessions.attach({ ...instance(1), gone: gone.promise });
    gone.resolve();
    assert.deepEqual(await outcome, { declined: 'the instance ended.' });
  });

  test('one client debugs at a time', () => {
    const [first, second] = [client(), client()];
    sessions.start(first);
    assert.throws(() => sessions.start(second), { code: 'DEBUGGER_BUSY' });
    sessions.stop(second);
    assert.equal(sessions.isDebugging('hello'), true);
    sessions.clientGone(first);
    assert.equal(sessions.isDebugging('hello'), false);
    sessions.start(second);
  });

  test('stopping detaches every instance', async () => {
    const editor = client();
    sessions.start(editor);
    const waiting = begin(1);
    const attaching = begin(2);
    await new Promise(setImmediate);
    relays[1]!.readiness.resolve();
    const attached = await attaching;
    assert.ok(typeof attached !== 'string');
    let detached = 0;
    attached.onDidDetach(() => detached++);
    sessions.stop(editor);
    assert.equal(await waiting, 'debugging was stopped.');
    assert.equal(detached, 1);
    assert.deepEqual(
      relays.map(({ disposed }) => disposed),
      [true, true],
    );
    // A listener that comes late is told as well.
    await new Promise<unknown>((resolve) => attached.onDidDetach(resolve));
  });

  test('narrowing to other functions detaches the rest', async () => {
    const editor = client();
    sessions.start(editor);
    const attaching = begin(1);
    await new Promise(setImmediate);
    sessions.start(editor, ['other']);
    assert.equal(await attaching, 'debugging was stopped.');
  });

  test(`instances beyond ${maxAttached} run without a debugger until one leaves`, async () => {
    sessions.start(client());
    const attaching = Array.from({ length: maxAttached }, (_, index) => begin(index + 1));
    assert.match((await begin(99)) as string, /instances are debugged already/);
    await new Promise(setImmediate);
    relays[0]!.detaches.fire({ by: 'client' });
    await attaching[0];
    const another = begin(100);
    await new Promise(setImmediate);
    relays.at(-1)!.readiness.resolve();
    assert.ok(typeof (await another) !== 'string');
    sessions.dispose();
    await Promise.all(attaching);
  });

  test('globs have forward slashes', async () => {
    let target: { generated: string[] } | undefined;
    sessions.start({
      sendNotification: (_type: unknown, params?: unknown) => (target ??= params as never),
    } as never);
    void begin(1);
    await new Promise(setImmediate);
    assert.deepEqual(target?.generated, ['C:/p/.porchlight/**']);
    sessions.dispose();
  });
});
