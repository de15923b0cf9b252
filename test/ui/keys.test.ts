import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { fewExamples } from '../support/exampleProject.ts';

test('a function is invoked, and an invocation replayed, by keys alone', async (t) => {
  const editor = await openEditor({ name: 'keys', folder: fewExamples(t) });
  t.after(() => editor.stop(t));
  const { workbench, page, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  await workbench.row(/Function hello/, functions).waitFor();

  await workbench.openFile('hello-fc/index.js');
  // Somewhere in the code: who has several functions is not asked which one.
  await workbench.goToLine(3);
  await page.keyboard.press('Control+F5');
  const cold = workbench.row(/Invocation of hello: ok, cold/, invocations).first();
  await cold.waitFor();

  await workbench.command('Porchlight: Focus on Invocations View');
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+F5');
  await workbench
    .row(/Invocation of hello: ok, warm/, invocations)
    .first()
    .waitFor();

  await page.keyboard.press('Shift+F10');
  await workbench.menuItem('Copy Request Id').waitFor();
  await screenshot('menu');
  await page.keyboard.press('Escape');
});
