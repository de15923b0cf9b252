import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

async function hostOf(t: TestContext, files: Record<string, string>): Promise<{ host: Host; root: string }> {
  let host = undefined as Host | undefined;
  // Before the folder is removed.
  t.after(() => host?.close('test ended'));
  const root = tempFolder(t);
  writeTree(root, files);
  host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  return { host, root };
}

test('a syntax error in an ES module has its place, also when another file imports it', async (t) => {
  const { host, root } = await hostOf(t, {
    'porchlight.yaml':
      'functions:\n  own: { handler: own.handler }\n  imported: { handler: imported.handler, platform: aliyun-fc }\n',
    'own.mjs': 'export const handler = async () => 1;\n\n  const = = 1;\n',
    'imported.mjs': "export { handler } from './lib/part.mjs';\n",
    'lib/part.mjs': 'export const handler = async () => {\n  return = 1;\n};\n',
  });
  const own = await invoke(host, 'own');
  const at = { file: join(root, 'own.mjs'), line: 3, column: 9 };
  assert.equal(own.error?.type, 'Runtime.UserCodeSyntaxError');
  assert.deepEqual(own.error.at, at);
  assert.equal(own.error.stack.at(-1), `    at ${at.file}:3:9`);
  const { error } = await invoke(host, 'imported');
  assert.deepEqual(error?.at, { file: join(root, 'lib', 'part.mjs'), line: 2, column: 10 });
});

test('places in the first line of a CommonJS file are those of the file', async (t) => {
  const text =
    "exports.handler = async () => { throw new Error('here'); };\nexports.second = async () => { throw new Error('there'); };\n";
  const { host, root } = await hostOf(t, {
    'porchlight.yaml': 'functions:\n  first: { handler: one.handler }\n  second: { handler: one.second }\n',
    'one.js': text,
  });
  const column = text.indexOf('new Error') + 1;
  const file = join(root, 'one.js');
  const first = await invoke(host, 'first');
  assert.deepEqual(first.error?.at, { file, line: 1, column });
  const { trace } = JSON.parse(first.body) as { trace: string[] };
  assert.ok(trace[1]!.includes(`${file}:1:${column}`), trace[1]);
  const second = await invoke(host, 'second');
  assert.deepEqual(second.error?.at, {
    file,
    line: 2,
    column: text.split('\n')[1]!.indexOf('new Error') + 1,
  });
});
