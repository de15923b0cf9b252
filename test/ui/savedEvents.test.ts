import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { tempFolder } from '../support/tempFolder.ts';

test('saved events run in the Testing view; a failure is a comparison; an invocation becomes an event', async (t) => {
  const folder = tempFolder(t);
  cpSync('test/fixtures/savedEvents', folder, {
    recursive: true,
    filter: (path) => basename(path) !== '.porchlight',
  });
  const expectation = join(folder, 'events/cart/two-lines.expect.yaml');
  writeFileSync(expectation, readFileSync(expectation, 'utf8').replace('total: 13\n', 'total: 14\n'));
  mkdirSync(join(folder, 'events/other'));
  writeFileSync(join(folder, 'events/other/taken.json'), '{}');
  const editor = await openEditor({
    name: 'saved-events',
    folder,
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'testing.automaticallyOpenPeekView': 'failureAnywhere',
    },
  });
  t.after(() => editor.stop(t));
  const { workbench, page, screenshot } = editor;
  await workbench.openViewContainer('Testing');
  await workbench.widenSideBar(80);
  const cart = page.getByRole('treeitem', { name: /^cart \(/ });
  await cart.waitFor();
  await workbench.openFile('porchlight.yaml');
  await workbench.editor('porchlight.yaml').locator('.testing-run-glyph').first().waitFor();
  await workbench.expand(cart);
  await page.getByRole('treeitem', { name: /^two-lines \(Not yet run/i }).waitFor();
  await screenshot('listed');

  await workbench.command('Test: Run All Tests');
  await page.getByRole('treeitem', { name: /^two-lines \(Failed\)/i }).waitFor();
  await page.getByRole('treeitem', { name: /^over http \(Passed\)/i }).waitFor();
  const comparison = page.locator(
    '.test-output-peek .monaco-diff-editor, .peekview-widget .monaco-diff-editor',
  );
  await comparison.first().waitFor();
  await screenshot('failed');

  await workbench.openViewContainer('Porchlight');
  const invocations = workbench.view('Invocations');
  const latest = workbench.row(/Invocation of other: ok/, invocations).first();
  await latest.waitFor();
  await workbench.rowMenu(latest, 'Save as Test Event…');
  await workbench.quickInput.locator('input[type="text"]').fill('taken');
  await workbench.quickInput.getByText('taken.json is there already. Choose another name.').waitFor();
  await screenshot('save-taken');
  await workbench.answer('again');
  await workbench.quickInput.getByRole('option', { name: /^Expect this result/ }).waitFor();
  await screenshot('save-expect');
  await workbench.pick(/^Expect this result/);
  await workbench.editor('events/other/again.expect.yaml').waitFor();
  await workbench.openViewContainer('Testing');
  await page
    .getByRole('treeitem', { name: /^other \(/ })
    .first()
    .waitFor();
  await screenshot('saved');
});
