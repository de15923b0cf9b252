import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { HostProcesses } from '../support/markedProcesses.ts';
import { tempFolder } from '../support/tempFolder.ts';

/* Programs that are started by their first line: Windows would need others. */
const skip = process.platform === 'win32';
const shebang = `#!${process.execPath}\n`;

const common = `
const { appendFileSync } = require('node:fs');
const hear = (text) => appendFileSync(process.env.HEARD, text + '\\n');
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API;
const ask = (method, path, headers = {}, body) => fetch(base + path, { method, headers, body });
`;

/** A runtime that tells when it began, and answers unless it is to hang, or once extensions are through with so many events. */
const runtime = `${shebang}${common}
const { readFileSync } = require('node:fs');
const handled = () => readFileSync(process.env.HEARD, 'utf8').split('\\n').filter((line) => line === 'INVOKE').length;
(async () => {
  hear('runtime starts');
  for (;;) {
    const next = await ask('GET', '/2018-06-01/runtime/invocation/next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const event = await next.json();
    if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
    while (handled() < (event.after ?? 0)) await new Promise((resolve) => setTimeout(resolve, 10));
    await ask('POST', '/2018-06-01/runtime/invocation/' + id + '/response', {}, JSON.stringify('done'));
  }
})();
`;

/** An extension that does as `MODE` says. */
const extension = `${shebang}${common}
const { basename } = require('node:path');
const mode = process.env.MODE ?? '';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {
  if (mode === 'exits-first') process.exit(5);
  const name = mode === 'other-name' ? 'other' : basename(process.argv[1]);
  const headers = { 'Lambda-Extension-Name': name };
  const answer = await ask('POST', '/2020-01-01/extension/register', headers, '{"events":["INVOKE","SHUTDOWN"]}');
  const id = { 'Lambda-Extension-Identifier': answer.headers.get('lambda-extension-identifier') };
  hear('registered');
  const fail = async (what) => {
    const type = { ...id, 'Lambda-Extension-Function-Error-Type': 'Extension.Own' };
    const said = await ask('POST', '/2020-01-01/extension/' + what + '/error', type, '{"errorMessage":"no backend"}');
    hear(what + ' ' + said.status);
    process.exit(1);
  };
  if (mode === 'init-error') await fail('init');
  for (;;) {
    const { eventType, shutdownReason, deadlineMs } = await (await ask('GET', '/2020-01-01/extension/event/next', id)).json();
    if (eventType === 'SHUTDOWN') {
      const left = deadlineMs - Date.now();
      await wait(100);
      hear(eventType + ' ' + shutdownReason + ' ' + (left > 1000 && left <= 2000));
      process.exit(0);
    }
    console.log('heard ' + eventType);
    if (mode === 'crashes') process.exit(3);
    if (mode === 'exit-error') await fail('exit');
    await wait(50);
    hear(eventType);
  }
})();
`;

async function start(t: TestContext, mode = '', executable = true) {
  let host = undefined as Host | undefined;
  // Before the folder is removed.
  t.after(async () => {
    await host?.close('test ended');
    if (host) await HostProcesses.marked(host.mark).gone(10_000);
  });
  const root = tempFolder(t);
  const heard = join(root, 'heard.txt');
  writeTree(root, {
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Watcher:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layer }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      Handler: bootstrap
      CodeUri: code
      Timeout: 5
      Layers: [!Ref Watcher, 'arn:aws:lambda:us-east-1:1:layer:elsewhere:1']
      Environment: { Variables: { HEARD: '${heard}', MODE: '${mode}' } }
`,
    'code/bootstrap': runtime,
    'layer/extensions/watcher': extension,
  });
  chmodSync(join(root, 'code/bootstrap'), 0o755);
  if (executable) chmodSync(join(root, 'layer/extensions/watcher'), 0o755);
  const started = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  host = started;
  const lines = () => (existsSync(heard) ? readFileSync(heard, 'utf8').trim().split('\n') : []);
  const end = async () => {
    const { pool } = started.registry.get('Hello');
    for (const slot of [...pool.slots]) {
      pool.end(slot, 'test');
      await slot.instance.exited;
    }
  };
  return { host: started, lines, end };
}

describe('external extensions', { skip, timeout: 60_000 }, () => {
  it('register before the runtime starts, hear of each invocation, and get their time at the end', async (t) => {
    const { host, lines, end } = await start(t);
    const first = await invoke(host, 'Hello');
    assert.equal(first.body, '"done"', first.error?.message);
    const second = await invoke(host, 'Hello', { after: 2 });
    assert.equal(second.startKind, 'warm');
    assert.ok(
      second.logs.some(({ text }) => text === 'heard INVOKE'),
      'what they print is in the log',
    );
    await end();
    // The second event is handed over when the extension is through with the first.
    assert.deepEqual(lines(), ['registered', 'runtime starts', 'INVOKE', 'INVOKE', 'SHUTDOWN SPINDOWN true']);
  });

  it('hear that time was over', async (t) => {
    const { host, lines } = await start(t);
    const record = await invoke(host, 'Hello', { hang: true });
    assert.equal(record.status, 'timeout');
    assert.equal(lines().at(-1), 'SHUTDOWN TIMEOUT true');
  });

  const failures: [mode: string, event: object, type: string, message: RegExp][] = [
    ['exits-first', {}, 'Extension.Crash', / Error: exit status 5$/],
    ['init-error', {}, 'Extension.InitError', / Error: Extension\.Own: no backend$/],
    ['crashes', { hang: true }, 'Extension.Crash', / Error: exit status 3$/],
    ['exit-error', { hang: true }, 'Extension.ExitError', / Error: Extension\.Own: no backend$/],
  ];
  for (const [mode, event, type, message] of failures) {
    it(`end their instance when they fail: ${mode} is ${type}`, async (t) => {
      const { host } = await start(t, mode);
      const record = await invoke(host, 'Hello', event);
      assert.equal(record.error?.type, type, record.error?.message);
      assert.match(record.error?.message ?? '', message);
      assert.equal(record.status, 'crashed');
      const again = await invoke(host, 'Hello', event);
      assert.equal(again.startKind, 'cold');
    });
  }

  it('cannot be started: Extension.LaunchError', async (t) => {
    const { host } = await start(t, '', false);
    const record = await invoke(host, 'Hello');
    assert.equal(record.error?.type, 'Extension.LaunchError');
    assert.match(record.error?.message ?? '', /fork\/exec .*watcher: permission denied$/);
  });
});
