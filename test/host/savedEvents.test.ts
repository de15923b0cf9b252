import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import type { TestOutcome } from '../../runtime/model/testing/testCase.ts';
import { porchlight, said, startPorchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A copy that a test may change. */
function copyOf(t: TestContext, folder: string): string {
  const root = tempFolder(t);
  cpSync(folder, root, {
    recursive: true,
    filter: (path) => !['.porchlight', 'node_modules', '.env'].includes(basename(path)),
  });
  return root;
}

test('the saved events of a folder with several projects give what is expected of them', async (t) => {
  const root = tempFolder(t);
  for (const name of ['hello-fc', 'orders-sam', 'verification-code'])
    cpSync(copyOf(t, join('examples', name)), join(root, name), { recursive: true });
  const { code, stdout, stderr } = await porchlight(root, ['test', root]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^hello\n {2}✓ ada /m);
  assert.match(stdout, /^\d+ passed of \d+ tests, /m);
  assert.equal(stderr, '');
});

test('events and requests, budgets, a report for programs and one for readers of JUnit', async (t) => {
  const root = copyOf(t, 'test/fixtures/savedEvents');
  const report = join(root, 'out', 'junit.xml');
  const { code, stdout } = await porchlight(root, ['test', '--reporter', 'json', '--junit', report]);
  assert.equal(code, 0, stdout);
  const { tests } = JSON.parse(stdout) as { tests: TestOutcome[] };
  assert.deepEqual(
    tests.map(({ id, status, startKind }) => `${id}: ${status}, ${startKind}`),
    [
      'cart/over http: passed, cold',
      'cart/cart-empty: passed, warm',
      'cart/two-lines: passed, warm',
      'other/other: passed, cold',
    ],
  );
  assert.equal(tests[0]!.invocations.length, 7);
  assert.match(readFileSync(report, 'utf8'), /<testsuite name="cart" tests="3" failures="0" errors="0"/);
});

test('what fails says what, where, and how it differs; exit codes tell failures from mistakes', async (t) => {
  const root = copyOf(t, 'test/fixtures/savedEvents');
  const expectation = join(root, 'events/cart/two-lines.expect.yaml');
  writeFileSync(expectation, 'result:\n  total: 14\n  currency: EUR\n');
  const failed = await porchlight(root, ['test', '--function', 'cart', '--filter', 'LINES']);
  assert.equal(failed.code, 1);
  const lines = failed.stdout.replaceAll('\\', '/').replace(/\(.*? ms, cold\)|[\d.]+ ms$/gm, '()');
  assert.equal(
    lines,
    `cart
  ✗ two-lines ()
      result.total: expected 14, got 13
      at events/cart/two-lines.expect.yaml:2:10
      - expected  + actual
        {
      -   "total": 14,
      +   "total": 13,
          "currency": "EUR"
        }
      log:
        total 13

1 failed of 1 test, ()
`,
  );
  const bail = await porchlight(root, ['test', '--bail', '--function', 'cart', '--function', 'other']);
  assert.equal(bail.code, 1);
  assert.match(bail.stdout, /^1 more was not run\.$/m);

  writeFileSync(expectation, 'reslt: 1\n');
  const mistake = await porchlight(root, ['test']);
  assert.equal(mistake.code, 2, mistake.stdout);
  assert.match(
    mistake.stderr,
    /two-lines\.expect\.yaml:1:1: error: Unknown key "reslt"; did you mean "result"\?/,
  );
  assert.match(mistake.stdout, /3 passed, 1 could not be run of 4 tests/);

  const cases: [string[], RegExp][] = [
    [['test', '--function', 'cat'], /no function named "cat". Known functions: cart, other/],
    [['test', '--filter', 'zzz'], /No test has "zzz" in its name. There are: cart\/over http, /],
    [['test', 'nowhere'], /is not a folder/],
    [['test', '--junit', 'porchlight.yaml/x.xml', '--function', 'other'], /report cannot be written/],
  ];
  for (const [args, words] of cases) {
    const { code, stderr } = await porchlight(root, args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
  }
});

test('without saved events it says how to write one', async (t) => {
  const root = tempFolder(t);
  writeTree(root, { 'index.js': 'exports.handler = async () => 1;' });
  const { code, stderr } = await porchlight(root, ['test']);
  assert.equal(code, 2);
  assert.match(stderr, /There are no saved events .* Put one into .*events:\n {2}hello\.json /);
});

test('requests that lead nowhere and missing files are told, and the rest runs', async (t) => {
  const root = tempFolder(t);
  writeTree(root, {
    'porchlight.yaml': `functions:
  a:
    handler: index.a
    platform: aws-lambda
    triggers: [{ http: { path: /a, methods: [GET] } }]
    events:
      - { name: missing, file: data/none.json }
      - { name: no json, event: 'not json' }
      - { name: nowhere, http: { path: /b } }
      - { name: method, http: { path: /a, method: POST } }
      - { name: fails, http: { path: /a?fail=1 }, expect: { statusCode: 500 } }
      - { name: good, http: { path: /a }, expect: { result: fine } }
`,
    'index.js': `exports.a = async (event) => {
  if (event.queryStringParameters?.fail) throw new Error('as asked');
  return 'fine';
};`,
  });
  const { code, stdout } = await porchlight(root, ['test', '--reporter', 'json']);
  const { tests } = JSON.parse(stdout) as { tests: TestOutcome[] };
  const told = tests.map(({ name, status, reason }) => `${name}: ${status}${reason ? `, ${reason}` : ''}`);
  assert.equal(code, 2, told.join('\n'));
  assert.match(
    told[0]!,
    /^missing: errored, .*none\.json cannot be read: ENOENT, named at .*porchlight\.yaml:7/,
  );
  assert.match(told[1]!, /^no json: errored, The event is not JSON/);
  assert.match(told[2]!, /^nowhere: errored, Nothing answers \/b\. HTTP triggers: GET \/a {2}\(a\)/);
  assert.match(told[3]!, /^method: errored, \/a takes GET, not POST\./);
  assert.deepEqual(told.slice(4), ['fails: passed', 'good: passed']);
});

suite('--watch', () => {
  async function watching(t: TestContext) {
    const root = copyOf(t, 'test/fixtures/savedEvents');
    const child = startPorchlight(root, ['test', '--watch', '--function', 'cart']);
    t.after(async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    await said(child, /3 passed of 3 tests[\s\S]*Waiting for changes/);
    const code = join(root, 'src/cart.ts');
    const text = readFileSync(code, 'utf8');
    const spoil = async () => {
      const failing = said(child, /two-lines[\s\S]* of 3 tests/);
      writeFileSync(code, text.replace('price * count', 'price'));
      await failing;
    };
    const end = async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      return ended;
    };
    return { root, child, code, text, spoil, end };
  }

  test('runs again what a change of code or of an event concerns, and fails when the last run did', async (t) => {
    const { root, child, spoil, end } = await watching(t);
    await spoil();
    const event = said(child, /✗ two-lines[\s\S]* of 1 test,/);
    writeFileSync(join(root, 'events/cart/two-lines.json'), '{ "items": [] }');
    await event;
    assert.deepEqual(await end(), [1, null]);
  });

  test('ends well when the last run did, whatever the ones before', async (t) => {
    const { child, code, text, spoil, end } = await watching(t);
    await spoil();
    const well = said(child, /3 passed of 3 tests/);
    writeFileSync(code, text);
    await well;
    assert.deepEqual(await end(), [0, null]);
  });
});
