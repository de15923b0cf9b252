import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Broadcaster } from '../../../../runtime/host/broadcaster.ts';
import type { FunctionRuntime } from '../../../../runtime/invocations/functionRuntime.ts';
import type { Invocation } from '../../../../runtime/invocations/invocation.ts';
import type { LogEntry } from '../../../../runtime/model/invocationRecord.ts';
import type { RpcConnection } from '../../../../runtime/protocol/control/rpcConnection.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { recordOf } from '../../../support/records.ts';

function setUp({ clients = 1, bufferedBytes = 0 } = {}) {
  const clock = new FakeClock();
  const heard: string[] = [];
  const client = {
    carrier: { bufferedBytes },
    sendNotification(type: { method: string }, params: { id?: string; name?: string; entries?: LogEntry[] }) {
      const entries = params.entries ? ` ${params.entries.map(({ text }) => text).join(',')}` : '';
      heard.push(`${type.method.replace(/^.*\//, '')} ${params.id ?? params.name ?? ''}${entries}`);
    },
  } as unknown as RpcConnection;
  const broadcaster = new Broadcaster(() => Array<RpcConnection>(clients).fill(client), clock);
  const news = () => heard.splice(0);
  return { clock, broadcaster, news };
}

const fn = { definition: { name: 'hello' }, state: () => ({ name: 'hello' }) } as unknown as FunctionRuntime;
const invocationOf = (id: string) => ({ summary: recordOf(id) }) as unknown as Invocation;
const entryOf = (text: string): LogEntry => ({ t: 0, level: 'info', text, stream: 'stdout' });
const idsOf = (heard: string[]) => heard.map((line) => line.split(' ')[1]);

describe('what clients are told', () => {
  it('is gathered, and each thing told once', () => {
    const { clock, broadcaster, news } = setUp();
    const a = invocationOf('a');
    for (let change = 0; change < 5; change++) broadcaster.invocationChanged(fn, a);
    broadcaster.logged(fn, a, entryOf('one'));
    broadcaster.logged(fn, a, entryOf('two'));
    for (let change = 0; change < 5; change++) broadcaster.functionChanged(fn);
    assert.deepEqual(news(), []);
    clock.advance(30);
    const told = news();
    assert.equal(told.length, 3);
    assert.match(told[0]!, / a$/);
    assert.match(told[1]!, / a one,two$/);
    assert.match(told[2]!, / hello$/);
    clock.advance(1000);
    assert.deepEqual(news(), []);
  });

  it('are the latest hundred of a storm', () => {
    const { clock, broadcaster, news } = setUp();
    for (let n = 0; n < 250; n++) broadcaster.invocationChanged(fn, invocationOf(`i${n}`));
    clock.advance(30);
    assert.deepEqual(
      idsOf(news()),
      Array.from({ length: 100 }, (_, n) => `i${150 + n}`),
    );
  });

  it('is the end of every invocation whose beginning was told, whatever the storm', () => {
    const { clock, broadcaster, news } = setUp();
    const known = invocationOf('known');
    broadcaster.invocationChanged(fn, known);
    clock.advance(30);
    assert.deepEqual(idsOf(news()), ['known']);
    broadcaster.invocationChanged(fn, known);
    const untold = invocationOf('untold');
    broadcaster.invocationChanged(fn, untold);
    for (let n = 0; n < 100; n++) broadcaster.invocationChanged(fn, invocationOf(`i${n}`));
    clock.advance(30);
    const told = idsOf(news());
    assert.equal(told.length, 101);
    assert.equal(told[0], 'known');
    assert.ok(!told.includes('untold'));
  });

  it('is nothing while a client does not read what it was sent', () => {
    const { clock, broadcaster, news } = setUp({ bufferedBytes: 16 * 1024 * 1024 });
    broadcaster.invocationChanged(fn, invocationOf('a'));
    clock.advance(30);
    assert.deepEqual(news(), []);
  });

  it('is not gathered when nobody listens', () => {
    const { clock, broadcaster, news } = setUp({ clients: 0 });
    const after = clock.after.bind(clock);
    let timers = 0;
    clock.after = (ms, run) => {
      timers++;
      return after(ms, run);
    };
    broadcaster.invocationChanged(fn, invocationOf('a'));
    broadcaster.logged(fn, invocationOf('b'), entryOf('x'));
    broadcaster.loggedOutside(fn, 'hello#1', entryOf('x'));
    broadcaster.functionChanged(fn);
    assert.equal(timers, 0);
    assert.deepEqual(news(), []);
  });

  it('is sent at once when the host ends', () => {
    const { clock, broadcaster, news } = setUp();
    broadcaster.loggedOutside(fn, 'hello#1', entryOf('last words'));
    broadcaster.flush();
    assert.match(news().join(), /last words$/);
    clock.advance(1000);
    assert.deepEqual(news(), []);
  });
});
