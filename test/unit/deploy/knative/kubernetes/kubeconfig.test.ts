import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import { KubeApi } from '../../../../../runtime/deploy/knative/kubernetes/kubeApi.ts';
import {
  readKubeconfig,
  type KubeAccess,
} from '../../../../../runtime/deploy/knative/kubernetes/kubeconfig.ts';
import { KubeIdentity } from '../../../../../runtime/deploy/knative/kubernetes/kubeUser.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const home = resolve('/home/me');
const usual = join(home, '.kube', 'config');
const config = (name: string, more: object = {}) => ({
  'current-context': name,
  clusters: [{ name, cluster: { server: `https://${name}.example`, 'certificate-authority': 'ca.crt' } }],
  users: [
    {
      name,
      user: { 'client-certificate': 'me.crt', 'client-key-data': Buffer.from('KEY').toString('base64') },
    },
  ],
  contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-space` } }],
  ...more,
});
const read = (files: Record<string, unknown>, env: NodeJS.ProcessEnv = {}, stated = {}) =>
  readKubeconfig(stated, {
    env,
    home,
    read: (path) => {
      const found = files[path];
      return Promise.resolve(
        found === undefined || typeof found === 'string' ? found : JSON.stringify(found),
      );
    },
  });

test('the current context of the usual file, with paths beside it', async () => {
  const files = {
    [usual]: config('one'),
    [join(home, '.kube', 'ca.crt')]: 'CA',
    [join(home, '.kube', 'me.crt')]: 'CERT',
  };
  const access = await read(files);
  assert.deepEqual(
    [access.context, access.cluster.server, access.namespace],
    ['one', 'https://one.example', 'one-space'],
  );
  const { tls, headers } = await new KubeIdentity(access).get(undefined);
  assert.deepEqual([tls.ca, tls.cert, tls.key, headers], ['CA', 'CERT', 'KEY', {}]);
});

test('several files are one, of which the first that says something counts', async () => {
  const [a, b] = [resolve('/a.yaml'), resolve('/b.yaml')];
  const env = { KUBECONFIG: [a, resolve('/none'), b].join(delimiter) };
  const files = { [a]: config('one'), [b]: config('two') };
  assert.equal((await read(files, env)).context, 'one');
  assert.equal((await read(files, env, { context: 'two' })).cluster.server, 'https://two.example');
  await assert.rejects(read(files, env, { context: 'three' }), /no context "three" \(known: one, two\)/);
});

test('what is not there or not right has a remedy, and no secret', async () => {
  await assert.rejects(read({}), { code: 'CREDENTIALS_MISSING', message: /config is not there/ });
  for (const text of ['a: [planted', '{"clusters": "planted"}'])
    await assert.rejects(read({ [usual]: text }), (error: Error) => !error.message.includes('planted'));
  const lost = config('one', { users: [] });
  await assert.rejects(read({ [usual]: lost }), /names the user "one", who is not there/);
  const plain = config('one', { clusters: [{ name: 'one', cluster: { server: 'http://far.example' } }] });
  const access = await read({ [usual]: plain });
  assert.throws(() => new KubeApi({ access }), /has to be an https: address/);
});

test('within a pod its own service account is used', async () => {
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const files = { [`${folder}/token`]: 'pod', [`${folder}/namespace`]: 'shop\n', [`${folder}/ca.crt`]: 'CA' };
  const access = await read(files, { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' });
  assert.deepEqual([access.cluster.server, access.namespace], ['https://[fd00::1]:443', 'shop']);
  assert.deepEqual((await new KubeIdentity(access).get(undefined)).headers, { authorization: 'Bearer pod' });
});

test('a program gives credentials, and is asked again when they are refused', async (t) => {
  if (process.platform === 'win32') return t.skip('the program is a script');
  const program = join(tempFolder(t), 'login');
  writeFileSync(
    program,
    `#!${process.execPath}
    const fs = require('fs'), count = __filename + '.count';
    const n = fs.existsSync(count) ? Number(fs.readFileSync(count, 'utf8')) + 1 : 1;
    fs.writeFileSync(count, String(n));
    const asked = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
    console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: asked.apiVersion, status: { token: process.env.WHO + n } }));`,
  );
  chmodSync(program, 0o755);
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    response.writeHead(request.headers.authorization === 'Bearer me2' ? 200 : 401).end('{}');
  });
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const access: KubeAccess = {
    context: 'c',
    cluster: { server: `http://127.0.0.1:${(server.address() as { port: number }).port}` },
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: program,
        env: [{ name: 'WHO', value: 'me' }],
      },
    },
    namespace: undefined,
    read: () => Promise.resolve(undefined),
  };
  const api = new KubeApi({ access, pollMs: 1 });
  const request = { method: 'GET' as const, path: '/version', action: 'look' };
  assert.equal((await api.call(request)).status, 200);
  assert.deepEqual(tokens, ['Bearer me1', 'Bearer me2']);
  const missing = {
    ...access,
    user: { exec: { ...access.user.exec!, command: 'no-such-login', installHint: 'Install it.' } },
  };
  await assert.rejects(
    new KubeApi({ access: missing }).call(request),
    /no-such-login.*not on the PATH\. Install it\./,
  );
});
