// @workspace test/fixtures/debugging
// @alone
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { DebugDriver } from '../debugDriver.ts';

const file = 'src/greet.ts';
const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');
/** `PORCHLIGHT_DEBUG_ROUNDS=200` takes some minutes. */
const rounds = Number(process.env['PORCHLIGHT_DEBUG_ROUNDS'] ?? 40);

suite('Debugging for a long time', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  test(`${rounds} rounds of edit, save and call stop at the moved lines, in one session`, async function () {
    this.timeout(rounds * 8000);
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const umbrellas = driver.started.filter((name) => name === 'Functions').length;
    for (let round = 0; round < rounds; round++) {
      if (round > 0) await driver.edit(file, [['const greeting', `// Line ${round} more.\nconst greeting`]]);
      const stops = [`greet.ts:${1 + round}`, `greet.ts:${10 + round}`];
      const record = await driver.passing(driver.invoke('greet', event), stops);
      assert.equal(record.status, 'ok', `round ${round}`);
    }
    assert.equal(driver.started.filter((name) => name === 'Functions').length, umbrellas);
  });

  test('of twenty cold starts at once every attached one stops, and no session is left', async () => {
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const answers = Array.from({ length: 20 }, (_, name) => driver.invoke('greet', { name }, 'cold'));
    const all = Promise.all(answers);
    const stops: string[] = [];
    for (;;) {
      const stop = await Promise.race([driver.stop(), all.then(() => undefined)]);
      if (!stop) break;
      stops.push(stop.at);
      await driver.resume(stop);
    }
    const records = await all;
    const debugged = records.filter((record) => record.debugged).length;
    assert.ok(debugged >= 5, `${debugged} were attached`);
    const at = (line: string) => stops.filter((one) => one === line).length;
    const lines = [...new Set(stops)];
    assert.deepEqual(lines.map(at), [debugged, debugged], lines.join());
    for (const record of records) {
      assert.equal(record.status, 'ok');
      if (!record.debugged) assert.match(record.notes.join(' '), /^Not debugged: .*are debugged already/);
    }
    await driver.end();
    assert.equal(driver.ended.length, driver.started.length);
  });

  test('twenty cold starts over some seconds each stop on their first line and in the handler', async function () {
    this.timeout(180_000);
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const api = await driver.host.api();
    const stops: string[] = [];
    let running = 0;
    let over = false;
    const resuming = (async () => {
      for (;;) {
        const stop = await driver.stop();
        if (over) return;
        stops.push(stop.at);
        await driver.resume(stop);
      }
    })();
    const ended = new vscode.EventEmitter<void>();
    const one = async (name: number) => {
      running++;
      const record = await driver.invoke('greet', { name }, 'cold');
      assert.deepEqual([record.status, record.debugged, record.notes], ['ok', true, []]);
      // Ten may be attached at once; those that are done make room.
      await api.stopInstance(record.instance!.id);
      running--;
      ended.fire();
    };
    const all: Promise<void>[] = [];
    for (let index = 0; index < 20; index++) {
      // On a busy machine they would pile up until some are not debugged.
      await driver.until(() => running < 6, ended.event);
      all.push(one(index));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await Promise.race([Promise.all(all), resuming]);
    over = true;
    const lines = [...new Set(stops)];
    assert.deepEqual(
      lines.map((line) => stops.filter((at) => at === line).length),
      [20, 20],
      stops.join(),
    );
    await driver.end();
    assert.equal(driver.ended.length, driver.started.length);
  });

  test('fifty instances come and go under a session without a stop lost or anything left', async function () {
    this.timeout(300_000);
    await driver.breakAt(file, 'const text');
    await driver.debug('greet');
    const api = await driver.host.api();
    const state = driver.host.state;
    assert.ok(state.kind === 'running');
    const liveOnes = async (count: number, first: number) => {
      for (let index = first; index < first + count; index++) {
        const answer = driver.invoke('greet', event, 'cold');
        const stop = await driver.stop();
        assert.match(stop.at, /^greet\.ts:\d+$/);
        if (index % 5 === 0) {
          process.kill(Number(await driver.evaluate(stop, 'process.pid')), 'SIGKILL');
          assert.equal((await answer).status, 'crashed');
        } else {
          await driver.resume(stop);
          const record = await answer;
          assert.equal(record.status, 'ok');
          await api.stopInstance(record.instance!.id);
          await driver.gone(record.instance!.id);
        }
      }
      // What is left: the session over all, and two with the spare.
      await driver.until(
        () => driver.started.length - driver.ended.length <= 3,
        vscode.debug.onDidTerminateDebugSession,
      );
    };
    await liveOnes(15, 0);
    const before = { heap: heapMB(), open: openFiles(state.pid) };
    await liveOnes(35, 15);
    await driver.spareReady();
    const after = { heap: heapMB(), open: openFiles(state.pid) };
    assert.ok(after.heap - before.heap < 15, `the heap grew from ${before.heap} to ${after.heap} MB`);
    assert.ok(after.open - before.open < 15, `open files grew from ${before.open} to ${after.open}`);
  });
});

/** What the extension host's heap holds after a collection. */
function heapMB(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}

/** Open files and sockets of a process; 0 where the system does not tell. */
function openFiles(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}
