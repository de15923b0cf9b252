// Takes the README's pictures in the real editor: `npm run build && npm run screenshots`.
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { readHostFile } from '../../runtime/host/hostFile.ts';
import { openEditor } from '../support/editorServer.ts';

const pictures = join(root, 'docs', 'screenshots');
const folder = join(tmpdir(), 'porchlight-pictures', 'examples');
const calm = 700;

/** A mail service that takes everything, so that the example has somebody to talk to. */
const mail = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"id":"1"}'));
}).listen(0, '127.0.0.1');
await once(mail, 'listening');
const mailUrl = `http://127.0.0.1:${(mail.address() as AddressInfo).port}/emails`;

rmSync(join(folder, '..'), { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
mkdirSync(pictures, { recursive: true });
// As many functions as the view shows without being scrolled.
for (const name of ['hello-fc', 'orders-sam', 'verification-code'])
  cpSync(join(root, 'examples', name), join(folder, name), {
    recursive: true,
    filter: (path) => basename(path) !== '.porchlight',
  });
// As in the repository, where the types of Node.js are found above the examples.
symlinkSync(join(root, 'node_modules'), join(folder, '..', 'node_modules'));
writeFileSync(
  join(folder, 'verification-code', '.env'),
  `MAIL_API_URL=${mailUrl}\nMAIL_API_KEY=key-of-the-example\nMAIL_FROM=light@example.com\n`,
);

const editor = await openEditor({
  name: 'readme',
  folder,
  extensionFolder: root,
  settings: {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'testing.automaticallyOpenPeekView': 'failureAnywhere',
    'remote.autoForwardPorts': false,
    'workbench.statusBar.visible': true,
  },
});
const { page, workbench } = editor;

/** Saves a picture when nothing moves any more. */
async function picture(name: string): Promise<void> {
  // Over nothing that shows a hover.
  await page.mouse.move(300, 16);
  await page.waitForTimeout(calm);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  console.log(name);
}

async function call(name: string, event: unknown): Promise<void> {
  const { gateway } = (await readHostFile(folder))!;
  await fetch(`${gateway}/_porchlight/invoke/${name}`, { method: 'POST', body: JSON.stringify(event) });
}

try {
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(130);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  const code = workbench.row(/Function verification-code/, functions);
  await code.waitFor();
  await workbench.openFile('verification-code/src/handler.ts');
  await call('verification-code', { action: 'send', email: 'ada@example.com' });
  await call('verification-code', { action: 'verify', email: 'ada@example.com', code: '000000' });
  await call('hello', { name: 'Ada' });
  await call('hello', { name: 'Grace' });
  await workbench.openFile('hello-fc/index.js');
  await workbench.expand(workbench.row(/Function hello/, functions));
  const cold = workbench.row(/Invocation of hello: ok, cold/, invocations).first();
  await cold.waitFor();
  await workbench.expand(cold);
  await workbench.inlineText('index.js', 'call 2 of this process, greeting Grace');
  // The editor asks for lenses once it has had the focus.
  await workbench.goToLine(1);
  await workbench.editor('index.js').locator('.codelens-decoration a', { hasText: 'warm' }).waitFor();
  await picture('invocations');

  // Instances are born again during the load, and the timeline has the room of the code.
  await workbench.command('View: Close All Editors');
  await workbench.command('Porchlight: Restart Host');
  await workbench.row(/^Function hello: resident, off/, functions).waitFor();
  await workbench.command('Porchlight: Show Timeline');
  const timeline = workbench.webview();
  const load = timeline.getByRole('tabpanel', { name: 'Load' });
  await load.getByLabel('Function').selectOption('hello');
  await load.getByLabel('Invocations').fill('60');
  await load.getByLabel('Per second').fill('40');
  await load.getByLabel('At a time').fill('4');
  await timeline.getByRole('button', { name: 'Send' }).click();
  await timeline.getByText(/^60 ok answered in /).waitFor();
  await timeline.getByRole('button', { name: 'Show all (0)' }).click();
  await picture('timeline');
  await workbench.command('View: Close Editor');

  await workbench.setBreakpoint('verification-code/src/handler.ts', 30);
  await workbench.command('Porchlight: Debug Functions');
  await page.waitForTimeout(3000);
  const answer = call('verification-code', { action: 'send', email: 'grace@example.com' });
  await workbench.stoppedAt('verification-code/src/handler.ts', 30);
  await page.getByText('Local: handler').click();
  await picture('breakpoint');
  await page.keyboard.press('F5');
  await answer;
  await page.keyboard.press('Shift+F5');

  await workbench.openViewContainer('Testing');
  const expectation = join(folder, 'hello-fc', 'events', 'ada.expect.yaml');
  writeFileSync(expectation, readFileSync(expectation, 'utf8').replace('Hello, Ada', 'Good evening, Ada'));
  await workbench.openFile('hello-fc/events/ada.expect.yaml');
  await page.getByRole('treeitem', { name: /^hello \(/ }).waitFor();
  await workbench.command('Test: Run All Tests');
  await page
    .locator('.test-output-peek .monaco-diff-editor, .peekview-widget .monaco-diff-editor')
    .first()
    .waitFor();
  await picture('testing');
  await workbench.command('View: Hide Panel');

  await workbench.openViewContainer('Porchlight');
  await workbench.command('Porchlight: Deploy…');
  await workbench.pick(/^hello/);
  const question = workbench.dialog('Deploy hello to local?').getByRole('button', { name: 'Deploy' });
  await question.waitFor();
  await question.click();
  await workbench
    .toast(/Deploying to local: hello, /)
    .first()
    .waitFor();
  await page.screenshot({ path: join(pictures, 'deploy.png') });
  await workbench.toast(/Deployed to local: hello/).waitFor();
  await workbench.command('Porchlight: Stop Serving');
  await page.waitForTimeout(calm);
} catch (error) {
  await page.screenshot({ path: join(tmpdir(), 'porchlight-pictures-failed.png') });
  throw error;
} finally {
  await editor.stop();
  mail.close();
}
