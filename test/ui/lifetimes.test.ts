import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openEditor } from '../support/editorServer.ts';
import { fewExamples } from '../support/exampleProject.ts';
import { HostProcesses } from '../support/markedProcesses.ts';
import { Workbench } from '../support/workbench.ts';

const skip = existsSync('/proc') ? false : 'Looks for processes in /proc.';

/** Opens the view and invokes once, so that a host and an instance live. */
async function invokeHello(workbench: Workbench): Promise<void> {
  await workbench.openViewContainer('Porchlight');
  const hello = workbench.row(/Function hello/, workbench.view('Functions'));
  await hello.waitFor();
  await workbench.rowAction(hello, /^Invoke$/);
  await workbench
    .row(/Invocation of hello: ok/, workbench.view('Invocations'))
    .first()
    .waitFor();
  await workbench.row(/Function hello: resident, 1 live/, workbench.view('Functions')).waitFor();
}

async function setUp(t: TestContext, name: string) {
  const folder = fewExamples(t);
  const editor = await openEditor({ name, folder, reconnectionGrace: 1 });
  t.after(() => editor.stop(t));
  await invokeHello(editor.workbench);
  const processes = await HostProcesses.of(folder);
  assert.ok(processes.alive().length >= 2, 'a host and an instance are expected');
  return { editor, folder, processes };
}

test('nothing is left when the window closes', { skip }, async (t) => {
  const { editor, processes } = await setUp(t, 'close');
  await editor.page.close();
  await processes.gone(20_000);
});

test('nothing is left when the extension host is killed', { skip }, async (t) => {
  const { editor, processes } = await setUp(t, 'kill');
  process.kill(editor.extensionHostPid() ?? 0, 'SIGKILL');
  await processes.gone(10_000);
});

test('a second window shares the host, and gets its own when the first is closed', { skip }, async (t) => {
  const { editor, folder, processes } = await setUp(t, 'second');
  const page: Page = await editor.page.context().newPage();
  const second = new Workbench(page);
  await page.goto(editor.page.url());
  await second.drawn();
  await second.openViewContainer('Porchlight');
  await second.statusItem(/Porchlight: \d+ functions, shared host/).waitFor();
  await second.row(/Invocation of hello: ok, cold/, second.view('Invocations')).waitFor();
  assert.equal((await HostProcesses.of(folder)).pid, processes.pid);

  await editor.page.close();
  await processes.gone(20_000);
  await second.statusItem(/Porchlight: \d+ functions$/).waitFor();
  await second.row(/Invocation of hello: ok, cold/, second.view('Invocations')).waitFor();
  await invokeHello(second);
  assert.notEqual((await HostProcesses.of(folder)).pid, processes.pid);
});
