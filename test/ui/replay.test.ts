import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { tempFolder } from '../support/tempFolder.ts';

const code = `exports.handler = async (year) => {
  console.log('asked for', year);
  const person = { 1815: { name: 'Ada' }, 1912: { name: 'Alan' } }[year];
  return { text: \`\${person.name} was born in \${year}\` };
};
`;

async function setUp(t: TestContext, name: string) {
  const folder = tempFolder(t);
  writeFileSync(
    join(folder, 'porchlight.yaml'),
    'functions:\n  born: { handler: index.handler, platform: aws-lambda }\n',
  );
  writeFileSync(join(folder, 'index.js'), code);
  const editor = await openEditor({
    name,
    folder,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  t.after(() => editor.stop(t));
  const { workbench } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(140);
  const invocations = workbench.view('Invocations');
  const born = workbench.row(/Function born/, workbench.view('Functions'));
  await born.waitFor();
  await workbench.openFile('index.js');
  await workbench.rowAction(born, /^Invoke$/);
  const failed = workbench.row(/Invocation of born: error, cold/, invocations).first();
  await failed.waitFor();
  return { ...editor, folder, invocations, failed };
}

test('an event is edited, sent and compared with what it replays', async (t) => {
  const { workbench, page, invocations, failed, screenshot } = await setUp(t, 'replay');
  await failed.click({ button: 'right' });
  await workbench.menuItem('Edit Event and Replay…').waitFor();
  await screenshot('menu');
  await page.keyboard.press('Escape');
  await workbench.rowMenu(failed, 'Edit Event and Replay…');
  const event = workbench.eventEditor('born event.json');
  await event.locator('.codelens-decoration a', { hasText: 'Send in the Debugger' }).waitFor();
  await event.locator('.view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('nonsense');
  await event.locator('.view-line', { hasText: 'nonsense' }).waitFor();
  await workbench.editorAction('Send Event').click();
  await workbench.toast('The event was not sent: it stops being JSON at line 1, column 1.').waitFor();
  await screenshot('not-json');
  await page.keyboard.press('Control+A');
  // Nothing the editor would close by itself.
  await page.keyboard.type('1815');
  await event.locator('.view-line', { hasText: /^1815$/ }).waitFor();
  await screenshot('event');
  await workbench.editorAction('Send Event').click();
  const replayed = workbench.row(/Invocation of born: ok, warm, .*replay/, invocations).first();
  await replayed.waitFor();
  await workbench.expand(replayed);
  await workbench.row(/^Replay of born/, invocations).waitFor();
  await screenshot('replayed');

  await workbench.rowMenu(replayed, 'Compare with Original');
  await page.locator('.multiDiffEntry, .multi-diff-root-floating-menu').first().waitFor();
  await screenshot('compared');

  await replayed.click();
  await failed.click({ modifiers: ['ControlOrMeta'] });
  await failed.click({ button: 'right' });
  await workbench.menuItem('Compare Selected').waitFor();
  await screenshot('two-selected');
  await page.keyboard.press('Escape');
  await workbench.command('Porchlight: Replay With…');
  await workbench.quickInput
    .getByRole('option', { name: /Cold, in the Debugger/ })
    .or(workbench.quickInput.getByRole('option').nth(3))
    .first()
    .waitFor();
  await screenshot('with');
});

test('the editor stops at the line that failed', async (t) => {
  const { workbench, page, failed, screenshot } = await setUp(t, 'failure-debugged');
  await workbench.rowAction(failed, 'Debug This Failure');
  await workbench.stoppedAt('index.js', 4);
  await screenshot('stopped');
  await workbench.debugToolbar('Continue');
  await workbench.statusItem(/born: error · .*replay/).waitFor();
  await page.keyboard.press('Shift+F5');
});
