import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { fewExamples } from '../support/exampleProject.ts';

test('the installed package shows its views and starts quietly', async (t) => {
  const editor = await openEditor({ name: 'window', folder: fewExamples(t) });
  t.after(() => editor.stop(t));
  const { workbench } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.view('Functions').waitFor();
  await workbench.view('Invocations').waitFor();
  await workbench.row(/hello/, workbench.view('Functions')).first().waitFor();
  assert.equal(await workbench.toast(/./).count(), 0, 'a notification nobody asked for');
  await editor.screenshot('views');
});
