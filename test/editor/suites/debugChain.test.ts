// @workspace test/fixtures/debug-chain
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';
import { DebugDriver } from '../debugDriver.ts';

const looksForMs = 2500;
const lookLong = `for (const end = Date.now() + ${looksForMs}; Date.now() < end; );`;
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Debugging a function that calls another', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  /** Both stops are looked at for longer than either function may run. */
  async function stepThrough(caller: 'order' | 'order-fc', event: unknown): Promise<void> {
    const suffix = caller === 'order' ? '' : 'Fc';
    const callee = caller === 'order' ? 'price' : 'price-fc';
    await driver.breakAt(`src/order${suffix}.ts`, 'const answer');
    await driver.breakAt(`src/order${suffix}.ts`, 'const total');
    await driver.breakAt(`src/price${suffix}.ts`, 'const prices');
    await driver.breakAt(`src/price${suffix}.ts`, 'const price =');
    await debugFunctions();
    const sessions = driver.started.filter((name) => name === 'Functions').length;
    const answer = driver.invoke(caller, event, 'cold');

    const calls = await driver.stop();
    assert.match(calls.at, new RegExp(`^order${suffix}\\.ts:`));
    await driver.resume(calls);
    const top = await driver.stop();
    assert.equal(top.at, `price${suffix}.ts:1`);
    await driver.evaluate(top, lookLong);
    await driver.resume(top);
    const inside = await driver.stop();
    assert.equal(inside.at, `price${suffix}.ts:5`);
    assert.equal(await driver.evaluate(inside, 'item'), "'lamp'");
    await driver.evaluate(inside, lookLong);
    await driver.resume(inside);
    const after = await driver.stop();
    assert.match(after.at, new RegExp(`^order${suffix}\\.ts:`));
    assert.equal(after.session.id, calls.session.id);
    assert.notEqual(after.session.id, inside.session.id);
    await driver.resume(after);

    const record = await answer;
    assert.equal(record.status, 'ok', record.error?.message);
    assert.equal(record.result?.data, '{"total":42}');
    assert.ok(record.pausedMs >= 2 * looksForMs, `held for ${record.pausedMs} ms`);
    assert.ok(record.durationMs < 2000, `took ${record.durationMs} ms`);
    const child = await childOf(record, callee);
    assert.equal(child.debugged, true);
    assert.ok(child.pausedMs >= 2 * looksForMs && child.pausedMs < record.pausedMs);
    assert.ok(child.durationMs < 2000, `took ${child.durationMs} ms`);
    assert.equal(driver.started.filter((name) => name === 'Functions').length, sessions);
  }

  async function childOf(record: InvocationRecord, name: string) {
    const api = await driver.host.api();
    await api.sync();
    const found = (await api.queryInvocations({ function: name, limit: 5 })).find(
      ({ parent }) => parent === record.id,
    );
    assert.ok(found, 'the callee names its caller');
    return found;
  }

  for (const via of ['api', 'http', 'fetch'])
    test(`Lambda, by ${via}: steps through both, and neither times out`, () =>
      stepThrough('order', { item: 'lamp', via }));

  test('Function Compute, by its invoke API: steps through both, and neither times out', () =>
    stepThrough('order-fc', { item: 'lamp' }));

  test('a caller that is not debugged itself is held as well, and kept out of the medians', async () => {
    await driver.breakAt('src/price.ts', 'const price =');
    await driver.debug('price');
    const known = () =>
      driver.host.mirror.functions.find(({ name }) => name === 'order')?.statistics.cold?.count ?? 0;
    const before = known();
    const answer = driver.invoke('order', { item: 'lamp', via: 'api' }, 'cold');
    const stop = await driver.stop();
    await driver.evaluate(stop, lookLong);
    await driver.resume(stop);
    const record = await answer;
    assert.equal(record.status, 'ok', record.error?.message);
    assert.equal(record.debugged, false);
    assert.ok(record.pausedMs >= looksForMs);
    assert.ok(record.durationMs < 2000, `took ${record.durationMs} ms`);
    await (await driver.host.api()).sync();
    assert.equal(known(), before);
  });
});
