import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { firstLine, porchlight, startPorchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

function project(t: TestContext): string {
  const root = tempFolder(t);
  writeTree(root, {
    'porchlight.yaml': `functions:
  echo: { handler: index.echo, platform: aliyun-fc, env: { API_TOKEN: abcdef123456 } }
  page:
    handler: index.page
    platform: aws-lambda
    triggers: [{ http: { path: '/page', methods: [POST] } }]
  tells: { handler: index.tells, platform: aws-lambda }
  fail: { handler: index.fail, platform: aws-lambda }
`,
    'index.js': `
exports.echo = async (event) => event;
exports.page = async (event, context) => ({ statusCode: 200, body: event.requestContext.http.method + event.body });
exports.tells = async (event, context) => { console.log('told', event); return context.clientContext ?? null; };
exports.fail = async (event) => { throw new TypeError('not ' + event.what); };
`,
  });
  return root;
}

async function start(t: TestContext, root: string): Promise<{ gateway: string }> {
  const child = startPorchlight(root, ['start', root, '--json']);
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return JSON.parse(await firstLine(child)) as { gateway: string };
}

/** Runs the command with `--json` and gives the record it prints. */
async function recordBy(root: string, args: string[], input = ''): Promise<InvocationRecord> {
  const { stdout, stderr } = await porchlight(root, [...args, '--json'], input);
  assert.match(stdout, /^\{/, stderr);
  return JSON.parse(stdout) as InvocationRecord;
}

test('replay: the last one, a failure, one by its id or a part of it, from one command to the next', async (t) => {
  const root = project(t);
  const none = await porchlight(root, ['replay']);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /No invocation is recorded/);
  const noFailure = await porchlight(root, ['replay', 'last-failure']);
  assert.equal(noFailure.code, 2);
  assert.match(noFailure.stderr, /No invocation of .* has failed/);

  const failed = await recordBy(root, ['invoke', 'fail', '-e', '{"what":"now"}']);
  const echoed = await recordBy(root, ['invoke', 'echo', '-e', 'some bytes']);

  const last = await porchlight(root, ['replay']);
  assert.deepEqual([last.code, last.stdout], [0, 'some bytes']);
  assert.match(last.stderr, new RegExp(`echo ok · .*replay of ${echoed.id.replaceAll('-', '').slice(-6)}`));

  const again = await recordBy(root, ['replay', 'last-failure']);
  assert.deepEqual(
    [again.function, again.status, again.replayOf, again.event.data, again.error?.message, again.label],
    ['fail', 'error', failed.id, '{"what":"now"}', 'not now', 'invoke fail'],
  );
  assert.equal((await porchlight(root, ['replay', 'last-failure'])).code, 1);

  const byPart = await recordBy(root, ['replay', echoed.id.replaceAll('-', '').slice(-6)]);
  assert.equal(byPart.replayOf, echoed.id);
  const unknown = await porchlight(root, ['replay', 'ffffffffffff']);
  assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, /no invocation "ffffffffffff"/);
});

test('replay with another event, on a start kind', async (t) => {
  const root = project(t);
  await start(t, root);
  const { id } = await recordBy(root, ['invoke', 'fail', '-e', '{"what":"a"}']);
  const edited = await recordBy(root, ['replay', id, '-e', '{"what":"b"}', '--cold']);
  assert.deepEqual(
    [edited.error?.message, edited.startKind, edited.replayOf, edited.notes.at(-1)],
    ['not b', 'cold', id, 'The event was edited before it was sent again.'],
  );
  const piped = await recordBy(root, ['replay', id, '-e', '-', '--warm'], '{"what":"c"}');
  assert.deepEqual([piped.error?.message, piped.startKind], ['not c', 'warm']);
  const broken = await porchlight(root, ['replay', id, '-e', '{"what":']);
  assert.deepEqual([broken.code, broken.stdout], [2, '']);
  assert.match(broken.stderr, /The event is not JSON/);
});

test('an HTTP request is replayed as one: same event, same trigger; the client context goes along', async (t) => {
  const root = project(t);
  const { gateway } = await start(t, root);
  await (await fetch(`${gateway}/page?x=1`, { method: 'POST', body: 'hi' })).text();
  const page = await recordBy(root, ['replay', 'last']);
  assert.deepEqual(
    [
      page.function,
      page.trigger,
      page.label,
      page.notes.includes('The event was edited before it was sent again.'),
    ],
    ['page', 'http', 'POST /page?x=1', false],
  );
  assert.match(page.result?.data ?? '', /"body":"POSThi"/);

  const context = Buffer.from('{"custom":{"a":1}}').toString('base64');
  const url = `${gateway}/2015-03-31/functions/tells/invocations`;
  await (
    await fetch(url, { method: 'POST', headers: { 'X-Amz-Client-Context': context }, body: '[1]' })
  ).text();
  const told = await recordBy(root, ['replay', 'last']);
  assert.equal(told.result?.data, '{"custom":{"a":1}}');
  assert.deepEqual(told.clientContext, { custom: { a: 1 } });
});

test('an event that was not recorded whole is refused; a secret that was not is told', async (t) => {
  const root = project(t);
  await start(t, root);
  writeFileSync(join(root, 'large.txt'), 'x'.repeat(300_000));
  const { id } = await recordBy(root, ['invoke', 'echo', '-e', 'large.txt']);
  const refused = await porchlight(root, ['replay', id]);
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  assert.match(refused.stderr, /has 300000 bytes, of which only 262144 were recorded/);
  assert.equal((await porchlight(root, ['replay', id, '-e', 'small'])).stdout, 'small');

  await porchlight(root, ['invoke', 'echo', '-e', 'token abcdef123456']);
  const hidden = await recordBy(root, ['replay', 'last']);
  assert.equal(hidden.result?.data, 'token ••••••');
  assert.match(hidden.notes.join(), /A secret value of the event was not recorded/);
});

test('diff: two invocations, a replay and its original, one and the one before it', async (t) => {
  const root = project(t);
  await start(t, root);
  const first = await recordBy(root, ['invoke', 'tells', '-e', '{"b":1,"a":[1]}']);
  const second = await recordBy(root, ['invoke', 'tells', '-e', '{"b":2,"a":[1]}']);
  const short = ({ id }: InvocationRecord): string => id.replaceAll('-', '').slice(-6);
  const parts = async (...args: string[]): Promise<Map<string, string>> => {
    const { code, stdout, stderr } = await porchlight(root, ['diff', ...args]);
    assert.equal(code, 0, stderr);
    const files = stdout.split(/^--- .*\/(?=\w+$)/m).slice(1);
    return new Map(
      files.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]),
    );
  };
  const both = await parts(first.id, second.id);
  assert.equal(
    both.get('event'),
    `+++ tells-${short(second)}/event\n@@ -1,5 +1,5 @@\n {\n-  "b": 1,\n+  "b": 2,\n   "a": [\n     1\n   ]\n`,
  );
  assert.match(both.get('overview') ?? '', /^-start: cold\n\+start: warm$/m);
  assert.match(both.get('log') ?? '', /^-INFO {2}told \{ b: 1, a: \[ 1 \] \} {2}\(index\.js:4\)$/m);
  assert.equal(both.has('result'), false);
  assert.deepEqual(await parts(short(second)), both, 'the one before it');

  const replayed = await recordBy(root, ['replay', first.id]);
  const withOriginal = await parts(replayed.id);
  assert.equal(withOriginal.has('event'), false);
  assert.equal(withOriginal.has('log'), false);
  assert.match(
    withOriginal.get('overview') ?? '',
    new RegExp(`^\\+\\+\\+ tells-${short(replayed)}/overview`),
  );
  const alone = await porchlight(root, ['diff', first.id]);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /No invocation of tells before this one/);
});
