import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isAlive, signalGroup } from '../../runtime/support/processTree.ts';
import { openEditor } from '../support/editorServer.ts';
import { fewExamples } from '../support/exampleProject.ts';

async function setUp(t: TestContext, name: string) {
  const folder = fewExamples(t);
  const editor = await openEditor({
    name,
    folder,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  t.after(() => editor.stop(t));
  const { workbench } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(140);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  const hello = workbench.row(/Function hello/, functions);
  await hello.waitFor();
  return { ...editor, folder, functions, invocations, hello };
}

test('a call is seen from its row, its phases, its log and its source line', async (t) => {
  const { workbench, functions, invocations, hello, screenshot } = await setUp(t, 'views');
  await workbench.openFile('hello-fc/index.js');
  await workbench.expand(hello);
  await workbench.rowAction(hello, /^Invoke$/);
  const latest = workbench.row(/Invocation of hello: ok, cold/, invocations).first();
  await latest.waitFor();
  await workbench.expand(latest);
  await workbench.row(/^Phase boot, starting the language runtime: /, invocations).waitFor();
  await workbench.rowAction(hello, /^Invoke$/);
  await workbench
    .row(/Invocation of hello: ok, warm/, invocations)
    .first()
    .waitFor();
  await workbench.row(/^Instance 1, process \d+: idle/, functions).waitFor();
  await workbench.row(/^Medians, cold .* warm /, functions).waitFor();
  await workbench.inlineText('index.js', 'call 2 of this process, greeting world');
  await screenshot('invoked');

  await workbench
    .row(/^Result, /, invocations)
    .first()
    .click();
  await workbench
    .row(/^Result, /, invocations)
    .first()
    .click();
  await workbench.editor('hello%20result.json').or(workbench.editor('hello result.json')).waitFor();

  await workbench.rowAction(hello, 'Switch Process Model');
  await workbench
    .row(/^Process, ephemeral: a new process for every call · switched here/, functions)
    .waitFor();
  await workbench.row(/^Function hello: ephemeral, off/, functions).waitFor();
});

test('a failed call says why and where, and the list is filtered', async (t) => {
  const { workbench, page, invocations, hello, screenshot } = await setUp(t, 'failure');
  await workbench.openFile('hello-fc/index.js');
  await workbench.goToLine(18);
  await page.keyboard.type("throw new TypeError('no name given');\n");
  await workbench.rowAction(hello, /^Invoke$/);
  const failed = workbench.row(/Invocation of hello: error, cold/, invocations).first();
  await failed.waitFor();
  await workbench.inlineText('index.js', 'TypeError: no name given');
  await workbench.expand(failed);
  await workbench.row(/^TypeError: no name given, index\.js line 18/, invocations).waitFor();
  await screenshot('error');
  await workbench
    .row(/index\.js:18/, invocations)
    .first()
    .click();
  await page
    .locator('.statusbar-item')
    .filter({ hasText: /Ln 18,/ })
    .waitFor();

  await workbench.viewAction(invocations, /Filter Invocations/);
  await workbench.pick(/\bok\b/);
  await workbench.message(invocations).filter({ hasText: 'Only ok. Clear the filter to see all.' }).waitFor();
  await failed.waitFor({ state: 'hidden' });
  await workbench.viewAction(invocations, /Clear Filter/);
  await failed.waitFor();
});

test('a deploy shows its plan, its steps and its result; a roll-back brings the version before', async (t) => {
  const { workbench, page, folder, screenshot } = await setUp(t, 'deploy');
  const deploy = async (version: string) => {
    await workbench.command('Porchlight: Deploy…');
    await workbench.pick(/^hello/);
    await workbench.dialog('Deploy hello to local?').getByRole('button', { name: 'Deploy' }).waitFor();
    await screenshot(`plan-${version}`);
    await workbench.answerDialog('Deploy hello to local?', 'Deploy');
    const toast = workbench.toast(`Deployed to local: hello (${version}).`);
    await workbench
      .toast(/Deploying to local: hello, /)
      .or(toast)
      .first()
      .waitFor();
    await screenshot(`steps-${version}`);
    await toast.waitFor();
    await workbench.toastButton(`Deployed to local: hello (${version}).`, 'Show');
  };
  const deployed = workbench.view('Deployed');
  await deploy('1');
  await workbench.row(/^local, serving at http/, deployed).waitFor();
  // It outlives the editor by design, so a test that fails half-way has to end it.
  const { pid } = JSON.parse(readFileSync(join(folder, '.porchlight', 'serve.json'), 'utf8')) as {
    pid: number;
  };
  t.after(() => {
    if (isAlive(pid)) signalGroup(pid, 'SIGKILL');
  });
  await workbench.row(/^hello, version 1 · http/, deployed).waitFor();
  await workbench.openFile('hello-fc/index.js');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('// changed\n');
  await deploy('2');
  const current = workbench.row(/^hello, version 2 · http/, deployed);
  await current.waitFor();
  await workbench.expand(current);
  await workbench.row(/^version 2, current · verified/, deployed).waitFor();
  await screenshot('versions');

  await workbench.rowAction(workbench.row(/^version 1, verified/, deployed), /Roll Back/);
  await workbench.answerDialog('Roll hello back to version 1?', 'Roll Back');
  await workbench.toast('Rolled back on local: hello (1).').waitFor();
  await workbench.row(/^version 1, current · verified/, deployed).waitFor();

  await workbench.rowAction(workbench.row(/^local, serving/, deployed), 'Stop Serving');
  await workbench.row(/^local, not serving/, deployed).waitFor();
});
