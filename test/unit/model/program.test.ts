import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commandText,
  splitCommand,
  withArtifactsDir,
  withVariables,
} from '../../../runtime/model/program.ts';
import { readWebEvent, readWebResult, webEvent, webResult } from '../../../runtime/model/webMessage.ts';

const commands: [text: string, parts: string[]][] = [
  ['./bootstrap', ['./bootstrap']],
  ['  node  server.js --port 80 ', ['node', 'server.js', '--port', '80']],
  [`sh -c "echo 'a b'"`, ['sh', '-c', "echo 'a b'"]],
  [`run 'two words' ""`, ['run', 'two words', '']],
];
for (const [text, parts] of commands) {
  test(`the command ${text}`, () => assert.deepEqual(splitCommand(text), parts));
}

test('a command is shown as it would be typed', () => {
  assert.equal(commandText({ command: ['node', 'my app.js', '-q'] }), 'node "my app.js" -q');
});

test('the folder of a build is filled in, whatever is special in its name', () => {
  const folder = '/tmp/$&/a';
  assert.equal(
    withArtifactsDir('$ARTIFACTS_DIR/x ${ARTIFACTS_DIR} %ARTIFACTS_DIR%', folder),
    `${folder}/x ${folder} ${folder}`,
  );
  assert.equal(withArtifactsDir('$ARTIFACTS_DIRECTORY', folder), '$ARTIFACTS_DIRECTORY');
  assert.equal(
    withVariables('127.0.0.1:$PORT ${HOME} 50%x%', { PORT: '8080' }),
    '127.0.0.1:8080 ${HOME} 50%x%',
  );
});

const request = (url: string, body: Uint8Array) => ({
  method: 'POST',
  url,
  rawHeaders: [
    ['Set-Cookie', 'a'],
    ['Set-Cookie', 'b'],
  ] as [string, string][],
  body,
  remoteAddress: '127.0.0.1',
  pathParameters: {},
});

for (const body of [Buffer.from('text é'), Buffer.from([0, 255, 128]), Buffer.alloc(0)]) {
  test(`a request and an answer with ${body.length} bytes come back as they were`, () => {
    const read = readWebEvent(webEvent(request('/shop/a?b=%20', body), '/shop'));
    assert.equal(read?.url, '/a?b=%20');
    assert.deepEqual(read?.headers, request('', body).rawHeaders);
    assert.deepEqual(Buffer.from(read!.body), body);
    const answer = readWebResult(webResult({ status: 204, headers: [['X-A', 'b']], body }));
    assert.equal(answer?.status, 204);
    assert.deepEqual(Buffer.from(answer!.body), body);
  });
}

test('the part of a path that stands for the domain is left out, and only that', () => {
  const urlOf = (url: string) => readWebEvent(webEvent(request(url, Buffer.alloc(0)), '/shop'))?.url;
  assert.deepEqual(['/shop', '/shop?x', '/shop/', '/shopping'].map(urlOf), ['/', '/?x', '/', '/shopping']);
});

const others = [
  '',
  '{}',
  '{"httpRequest":1}',
  '{"httpRequest":{"method":"get it","url":"/"}}',
  '{"httpRequest"',
  '[]',
];
for (const text of others) {
  test(`${text || 'nothing'} is no request`, () => assert.equal(readWebEvent(Buffer.from(text)), undefined));
}

test('an answer with an impossible status is none', () => {
  assert.equal(readWebResult(Buffer.from('{"httpResponse":{"status":20}}')), undefined);
});
