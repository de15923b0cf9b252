import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { fewExamples } from '../support/exampleProject.ts';

test('a project file is written with proposals, explanations and a quick fix', async (t) => {
  const editor = await openEditor({ name: 'project-files', folder: fewExamples(t) });
  t.after(() => editor.stop(t));
  const { page, workbench, screenshot } = editor;
  const file = 'hello-fc/s.yaml';
  await workbench.openFile(file);
  const lines = workbench.editor(file);

  // Links are registered last: from then on there are proposals, too.
  await lines.locator('.detected-link').first().waitFor();

  // Below `memorySize: 512`: a key, and what it takes.
  await workbench.goToLine(15);
  await page.keyboard.press('End');
  await workbench.statusItem(/Ln 15, Col 22/).waitFor();
  await page.keyboard.press('Enter');
  await workbench.statusItem(/Ln 16, Col 7/).waitFor();
  await page.keyboard.type('disk');
  const proposal = page.locator('.suggest-widget .monaco-list-row', { hasText: 'diskSize' }).first();
  await proposal.waitFor();
  await screenshot('keys');
  await page.keyboard.press('Enter');
  await page.locator('.suggest-widget .monaco-list-row', { hasText: '10240' }).first().waitFor();
  await screenshot('values');
  await page.keyboard.press('Escape');
  await page.keyboard.type('1024');
  const squiggle = lines.locator('.squiggly-warning').first();
  await squiggle.waitFor();

  await lines
    .locator('.view-line', { hasText: 'memorySize' })
    .locator('span', { hasText: 'memorySize' })
    .last()
    .hover();
  await page.locator('.monaco-hover', { hasText: '128 to 32768 MB in steps of 64' }).waitFor();
  await screenshot('hover');

  await workbench.goToLine(12);
  await page.keyboard.press('End');
  await workbench.statusItem(/Ln 12, Col 24/).waitFor();
  await page.keyboard.press('ControlOrMeta+Backspace');
  await page.keyboard.type('nodejs8');
  await page.keyboard.press('Escape');
  const line = lines.locator('.view-line', { hasText: 'nodejs8' });
  await line.waitFor();
  // The size of the disk, and the runtime.
  await lines.locator('.squiggly-warning').nth(1).waitFor();
  await page.keyboard.press('ControlOrMeta+.');
  const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'Change to "nodejs20"' });
  await fix.waitFor();
  await screenshot('quick-fix');
  await page.keyboard.press('Enter');
  await lines.locator('.view-line', { hasText: 'nodejs20' }).waitFor();
  assert.equal(await line.count(), 0);

  await workbench.goToLine(14);
  await page.keyboard.press('End');
  await workbench.statusItem(/Ln 14, Col 29/).waitFor();
  await page.keyboard.press('F2');
  const input = page.locator('.rename-box input');
  await input.waitFor();
  await screenshot('rename');
  await input.fill('main');
  await page.keyboard.press('Enter');
  await lines.locator('.view-line', { hasText: 'index.main' }).waitFor();
  await screenshot('renamed');
});
