// @workspace test/fixtures/debug-kinds
// @alone
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { DebugDriver } from '../debugDriver.ts';
import { PassingSteps } from '../passingSteps.ts';

/** Where samples go, a line of JSON each; `npm run bench -- debug-editor` sets both. */
const out = process.env['PORCHLIGHT_DEBUG_SPEED'];
const effort = Number(process.env['PORCHLIGHT_DEBUG_SAMPLES'] ?? 2);
const file = 'src/greet.ts';
const event = { name: 'Ada' };

function sample(measure: string, ms: number): void {
  if (out) appendFileSync(out, `${JSON.stringify({ measure, ms })}\n`);
}

suite('How fast debugging is', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  async function untilFirstLine(startKind: 'cold' | 'prewarmed', measure: string, since = performance.now()) {
    const answer = driver.invoke('greet', event, startKind);
    const stop = await driver.stop();
    sample(measure, stop.shownAtMs - since);
    assert.equal(stop.at, 'greet.ts:1');
    await driver.resume(stop);
    await answer;
  }

  test('from F5 to the first line of a cold function, then further instances', async function () {
    this.timeout(60_000 + effort * 20_000);
    for (let round = 0; round < Math.ceil(effort / 4); round++) {
      await driver.breakAt(file, 'const greeting');
      const pressed = performance.now();
      await driver.debug('greet');
      await untilFirstLine('cold', round === 0 ? 'first F5' : 'F5', pressed);
      for (let count = 0; count < 4; count++) {
        await driver.spareReady();
        await untilFirstLine('prewarmed', 'spare');
        await driver.spareReady();
        await untilFirstLine('cold', 'cold');
      }
      await driver.end();
    }
  });

  test('steps', async function () {
    this.timeout(60_000 + effort * 5000);
    const passing = new PassingSteps(driver.folder);
    await driver.breakAt('src/quirks.ts', 'let sum');
    await driver.debug('counts');
    const answer = driver.invoke('counts', { to: effort * 10 });
    const { session, threadId } = await driver.stop();
    driver.looksAtStops = false;
    for (let count = 0; count < effort * 10; count++) {
      // Who steps looks at what changed first; the editor draws it meanwhile.
      await new Promise((resolve) => setTimeout(resolve, effort > 2 ? 150 : 0));
      const arrow = passing.next();
      const pressedMs = performance.now();
      await session.customRequest('next', { threadId });
      const at = await arrow;
      // The first ones compile and find out where they are.
      if (count < 3) continue;
      sample('step to debugger', at.askedMs - pressedMs);
      sample('step in debugger', at.stoppedMs - at.askedMs);
      sample('step to editor', at.stackAskedMs - at.stoppedMs);
      sample('step stack', at.stackMs - at.stackAskedMs);
      sample('step', at.stoppedMs - pressedMs);
      sample('arrow', at.stackMs - pressedMs);
    }
    passing.dispose();
    driver.looksAtStops = true;
    await session.customRequest('continue', { threadId });
    assert.equal((await answer).status, 'ok');
  });
});
