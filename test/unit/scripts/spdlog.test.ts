import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

const spdlog = createRequire(import.meta.url)('../../../scripts/editor/spdlog.cjs');

async function logger(t: TestContext, maxBytes: number, maxFiles: number) {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const log = await spdlog.createAsyncRotatingLogger('x', join(folder, 'deep', 'x.log'), maxBytes, maxFiles);
  t.after(() => log.drop());
  const text = (name: string) => readFileSync(join(folder, 'deep', name), 'utf8');
  return { log, text, names: () => readdirSync(join(folder, 'deep')).sort() };
}

test('a log line carries time and level, and levels below the chosen one are left out', async (t) => {
  const { log, text } = await logger(t, 1000, 1);
  log.debug('hidden');
  log.warn('shown');
  log.setLevel(0);
  log.trace('now shown');
  assert.match(
    text('x.log'),
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[warning\] shown\n\S+ \S+ \[trace\] now shown\n$/,
  );
});

test('without formatters the text is written as it is', async (t) => {
  const { log, text } = await logger(t, 1000, 1);
  log.clearFormatters();
  log.info('a');
  log.info('b\n');
  assert.equal(text('x.log'), 'ab\n');
});

test('full files move on, and the oldest goes', async (t) => {
  const { log, text, names } = await logger(t, 4, 3);
  log.clearFormatters();
  for (const part of ['1111', '2222', '3333', '4444']) log.info(part);
  assert.deepEqual(names(), ['x.1.log', 'x.2.log', 'x.log']);
  assert.deepEqual([text('x.log'), text('x.1.log'), text('x.2.log')], ['4444', '3333', '2222']);
});

test('nothing is written after the logger was dropped', async (t) => {
  const { log, text } = await logger(t, 1000, 1);
  log.drop();
  log.error('late');
  assert.equal(text('x.log'), '');
});
