import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { openHistory, type History, type HistoryOptions } from '../../../runtime/history/history.ts';
import type { HistoryRequest, ServiceOptions } from '../../../runtime/history/historyService.ts';
import type { DatabaseClass } from '../../../runtime/history/recordDatabase.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { Database, historyInProcess } from '../../support/historyThread.ts';
import { bodyOf, recordOf } from '../../support/records.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const minutes = 60_000;

/** Time goes by; what is asked on the way, by timers, is answered. */
async function passes(clock: FakeClock, ms: number, history: History): Promise<void> {
  clock.advance(1000);
  // Taking what was written goes on behind a question's answer.
  await history.get('nobody');
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

function inProcess(DatabaseOf?: DatabaseClass) {
  let starts = 0;
  const start = historyInProcess(DatabaseOf);
  return {
    startWorker: (options: ServiceOptions) => {
      starts++;
      return start(options);
    },
    starts: () => starts,
  };
}

test('a thread without work ends, and the next question starts another one', async (t) => {
  const clock = new FakeClock();
  const thread = inProcess();
  const history = openHistory(join(tempFolder(t), 'history.db'), { clock, startWorker: thread.startWorker });
  t.after(() => history.close());
  history.add(recordOf('r1'));
  assert.equal((await history.query({ limit: 10, text: 'r1' })).length, 1);
  await passes(clock, 1 * minutes, history);
  history.add(recordOf('r2'));
  assert.equal((await history.query({ limit: 10 })).length, 2, 'it stays while somebody may look');
  assert.equal(thread.starts(), 1);
  await passes(clock, 10 * minutes, history);
  history.add(recordOf('r3'));
  assert.equal((await history.query({ limit: 10 })).length, 3);
  assert.equal(thread.starts(), 2);
});

test('what is asked while a thread is ending is answered by the next', async (t) => {
  const clock = new FakeClock();
  const thread = inProcess();
  const history = openHistory(join(tempFolder(t), 'history.db'), { clock, startWorker: thread.startWorker });
  t.after(() => history.close());
  history.add(recordOf('r1'));
  await history.query({ limit: 10 });
  await passes(clock, 1 * minutes, history);
  clock.advance(10 * minutes);
  const found = await Promise.all([history.get('r1'), history.query({ limit: 10 })]);
  assert.equal(found[0]?.id, 'r1');
  assert.equal(found[1].length, 1);
  assert.equal(thread.starts(), 2);
});

test('a thread that alone has records does not end', async (t) => {
  class Unopened extends Database {
    constructor(file?: string) {
      if (file !== undefined) throw new Error('read-only file system');
      super();
    }
  }
  const clock = new FakeClock();
  const thread = inProcess(Unopened);
  const history = openHistory(join(tempFolder(t), 'history.db'), { clock, startWorker: thread.startWorker });
  t.after(() => history.close());
  history.add(recordOf('r1'));
  assert.equal((await history.query({ limit: 10 })).length, 1);
  await passes(clock, 10 * minutes, history);
  assert.equal((await history.query({ limit: 10 })).length, 1);
  assert.equal(thread.starts(), 1);
});

test('the real thread is gone after its rest, and nothing with it', { timeout: 60_000 }, async (t) => {
  const clock = new FakeClock();
  const workers: Worker[] = [];
  const seen = (worker: Worker) => workers.push(worker);
  process.on('worker', seen);
  t.after(() => process.off('worker', seen));
  const history = openHistory(join(tempFolder(t), 'history.db'), { clock });
  t.after(() => history.close());
  history.add(recordOf('r1'));
  assert.equal((await history.get('r1'))?.id, 'r1');
  const [first] = workers;
  assert.ok(first);
  first.ref();
  let code: number | undefined;
  first.on('exit', (exitCode) => (code = exitCode));
  // It does not end while it takes what was written, and is asked again later.
  while (code === undefined) {
    clock.advance(1 * minutes);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(code, 0);
  assert.equal((await history.get('r1'))?.id, 'r1');
  assert.equal(workers.length, 2);
});

/** A history of which it is known what its thread is asked. */
function watched(t: TestContext, options: HistoryOptions = {}) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const start = historyInProcess();
  const history = openHistory(join(tempFolder(t), 'history.db'), {
    clock,
    startWorker: (of) => {
      const port = start(of);
      return {
        ...port,
        post(message) {
          asked.push((message as { request: HistoryRequest }).request.do);
          port.post(message);
        },
      };
    },
    ...options,
  });
  t.after(() => history.close());
  const add = (count: number, characters: number): Promise<void> => {
    for (let index = 0; index < count; index++)
      history.add(recordOf(`${clock.nowUs()}-${index}`, { event: bodyOf('x'.repeat(characters)) }));
    return new Promise((resolve) => history.acknowledge(resolve));
  };
  return { clock, history, asked, add };
}

test('no thread is started for a few records as long as nobody asks', async (t) => {
  const { clock, history, asked, add } = watched(t);
  await add(20, 1000);
  clock.advance(10 * minutes);
  assert.deepEqual(asked, []);
  assert.equal((await history.query({ limit: 100 })).length, 20);
});

test('many records are taken when calls have come to rest', async (t) => {
  const { clock, asked, add } = watched(t);
  await add(60, 10_000);
  for (let count = 0; count < 5; count++) {
    clock.advance(4000);
    await add(1, 1000);
  }
  assert.deepEqual(asked, []);
  clock.advance(10_000);
  assert.deepEqual(asked, ['take']);
});

test('many more records are taken while calls go on', async (t) => {
  const { clock, asked, add } = watched(t);
  for (let count = 0; count < 4; count++) {
    await add(40, 250_000);
    clock.advance(4000);
  }
  assert.equal(asked[0], 'take');
});

test('what the journal does not take goes to the thread soon', async (t) => {
  const { clock, history, asked, add } = watched(t, {
    journalFiles: {
      makeFolder: () => {
        throw new Error('read-only file system');
      },
      open: () => 0,
      write: () => 0,
      close: () => {},
      remove: () => {},
    },
  });
  await add(1, 10);
  clock.advance(1000);
  assert.deepEqual(asked, ['take']);
  assert.equal((await history.query({ limit: 100 })).length, 1);
});
