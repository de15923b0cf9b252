import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { ToldBreakpoints } from '../../../../../extension/debug/doctor/toldBreakpoints.ts';

interface Tracker {
  onWillReceiveMessage(message: unknown): void;
  onDidSendMessage(message: unknown): void;
  onWillStopSession(): void;
}

suite('what debuggers tell of breakpoints', () => {
  let told: ToldBreakpoints;
  let factories: Map<string, (session: unknown) => unknown>;
  let breakpointsChanged: (change: unknown) => void;
  let changes: number;
  let sequence = 0;

  beforeEach(() => {
    changes = 0;
    factories = new Map();
    const debug = {
      registerDebugAdapterTrackerFactory: (
        type: string,
        factory: { createDebugAdapterTracker: (session: unknown) => unknown },
      ) => {
        factories.set(type, factory.createDebugAdapterTracker);
        return { dispose: () => {} };
      },
      onDidChangeBreakpoints: (listener: typeof breakpointsChanged) => {
        breakpointsChanged = listener;
        return { dispose: () => {} };
      },
    };
    told = new ToldBreakpoints({ debug } as never, (path) => path.toLowerCase());
    told.onDidChange(() => changes++);
  });

  const create = (given: unknown) => factories.get('pwa-node')!(given);
  const session = (instance: string) =>
    create({
      configuration: {},
      parentSession: { configuration: { porchlightInstance: instance } },
    }) as Tracker;
  /** Of a debugger that an instance brings along: it has one session only. */
  const ownSession = (language: 'python' | 'go', instance: string) =>
    factories.get(`porchlight-${language}`)!({ configuration: { porchlightInstance: instance } }) as Tracker;

  function set(tracker: Tracker, path: string, lines: number[], answers: object[]): void {
    const seq = ++sequence;
    const breakpoints = lines.map((line) => ({ line }));
    tracker.onWillReceiveMessage({
      seq,
      command: 'setBreakpoints',
      arguments: { source: { path }, breakpoints },
    });
    tracker.onDidSendMessage({
      type: 'response',
      command: 'setBreakpoints',
      request_seq: seq,
      success: true,
      body: { breakpoints: answers },
    });
  }
  const event = (tracker: Tracker, name: string, body: object) =>
    tracker.onDidSendMessage({ type: 'event', event: name, body });

  test('sessions of others are none of ours', () => {
    assert.equal(create({ parentSession: { configuration: { name: 'other' } } }), undefined);
    assert.equal(create({}), undefined);
    assert.equal(factories.get('porchlight-python')!({ configuration: {} }), undefined);
  });

  test('a debugger that notes every breakpoint has set none for sure', () => {
    const python = ownSession('python', 'hello#1');
    set(python, '/p/a.py', [3], [{ id: 1, verified: true, line: 2 }]);
    assert.deepEqual(told.of('/p/a.py', 3), { instances: [], noted: ['hello#1'], line: 2, stops: 0 });
  });

  test('what a debugger refuses is kept in its own words, while it is there or for its own call', () => {
    const go = ownSession('go', 'hello#1');
    const message = 'could not find file /p/a.go';
    set(
      go,
      '/p/a.go',
      [3, 4],
      [
        { verified: false, message },
        { id: 2, verified: true, line: 4 },
      ],
    );
    assert.deepEqual(told.of('/p/a.go', 3), { instances: [], stops: 0, refused: message });
    assert.deepEqual(told.of('/p/a.go', 4), { instances: ['hello#1'], line: 4, stops: 0 });
    go.onWillStopSession();
    assert.equal(told.of('/p/a.go', 3).refused, undefined);
    assert.equal(told.of('/p/a.go', 3, 'hello#1').refused, message);
    // What js-debug says of one that is not set is no refusal: its code may still be loaded.
    set(session('other#1'), '/p/a.ts', [3], [{ id: 1, verified: false, message: 'Unbound breakpoint' }]);
    assert.deepEqual(told.of('/p/a.ts', 3), { instances: [], stops: 0 });
  });

  test('a debugger that does not say at which breakpoint it stopped: the stack tells', () => {
    const python = ownSession('python', 'hello#1');
    set(python, '/p/a.py', [3], [{ id: 1, verified: true, line: 3 }]);
    const stack = (line: number, threadId = 7) => {
      const seq = ++sequence;
      python.onWillReceiveMessage({ seq, command: 'stackTrace', arguments: { threadId } });
      python.onDidSendMessage({
        type: 'response',
        command: 'stackTrace',
        request_seq: seq,
        success: true,
        body: { stackFrames: [{ line, source: { path: '/p/A.py' } }] },
      });
    };
    stack(3);
    assert.equal(told.of('/p/a.py', 3).stops, 0);
    event(python, 'stopped', { reason: 'breakpoint', threadId: 7 });
    stack(3, 8);
    assert.equal(told.of('/p/a.py', 3).stops, 0);
    stack(3);
    stack(3);
    assert.equal(told.of('/p/a.py', 3).stops, 1);
    event(python, 'stopped', { reason: 'breakpoint', threadId: 7 });
    event(python, 'stopped', { reason: 'step', threadId: 7 });
    stack(3);
    assert.equal(told.of('/p/a.py', 3).stops, 1);
  });

  test('stops of another breakpoint that was on the line are forgotten', () => {
    const one = session('hello#1');
    set(one, '/p/a.ts', [3], [{ id: 1, verified: true, line: 4 }]);
    event(one, 'stopped', { reason: 'breakpoint', hitBreakpointIds: [1] });
    assert.equal(told.of('/p/a.ts', 3).stops, 1);
    const location = { uri: { fsPath: '/p/a.ts' }, range: { start: { line: 2 } } };
    breakpointsChanged({ added: [], removed: [], changed: [{ location }] });
    assert.equal(told.of('/p/a.ts', 3).stops, 0);
  });

  test('set at once, set later, moved, hit', () => {
    const one = session('hello#1');
    const two = session('hello#2');
    set(
      one,
      '/p/A.ts',
      [3, 5],
      [
        { id: 1, verified: true, line: 3 },
        { id: 2, verified: false },
      ],
    );
    set(
      two,
      '/p/a.ts',
      [3, 5],
      [
        { id: 1, verified: false },
        { id: 2, verified: false },
      ],
    );
    assert.deepEqual(told.of('/p/a.ts', 3), { instances: ['hello#1'], line: 3, stops: 0 });
    assert.deepEqual(told.of('/p/a.ts', 5), { instances: [], stops: 0 });
    for (const tracker of [one, two])
      event(tracker, 'breakpoint', { reason: 'changed', breakpoint: { id: 2, verified: true, line: 6 } });
    // By the line it was asked for, and by the one it has got.
    for (const line of [5, 6])
      assert.deepEqual(told.of('/p/a.ts', line), { instances: ['hello#1', 'hello#2'], line: 6, stops: 0 });
    event(two, 'stopped', { reason: 'breakpoint', hitBreakpointIds: [2] });
    assert.equal(told.of('/p/a.ts', 5).stops, 1);
    assert.equal(told.of('/p/a.ts', 3).stops, 0);
    assert.equal(changes, 5);
  });

  test('a session that is over counts for its own instance only', () => {
    const one = session('hello#1');
    set(one, '/p/a.ts', [3], [{ id: 1, verified: true, line: 3 }]);
    one.onWillStopSession();
    assert.deepEqual(told.of('/p/a.ts', 3).instances, []);
    assert.deepEqual(told.of('/p/a.ts', 3, 'hello#1').instances, ['hello#1']);
    for (let number = 2; number < 60; number++) session(`hello#${number}`).onWillStopSession();
    assert.deepEqual(told.of('/p/a.ts', 3, 'hello#1').instances, []);
  });

  test('all breakpoints off: an empty list is sent', () => {
    const one = session('hello#1');
    assert.equal(told.wasSentNone('/p/a.ts'), false);
    set(one, '/p/a.ts', [3], [{ id: 1, verified: true, line: 3 }]);
    assert.equal(told.wasSentNone('/p/a.ts'), false);
    set(one, '/p/a.ts', [], []);
    assert.equal(told.wasSentNone('/p/a.ts'), true);
    assert.deepEqual(told.of('/p/a.ts', 3).instances, []);
  });
});
