import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Listener } from '../../../../../runtime/languages/custom/conversation.ts';
import { findExtensions } from '../../../../../runtime/languages/custom/extensionProcesses.ts';
import { Extensions } from '../../../../../runtime/languages/custom/extensions.ts';
import { openServer } from '../../../../../runtime/languages/custom/httpServer.ts';
import { systemClock } from '../../../../../runtime/support/clock.ts';
import { writeTree } from '../../../../support/fileTree.ts';
import { functionDefinition } from '../../../../support/functionDefinition.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

/** The API as an extension sees it. */
async function serve(t: TestContext) {
  const listener = {
    clock: systemClock,
    definition: functionDefinition('/p'),
    listensForTermination: () => undefined,
  } as unknown as Listener;
  const extensions = new Extensions(listener);
  const { server, port } = await openServer((request, response) =>
    extensions.answer(request, response, request.url!),
  );
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const url = `http://127.0.0.1:${port}/2020-01-01/extension${path}`;
    const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
    const text = await answer.text();
    const { errorType } = JSON.parse(text) as { errorType?: string };
    return {
      said: `${answer.status} ${errorType ?? 'OK'}`,
      id: answer.headers.get('lambda-extension-identifier') ?? '',
      text,
    };
  };
  const register = (name: string, body = '{"events":["INVOKE"]}') =>
    ask('POST', '/register', { 'Lambda-Extension-Name': name }, body);
  return { extensions, ask, register };
}

test('registering: what is refused, and how', async (t) => {
  const { extensions, ask, register } = await serve(t);
  assert.equal((await ask('POST', '/register', {}, '{}')).said, '403 Extension.InvalidExtensionName');
  assert.equal((await register('a', 'no JSON')).said, '400 InvalidRequestFormat');
  assert.equal((await register('a', '{"events":["SLEEP"]}')).said, '403 Extension.InvalidEventType');
  const first = await register('a');
  assert.equal(first.said, '200 OK');
  assert.match(
    first.text,
    /^\{"functionName":"hello","functionVersion":"\$LATEST","handler":"index.handler"\}/,
  );
  assert.equal((await register('a')).said, '403 Extension.InvalidExtensionState');
  for (let number = 2; number <= 10; number++) assert.equal((await register(`e${number}`)).said, '200 OK');
  assert.equal((await register('eleventh')).said, '403 Extension.TooManyExtensions');
  extensions.closeRegistration();
  assert.equal((await register('late')).said, '403 Extension.RegistrationClosed');
});

test('asking and failing: who may, and with what', async (t) => {
  const { extensions, ask, register } = await serve(t);
  const unknown = { 'Lambda-Extension-Identifier': 'nobody' };
  assert.equal((await ask('GET', '/event/next', unknown)).said, '403 Extension.UnknownExtensionIdentifier');
  assert.match((await ask('GET', '/event/next')).said, /^403 Extension\.Missing/);
  const { id } = await register('watcher');
  const own = { 'Lambda-Extension-Identifier': id };
  assert.equal((await ask('POST', '/exit/error', own, '{}')).said, '403 Extension.MissingHeader');
  let ready = false;
  void extensions.ready.then(() => (ready = true));
  const next = ask('GET', '/event/next', own);
  await extensions.ready;
  assert.ok(ready);
  extensions.invoked({ requestId: 'ID', deadlineMs: 7, arn: 'arn', trace: 'Root=1' });
  assert.equal(extensions.atRest, false);
  assert.deepEqual(JSON.parse((await next).text), {
    eventType: 'INVOKE',
    deadlineMs: 7,
    requestId: 'ID',
    invokedFunctionArn: 'arn',
    tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1' },
  });
  const typed = { ...own, 'Lambda-Extension-Function-Error-Type': 'Extension.Own' };
  assert.equal((await ask('POST', '/init/error', typed, '{}')).said, '403 Extension.InvalidExtensionState');
  assert.equal((await ask('POST', '/exit/error', typed, '{"errorMessage":"no disk"}')).said, '202 OK');
  assert.deepEqual(extensions.failureOf('watcher', 'exit status 1'), {
    name: 'watcher',
    type: 'Extension.ExitError',
    message: 'Extension.Own: no disk',
  });
  assert.equal(extensions.failureOf('other', 'exit status 1').type, 'Extension.Crash');
});

test(
  'programs of layers go over those of the package, of which only executables count',
  { skip: process.platform === 'win32' },
  (t) => {
    const root = tempFolder(t);
    writeTree(root, {
      'code/extensions/index.js': '',
      'code/extensions/own': '',
      'code/extensions/both': '',
      'layer/extensions/both': '',
      'layer/extensions/folder/file': '',
    });
    for (const name of ['own', 'both']) chmodSync(join(root, 'code/extensions', name), 0o755);
    const layers = [join(root, 'nothing'), join(root, 'layer')];
    assert.deepEqual(findExtensions(join(root, 'code'), layers), [
      { name: 'both', path: join(root, 'layer/extensions/both') },
      { name: 'own', path: join(root, 'code/extensions/own') },
    ]);
  },
);
