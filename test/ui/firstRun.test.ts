import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { tempFolder } from '../support/tempFolder.ts';

test('from a fresh installation to the first breakpoint in three steps, and on with the tour', async (t) => {
  const projects = tempFolder(t);
  const editor = await openEditor({ name: 'first-run' });
  t.after(() => editor.stop(t));
  const { page, workbench, screenshot } = editor;
  const steps: { step: string; seconds: number }[] = [];
  const step = async (name: string, act: () => Promise<void>) => {
    const started = performance.now();
    await act();
    steps.push({ step: name, seconds: (performance.now() - started) / 1000 });
    await screenshot(`${steps.length} ${name}`);
  };
  const file = 'hello-fc/index.js';
  await workbench.openViewContainer('Porchlight');
  const welcome = workbench.welcome(workbench.view('Functions'));
  await welcome.getByRole('button', { name: 'Open Example…' }).waitFor();
  await screenshot('0 empty window');

  await step('open an example', async () => {
    await welcome.getByRole('button', { name: 'Open Example…' }).click();
    await workbench.pick(/hello-fc/);
    await workbench.chooseFolder(projects, 'Copy Here');
    await workbench.editor(file).locator('.view-line').first().waitFor({ timeout: 60_000 });
    await workbench.walkthroughStep('Set a breakpoint').waitFor();
  });
  assert.ok(existsSync(join(projects, 'hello-fc', 's.yaml')), 'the example was not copied whole');

  await step('set a breakpoint', () => workbench.setBreakpoint(file, 18));

  await step('debug', async () => {
    await workbench.codeLens(file, /^Debug$/);
    await workbench.stoppedAt(file, 18);
  });
  const seconds = steps.reduce((sum, one) => sum + one.seconds, 0);
  t.diagnostic(
    [
      `${steps.length} steps, ${seconds.toFixed(1)} s from the installed extension to the first breakpoint hit:`,
      ...steps.map((one, index) => `${index + 1}. ${one.step}: ${one.seconds.toFixed(1)} s`),
    ].join('\n  '),
  );
  assert.ok(steps.length <= 3);

  await workbench.debugToolbar('Continue');
  await workbench.statusItem(/hello: ok/).waitFor();
  await page.keyboard.press('Shift+F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  for (const done of ['Open an example', 'Set a breakpoint', 'Press F5 and invoke'])
    await workbench.walkthroughStepDone(done).waitFor();
  assert.equal(await workbench.walkthroughStepDone('Deploy to this machine').count(), 0);
  await screenshot('tour');
});

test('the whole of it in Chinese', async (t) => {
  const editor = await openEditor({ name: 'chinese', locale: 'zh-cn' });
  t.after(() => editor.stop(t));
  const { workbench, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  await editor.page.waitForTimeout(3000);
  await screenshot('welcome');
});
