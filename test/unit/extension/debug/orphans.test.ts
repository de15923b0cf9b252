import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachConfiguration } from '../../../../extension/debug/configuration.ts';
import { endOrphans } from '../../../../extension/debug/orphans.ts';
import type { DebugTarget } from '../../../../runtime/protocol/control/messages.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';
import { FakeClock } from '../../../support/fakeClock.ts';

interface Session {
  id: string;
  type: string;
  parentSession?: Session;
  configuration: object;
  customRequest(command: string, args: unknown): Promise<void>;
}

function set() {
  const [began, over] = [new Emitter<Session>(), new Emitter<Session>()];
  const clock = new FakeClock();
  const umbrellas = new Set(['u']);
  const asked: string[] = [];
  const session = (id: string, type: string, parentSession?: Session): Session => ({
    id,
    type,
    ...(parentSession && { parentSession }),
    configuration: parentSession
      ? attachConfiguration(
          {
            instance: 'hello#1',
            websocketAddress: 'ws://127.0.0.1:1/x',
            generated: [],
            skip: [],
          } as unknown as DebugTarget,
          '/p',
        )
      : {},
    customRequest: (command, args) => {
      asked.push(`${id} ${command} ${JSON.stringify(args)}`);
      return asked.length === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    },
  });
  const debug = { onDidStartDebugSession: began.event, onDidTerminateDebugSession: over.event };
  endOrphans({ debug } as never, { clock, isDebugging: (id) => umbrellas.has(id) });
  const umbrella = session('u', 'porchlight');
  const stop = () => {
    umbrellas.delete('u');
    over.fire(umbrella);
  };
  return { began, over, clock, umbrellas, asked, umbrella, child: session('c', 'pwa-node', umbrella), stop };
}

const disconnect = 'c disconnect {"terminateDebuggee":false}';

test('a session that outlives the umbrella is ended, and asked again while it is not ready', () => {
  const { began, over, clock, asked, child, stop } = set();
  began.fire(child);
  stop();
  assert.deepEqual(asked, []);
  clock.advance(1000);
  assert.deepEqual(asked, [disconnect]);
  clock.advance(1000);
  assert.deepEqual(asked, [disconnect, disconnect]);
  over.fire(child);
  clock.advance(60_000);
  assert.equal(asked.length, 2);
});

test('one that begins after the end is ended as well; one that ends by itself is left alone', () => {
  const late = set();
  late.stop();
  late.began.fire(late.child);
  late.clock.advance(1000);
  assert.deepEqual(late.asked, [disconnect]);
  const usual = set();
  usual.began.fire(usual.child);
  usual.stop();
  usual.over.fire(usual.child);
  usual.clock.advance(60_000);
  assert.deepEqual(usual.asked, []);
});

test('a restarted umbrella keeps its sessions', () => {
  const { began, clock, umbrellas, asked, child, stop } = set();
  began.fire(child);
  stop();
  umbrellas.add('u');
  clock.advance(60_000);
  assert.deepEqual(asked, []);
});
