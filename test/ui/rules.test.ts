import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { tempFolder } from '../support/tempFolder.ts';

test('a finding in a handler is seen at its place, and its rule leads to a page that comes with the extension', async (t) => {
  const folder = tempFolder(t);
  cpSync('test/fixtures/handlerRules', folder, { recursive: true });
  const editor = await openEditor({
    name: 'rules',
    folder,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  t.after(() => editor.stop(t));
  const { workbench, page, screenshot } = editor;
  await workbench.openFile('index.js');
  await workbench.squiggles('index.js').nth(2).waitFor();
  await workbench.command('Problems: Focus on Problems View');
  await workbench.row(/^Warning: .*S3Client is made anew at every invocation of orders/).waitFor();
  await screenshot('problems');

  const link = await workbench.ruleLink('index.js', ['= new', 'S3Client'], 'client-in-handler');
  await screenshot('hover');
  await link.click();
  await page.getByRole('tab', { name: /client-in-handler\.md/ }).waitFor();
  await workbench.preview('A client is made at every invocation').waitFor();
  await screenshot('explained');
});
