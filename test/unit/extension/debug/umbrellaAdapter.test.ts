import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { UmbrellaAdapter, type UmbrellaActions } from '../../../../extension/debug/umbrellaAdapter.ts';
import { settle } from '../../../support/fakeHosts.ts';

interface Message {
  type: string;
  event?: string;
  command?: string;
  success?: boolean;
  message?: string;
  body?: unknown;
}

suite('the adapter of the session over all instances', () => {
  let calls: string[];
  let sent: string[];
  let bodies: unknown[];
  let actions: UmbrellaActions;
  let adapter: UmbrellaAdapter;
  let sequence = 0;

  beforeEach(() => {
    calls = [];
    sent = [];
    bodies = [];
    actions = {
      start: async () => void calls.push('start'),
      stop: async () => void calls.push('stop'),
      covers: (path) => path.startsWith('/p/'),
    };
    adapter = new UmbrellaAdapter(actions);
    adapter.onDidSendMessage((message) => {
      const { type, event, command, success, message: text, body } = message as Message;
      sent.push(type === 'event' ? `event ${event}` : `${command} ${success ? 'ok' : `failed: ${text}`}`);
      bodies.push(body);
    });
  });

  async function ask(command: string, args?: unknown): Promise<void> {
    adapter.handleMessage({ type: 'request', seq: ++sequence, command, arguments: args } as never);
    await settle();
  }

  test('starts, and stops once', async () => {
    for (const command of ['initialize', 'launch', 'configurationDone', 'threads']) await ask(command);
    for (const command of ['terminate', 'disconnect']) await ask(command);
    adapter.dispose();
    assert.deepEqual(sent, [
      'initialize ok',
      'event initialized',
      'launch ok',
      'configurationDone ok',
      'threads ok',
      'terminate ok',
      'event terminated',
      'disconnect ok',
    ]);
    assert.deepEqual(calls, ['start', 'stop']);
  });

  test('a session whose window closes stops as well', async () => {
    await ask('initialize');
    adapter.dispose();
    assert.deepEqual(calls, ['stop']);
  });

  test('a failed start is shown in the words of the error', async () => {
    actions.start = () => Promise.reject(new Error('Another window {x} is debugging.'));
    await ask('launch');
    assert.deepEqual(sent, ['launch failed: Another window {x} is debugging.']);
    assert.deepEqual(bodies, [
      { error: { id: 1, format: 'Another window (x) is debugging.', showUser: true } },
    ]);
  });

  test('no breakpoint counts as set by this session, and each says why', async () => {
    await ask('setBreakpoints', {
      source: { path: '/p/a.ts' },
      breakpoints: [{ line: 3 }, { line: 4, column: 2 }],
    });
    await ask('setBreakpoints', { source: { path: '/q/a.ts' }, breakpoints: [{ line: 3 }] });
    await ask('setExceptionBreakpoints', { filters: [] });
    const covered = { verified: false, message: 'Set as soon as an instance loads this file.' };
    const message = 'This file does not belong to a function that is being debugged.';
    assert.deepEqual(bodies, [
      {
        breakpoints: [
          { id: 1, line: 3, ...covered },
          { id: 2, line: 4, column: 2, ...covered },
        ],
      },
      { breakpoints: [{ id: 3, verified: false, line: 3, message }] },
      { breakpoints: [] },
    ]);
  });

  test('what is found out about breakpoints follows, and again when something happened', async () => {
    let texts: (string | undefined)[] = ['No code here.', undefined];
    actions.describe = async (path, lines) => {
      calls.push(`${path}:${lines.join()}`);
      return texts;
    };
    await ask('setBreakpoints', { source: { path: '/p/a.ts' }, breakpoints: [{ line: 3 }, { line: 4 }] });
    await new Promise(setImmediate);
    await settle();
    texts = ['No code here.', 'Not loaded.'];
    await adapter.refresh();
    await ask('setBreakpoints', { source: { path: '/p/a.ts' }, breakpoints: [] });
    await adapter.refresh();
    assert.deepEqual(calls, ['/p/a.ts:3,4', '/p/a.ts:3,4']);
    assert.deepEqual(sent, [
      'setBreakpoints ok',
      'event breakpoint',
      'event breakpoint',
      'setBreakpoints ok',
    ]);
    assert.deepEqual(bodies.slice(1, 3), [
      { reason: 'changed', breakpoint: { id: 1, line: 3, message: 'No code here.', verified: false } },
      { reason: 'changed', breakpoint: { id: 2, line: 4, message: 'Not loaded.', verified: false } },
    ]);
  });

  test('what only an instance can do is refused', async () => {
    await ask('evaluate', { expression: '1' });
    await ask('pause');
    assert.deepEqual(sent, [
      'evaluate failed: Expressions are evaluated in an instance: stop at a breakpoint, or choose an instance.',
      'pause failed: Choose an instance in the call stack first.',
    ]);
  });

  test('the host going ends the session, once', async () => {
    adapter.end();
    adapter.end();
    assert.deepEqual(sent, ['event terminated']);
  });
});
