import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { root } from '../../scripts/setup.mjs';
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

  await step('set a breakpoint', () => workbench.clickBreakpoint(file, 18));

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
  await workbench.editor(file).locator('.codelens-decoration a', { hasText: /^ok/ }).waitFor();
  await page.keyboard.press('Shift+F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  for (const done of ['Open an example', 'Set a breakpoint', 'Press F5 and invoke'])
    await workbench.walkthroughStepDone(done).waitFor();
  assert.equal(await workbench.walkthroughStepDone('Deploy to this machine').count(), 0);
  await screenshot('tour');
});

// The first run is seen in the light theme.
const themes = { dark: 'Default Dark Modern', 'high contrast': 'Default High Contrast' };

for (const [name, theme] of Object.entries(themes)) {
  test(`the tour can be read in the ${name} theme`, async (t) => {
    const editor = await openEditor({
      name: 'tour',
      folder: tempFolder(t),
      settings: { 'workbench.colorTheme': theme },
    });
    t.after(() => editor.stop(t));
    const { workbench, screenshot } = editor;
    await workbench.themed(name);
    await workbench.openViewContainer('Porchlight');
    await workbench
      .welcome(workbench.view('Functions'))
      .getByRole('button', { name: 'New Function…' })
      .waitFor();
    await workbench.command('Porchlight: Get Started');
    await workbench.walkthroughStep('See cold and warm').click();
    await workbench.walkthroughStep('Invoke Again').waitFor();
    await screenshot(name);
  });
}

test('New Function begins one that can be called at once', async (t) => {
  const folder = tempFolder(t);
  const editor = await openEditor({ name: 'new-function', folder });
  t.after(() => editor.stop(t));
  const { workbench, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  const functions = workbench.view('Functions');
  await workbench.welcome(functions).getByRole('button', { name: 'New Function…' }).click();
  await screenshot('templates');
  await workbench.pick(/TypeScript · AWS Lambda/);
  await workbench.answer('greet');
  const greet = workbench.row(/Function greet/, functions);
  await greet.waitFor({ timeout: 60_000 });
  await workbench.rowAction(greet, /^Invoke$/);
  await workbench
    .row(/Invocation of greet: ok, cold/, workbench.view('Invocations'))
    .first()
    .waitFor();
  await screenshot('called');
});

test('everything is in Chinese where the editor is', async (t) => {
  const folder = tempFolder(t);
  cpSync(join(root, 'examples', 'hello-fc'), folder, {
    recursive: true,
    filter: (path) => basename(path) !== '.porchlight',
  });
  const project = join(folder, 's.yaml');
  writeFileSync(project, readFileSync(project, 'utf8').replace('memorySize: 512', 'memorySize: 500'));
  const editor = await openEditor({ name: 'chinese', folder, locale: 'zh-cn' });
  t.after(() => editor.stop(t));
  const { workbench, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(140);
  const hello = workbench.row(/^函数 hello：/);
  await hello.waitFor({ timeout: 60_000 });
  await workbench.openFile('index.js');
  await workbench.expand(hello);
  await workbench.rowAction(hello, /^调用$/);
  const cold = workbench.row(/hello 的调用：成功, 冷启动/).first();
  await cold.waitFor();
  await workbench.expand(cold);
  await workbench.editor('index.js').locator('.codelens-decoration a', { hasText: '调用' }).waitFor();
  await workbench.statusItem(/Porchlight: 1 个函数/).waitFor();
  await screenshot('views');
  await workbench.command('Porchlight: 入门引导');
  await workbench.walkthroughStep('看看冷启动与热启动').click();
  await screenshot('tour');

  // What the language server finds, with the page of a rule, and what the host answers.
  await workbench.openFile('index.js');
  const link = await workbench.ruleLink('index.js', ['calls +=', 'calls'], 'module-state');
  await workbench.hover('index.js', ['calls +=', 'calls'], /会保留到下一次调用/);
  await screenshot('rule');
  await link.click();
  await workbench.preview('模块的状态取决于实例').waitFor();
  await screenshot('explained');
  await workbench.openFile('s.yaml');
  await workbench.hover('s.yaml', ['memorySize', '500'], /500 MB 超出 aliyun-fc 接受的范围/);
  await screenshot('diagnostic');
  writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => {');
  await workbench.command('Porchlight: 剖析冷启动');
  await workbench.toast(/无法剖析 hello|请更正这一行并保存/).waitFor();
  await screenshot('error');
});
