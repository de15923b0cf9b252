import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import { startHost, type Host } from '../../runtime/host/host.ts';
import { createProjectSource } from '../../runtime/host/projectSource.ts';
import { openHistory } from '../../runtime/history/history.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

const calls = [
  "context.logger.info('info')",
  "context.logger.warn('warn')",
  "context.logger.error('error')",
  "context.logger.debug('debug')",
  "console.group('group')",
  "console.groupEnd(), console.count('count')",
  "console.dirxml('dirxml')",
  'console.table([1])',
  "console.time('t'), console.timeLog('t')",
  "console.timeEnd('t')",
  "console.assert(false, 'assert')",
  "console.trace('trace')",
  "const { log } = console, row = () => log('own name')",
  'row()',
];

function project(t: TestContext): string {
  const root = tempFolder(t);
  const lines = calls.map((call) => `  ${call};`);
  writeTree(root, {
    'porchlight.yaml':
      'functions:\n' +
      ['plain: { handler: plain.handler }', 'typed: { handler: typed.handler }']
        .map((line) => `  ${line.replace(' }', ', platform: aliyun-fc }')}\n`)
        .join(''),
    'plain.js': ['exports.handler = async (event, context) => {', ...lines, '};', ''].join('\n'),
    'typed.ts': [
      'interface Context { logger: Record<string, (text: string) => void> }',
      '',
      'export const handler = async (event: Buffer, context: Context): Promise<void> => {',
      ...lines,
      '};',
      '',
    ].join('\n'),
  });
  return root;
}

/** The lines of the calls above, by what they printed; each call is counted from the first one. */
async function printedAt(host: Host, root: string, name: string, file: string, first: number) {
  const { logs, status } = await invoke(host, name);
  assert.equal(status, 'ok');
  return logs
    .filter(({ stream }) => stream !== 'platform')
    .map(({ at, text }) => {
      if (!at) return 'nowhere';
      assert.equal(at.file, join(root, file), text);
      return at.line - first;
    });
}

test('console and logger calls of every kind are told with the source line of the caller', async (t) => {
  const root = project(t);
  const host = await startDevHost({ root, port: 0, version: '0', announce: false });
  t.after(() => host.close('test ended'));
  // The function that prints under a name of its own is in the line before the last.
  const expected = [...calls.keys()].filter((index) => index !== calls.length - 1);
  assert.deepEqual(await printedAt(host, root, 'plain', 'plain.js', 2), expected);
  assert.deepEqual(await printedAt(host, root, 'typed', 'typed.ts', 4), expected);
});

test('a host that nobody works beside finds out no positions', async (t) => {
  const root = project(t);
  const host = await startHost({
    root,
    port: 0,
    version: '0',
    source: createProjectSource(root),
    history: openHistory(join(root, '.porchlight', 'history.db')),
  });
  t.after(() => host.close('test ended'));
  const lines = await printedAt(host, root, 'plain', 'plain.js', 2);
  assert.equal(lines.length, calls.length - 1);
  assert.deepEqual(new Set(lines), new Set(['nowhere']));
});
