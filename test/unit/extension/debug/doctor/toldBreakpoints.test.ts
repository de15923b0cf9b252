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
  let create: (session: unknown) => unknown;
  let changes: number;
  let sequence = 0;

  beforeEach(() => {
    changes = 0;
    const debug = {
      registerDebugAdapterTrackerFactory: (
        _type: string,
        factory: { createDebugAdapterTracker: typeof create },
      ) => {
        create = factory.createDebugAdapterTracker;
        return { dispose: () => {} };
      },
    };
    told = new ToldBreakpoints({ debug } as never, (path) => path.toLowerCase());
    told.onDidChange(() => changes++);
  });

  const session = (instance: string) =>
    create({ parentSession: { configuration: { porchlightInstance: instance } } }) as Tracker;

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
