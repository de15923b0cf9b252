import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test, type TestContext } from 'node:test';
import { readHostFile } from '../../runtime/host/hostFile.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import { Invoke, ListFunctions, StopInstance } from '../../runtime/protocol/control/messages.ts';
import { openEditor } from '../support/editorServer.ts';

const file = 'src/greet.ts';

/** A window on a copy of the fixture, with this much added to it. */
async function open(
  t: TestContext,
  name: string,
  prepare: (folder: string) => void = () => {},
  settings: Record<string, unknown> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-debug-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  cpSync('test/fixtures/debugging', folder, {
    recursive: true,
    filter: (path) => !path.includes('.porchlight'),
  });
  prepare(folder);
  const editor = await openEditor({ name, folder, settings });
  t.after(() => editor.stop(t));
  await editor.workbench.openViewContainer('Porchlight');
  await editor.workbench.row(/greet/, editor.workbench.view('Functions')).first().waitFor();
  await editor.workbench.openViewContainer('Explorer');
  return { ...editor, folder };
}

test('F5 without launch.json debugs; nothing moves until the first line stops on the first call', async (t) => {
  const { page, workbench, screenshot } = await open(t, 'debug');
  await workbench.setBreakpoint(file, 1);
  await workbench.setBreakpoint(file, 10);
  await workbench.editor(file).locator('.codelens-decoration a', { hasText: 'Invoke' }).waitFor();

  const started = performance.now();
  await page.keyboard.press('F5');
  await workbench.statusItem(/Functions are debugged/).waitFor();
  const ready = performance.now();
  assert.equal(await workbench.quickInput.isVisible(), false, 'the editor asks for a debugger');
  assert.equal(await page.locator('.debug-toolbar').isVisible(), false, 'the toolbar shows');
  assert.equal(await page.locator('.part.panel').isVisible(), false, 'a panel opened');
  assert.equal(await page.locator('.explorer-viewlet').isVisible(), true, 'the side bar moved');
  // No instance has loaded the code, so nothing is set yet; the gutter says so.
  await workbench.editor(file).locator('.codicon-debug-breakpoint-unverified').nth(1).waitFor();

  const invoked = performance.now();
  await workbench.codeLens(file, /^Invoke$/);
  await workbench.stoppedAt(file, 1);
  t.diagnostic(
    `F5 to ready ${Math.round(ready - started)} ms, invoke to first line ${Math.round(performance.now() - invoked)} ms, both as a person sees them`,
  );
  await workbench.debugToolbar('Continue');
  await workbench.stoppedAt(file, 10);
  await page.locator('.debug-toolbar').waitFor();
  await workbench.row('event, value {}').waitFor();
  await screenshot('stopped');
  await workbench.debugToolbar('Continue');
  await workbench.statusItem(/greet: ok/).waitFor();
  await page.keyboard.press('Shift+F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
});

test('a plain JavaScript function stops in the file of the user, not in a copy of what was loaded', async (t) => {
  const plain = 'plain/index.js';
  const { page, workbench } = await open(t, 'debug-plain', (folder) => {
    mkdirSync(join(folder, 'plain'));
    writeFileSync(
      join(folder, plain),
      "'use strict';\n\nexports.handler = async (event) => {\n  const name = event.name ?? 'nobody';\n  return name;\n};\n",
    );
    writeFileSync(
      join(folder, 'plain', 'porchlight.yaml'),
      'functions:\n  plain: { handler: index.handler, platform: aws-lambda }\n',
    );
  });
  await workbench.setBreakpoint(plain, 4);
  await workbench.editor(plain).locator('.codelens-decoration a', { hasText: 'Debug' }).waitFor();
  await workbench.codeLens(plain, /^Debug$/);
  await workbench.stoppedAt(plain, 4);
  assert.equal(await page.locator('.tabs-container .tab').count(), 1, 'another file was opened');
  await workbench.debugToolbar('Continue');
});

test('a folder with a launch.json keeps its own F5', async (t) => {
  const { page, workbench, folder } = await open(t, 'debug-own', (folder) => {
    const program = join(folder, 'own.js');
    writeFileSync(program, "require('node:fs').writeFileSync(__dirname + '/ran.txt', 'yes');\n");
    const own = { type: 'node', request: 'launch', name: 'Own', program };
    mkdirSync(join(folder, '.vscode'));
    writeFileSync(
      join(folder, '.vscode', 'launch.json'),
      JSON.stringify({ version: '0.2.0', configurations: [own] }),
    );
  });
  const ran = new Promise<void>((resolve) => {
    const watcher = watch(folder, () => {
      if (!existsSync(join(folder, 'ran.txt'))) return;
      watcher.close();
      resolve();
    });
  });
  await workbench.openFile(file);
  await page.keyboard.press('F5');
  await ran;
  assert.equal(await workbench.statusItem(/Functions are debugged/).count(), 0);
});

test('fifty instances are born, stopped and killed under one session: no dialog, no message', async (t) => {
  // A served editor forwards every port that it sees, and tells when there have been twenty of them.
  const settings = { 'remote.autoForwardPorts': false };
  const { page, workbench, folder, screenshot } = await open(t, 'debug-many', () => {}, settings);
  await workbench.setBreakpoint(file, 10);
  // Whatever is shown for a moment only is remembered.
  await page.evaluate(`
    globalThis.porchlightSeen = [];
    const look = () => {
      for (const one of document.querySelectorAll('.monaco-dialog-box, .notification-toast'))
        if (!porchlightSeen.includes(one.textContent)) porchlightSeen.push(one.textContent);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  `);
  await page.keyboard.press('F5');
  await workbench.statusItem(/Functions are debugged/).waitFor();
  const host = await readHostFile(folder);
  assert.ok(host);
  const client = { kind: 'cli', name: 'test', pid: process.pid } as const;
  const connection = await connectControl({ url: host.control, token: host.token, client });
  t.after(() => connection.dispose());
  const event = { encoding: 'utf8', data: '{"name":"Ada"}' } as const;
  const arrow = workbench.editor(file).locator('.codicon-debug-stackframe');
  for (let index = 0; index < 50; index++) {
    const answer = connection.sendRequest(Invoke, { function: 'greet', event, startKind: 'cold' });
    await workbench.stoppedAt(file, 10);
    if (index % 4 === 0) {
      const { functions } = await connection.sendRequest(ListFunctions);
      const stopped = functions.flatMap(({ instances }) =>
        instances.filter(({ phase }) => phase === 'paused'),
      );
      assert.equal(stopped.length, 1);
      process.kill(stopped[0]!.pid!, 'SIGKILL');
      assert.equal((await answer).status, 'crashed');
    } else {
      await workbench.debugToolbar('Continue');
      const record = await answer;
      assert.equal(record.status, 'ok');
      await connection.sendRequest(StopInstance, { instance: record.instance!.id });
    }
    await arrow.first().waitFor({ state: 'hidden' });
  }
  assert.deepEqual(await page.evaluate('porchlightSeen'), []);
  // What is left is the session and its spare.
  const { functions } = await connection.sendRequest(ListFunctions);
  const spare = ['starting', 'prewarmed', 'stopping'];
  const left = functions.flatMap(({ instances }) => instances.filter(({ phase }) => !spare.includes(phase)));
  assert.deepEqual(left, []);
  await screenshot('after fifty');
});
