import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';

test('the installed package shows its views and starts quietly', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-examples-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync('examples', folder, { recursive: true });
  const editor = await openEditor({ name: 'window', folder });
  t.after(() => editor.stop(t));
  const { workbench } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.view('Functions').waitFor();
  await workbench.view('Invocations').waitFor();
  await workbench.row(/hello/, workbench.view('Functions')).first().waitFor();
  assert.equal(await workbench.toast(/./).count(), 0, 'a notification nobody asked for');
  await editor.screenshot('views');
});
