import assert from 'node:assert/strict';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createImportRecorder } from '../../../../../runtime/languages/nodejs/bootstrap.importProfile.ts';
import type { LoadCommand } from '../../../../../runtime/protocol/instance/messages.ts';
import { writeTree } from '../../../../support/fileTree.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const internals = Module as unknown as Record<'_load' | '_resolveFilename', (...args: unknown[]) => unknown>;

/** Loads `index.js` of a tree under a recorder; names are below the folder. */
async function record(t: TestContext, files: Record<string, string>, meanwhile: () => void = () => {}) {
  const root = tempFolder(t);
  writeTree(root, files);
  const entry = join(root, 'index.js');
  const recorder = createImportRecorder({
    contract: join(root, 'dist', 'contracts', 'x.cjs'),
    entry,
    loader: 'script',
  } as LoadCommand);
  meanwhile();
  const loading = recorder.measure(entry, () => Promise.resolve(createRequire(entry)(entry) as unknown));
  const outcome = await loading.then(
    () => 'loaded',
    (error: Error) => error.message,
  );
  const graph = recorder.end();
  const name = (index: number) =>
    index < 0
      ? ''
      : graph.modules[index]![0].slice(graph.modules[index]![0].startsWith(root) ? root.length + 1 : 0);
  const edges = graph.edges.map(
    ([from, to, line, column]) => `${name(from)}>${name(to)}${line > 0 ? `@${line}:${column}` : ''}`,
  );
  return { graph, edges: edges.map((edge) => edge.replaceAll('\\', '/')), outcome };
}

test('who asks for whom, in time; calls of own code have their place', async (t) => {
  const { edges, outcome, graph } = await record(t, {
    'index.js': "\nconst a = require('a');\nrequire('./own');\nrequire('a');\n",
    'own.js': "  require('fs');\ntry { require('nowhere'); } catch {}\nrequire('./index.js');\n",
    'node_modules/a/index.js': "require('./b'); require('./b'); require('node:path');",
    'node_modules/a/b.js': "require('./index.js');",
  });
  assert.equal(outcome, 'loaded');
  assert.deepEqual(edges, [
    '>index.js',
    'index.js>node_modules/a/index.js@2:11',
    'node_modules/a/index.js>node_modules/a/b.js',
    'node_modules/a/b.js>node_modules/a/index.js',
    'node_modules/a/index.js>node:path',
    'index.js>own.js@3:1',
    'own.js>node:fs@1:3',
    'own.js>index.js@3:1',
    'index.js>node_modules/a/index.js@4:1',
  ]);
  assert.ok(graph.modules.every(([, selfUs]) => selfUs >= 0));
});

test('a module that throws throws as ever', async (t) => {
  const { edges, outcome } = await record(t, {
    'index.js': "require('./broken');",
    'broken.js': "throw new Error('broken at module level');",
  });
  assert.equal(outcome, 'broken at module level');
  assert.deepEqual(edges, ['>index.js', 'index.js>broken.js@1:1']);
});

test('other hooks, from before and from during the load, are called through and stay', async (t) => {
  const before = { ...internals };
  const seen: string[] = [];
  const wrap = (label: string) => {
    const original = internals._load;
    internals._load = (...args) => {
      seen.push(label);
      return Reflect.apply(original, Module, args);
    };
    return internals._load;
  };
  t.after(() => Object.assign(Module, { _load: before._load, _resolveFilename: before._resolveFilename }));
  wrap('before');
  let during: unknown;
  const { edges } = await record(t, { 'index.js': "require('./own');", 'own.js': '' }, () => {
    during = wrap('during');
  });
  assert.deepEqual(edges, ['>index.js', 'index.js>own.js@1:1']);
  assert.deepEqual(seen, ['during', 'before', 'during', 'before']);
  assert.equal(internals._load, during, 'who came later is not removed');
  const resolve = internals._resolveFilename;
  assert.equal(resolve, before._resolveFilename, 'what is ours is gone');
});
