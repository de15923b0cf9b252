import assert from 'node:assert/strict';
import inspector from 'node:inspector';
import { realpathSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { compileAsScripts, loadModule } from '../../../../../runtime/languages/nodejs/bootstrap.loader.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

compileAsScripts();

/** Loads a file and gives its exports with the source that a debugger is told of. */
async function load(t: TestContext, content: string) {
  const file = join(realpathSync(tempFolder(t)), 'index.cjs');
  writeFileSync(file, content);
  const session = new inspector.Session();
  session.connect();
  t.after(() => session.disconnect());
  let scriptId: string | undefined;
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.url.endsWith('/index.cjs') || params.url === file) scriptId = params.scriptId;
  });
  session.post('Debugger.enable');
  const exports = (await loadModule(file, { loader: 'script' })) as Record<string, () => unknown>;
  assert.ok(scriptId, 'the debugger is told of the file');
  let source: string | undefined;
  session.post('Debugger.getScriptSource', { scriptId }, (error, result) => {
    if (error) throw error;
    source = result.scriptSource;
  });
  return { exports, source };
}

test('a debugger recognises the text of a script as that of its file', async (t) => {
  const content = "'use strict';\nexports.handler = () => 1;\n";
  const { exports, source } = await load(t, content);
  assert.equal(source, Module.wrap(content));
  assert.equal(exports['handler']!(), 1);
});

test('a file with a first line for the shell runs and keeps its text', async (t) => {
  const content = '#!/usr/bin/env node\nexports.handler = () => 2;\n';
  const { exports, source } = await load(t, content);
  assert.equal(source, content);
  assert.equal(exports['handler']!(), 2);
});

test('a dynamic import does not warn of the loader that we chose', async (t) => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  t.after(() => process.off('warning', note));
  const { exports } = await load(t, "exports.handler = async () => (await import('node:path')).sep;\n");
  assert.ok(await exports['handler']!());
  assert.deepEqual(
    warnings.filter(({ message }) => message.includes('LOADER')),
    [],
  );
});
