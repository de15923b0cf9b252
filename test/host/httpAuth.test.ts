import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { writeTree } from '../support/fileTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

test('callers that the cloud would not let in are told of once, or refused when the file asks for it', async (t) => {
  let host = undefined as Host | undefined;
  // Before the folder is removed.
  t.after(() => host?.close('test ended'));
  const root = tempFolder(t);
  writeTree(root, {
    'porchlight.yaml': `functions:
  open: { handler: index.handler, triggers: [{ http: { auth: signature, shape: function-url } }] }
  closed:
    handler: index.handler
    checkAuth: true
    triggers: [{ http: { auth: signature, shape: function-url } }]
  everybody: { handler: index.handler, checkAuth: true, triggers: [{ http: {} }] }
`,
    'index.js': 'exports.handler = async () => "let in";\n',
  });
  host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  const { gateway, registry } = host;
  const records = new Map<string, InvocationRecord>();
  registry.get('open').onDidFinish((record) => records.set(record.id, record));
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(gateway.url + path, { headers });
    return `${answer.status} ${await answer.text()}`;
  };
  for (let call = 0; call < 2; call++) assert.equal(await ask('/open'), '200 "let in"');
  const notes = [...records.values()].map((record) => record.notes);
  assert.deepEqual(
    notes.map(({ length }) => length),
    [1, 0],
  );
  assert.match(notes[0]![0]!, /answered with 403: its trigger does not let everybody in \(auth: signature\)/);

  assert.equal(await ask('/closed'), '403 {"Message":"Forbidden"}');
  const signed = { Authorization: 'AWS4-HMAC-SHA256 Credential=AK/20260102/us-east-1/lambda/aws4_request' };
  assert.equal(await ask('/closed', signed), '200 "let in"');
  assert.equal(await ask('/everybody'), '200 "let in"');
});
