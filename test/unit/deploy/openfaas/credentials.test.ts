import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCredentials, type CredentialPlaces } from '../../../../runtime/deploy/openfaas/credentials.ts';

const gateway = 'https://gw.example.com';
const token = Buffer.from('admin:s3cret').toString('base64');

function places(text: string | undefined, env: NodeJS.ProcessEnv = {}): CredentialPlaces {
  const file = join(env['OPENFAAS_CONFIG'] ?? join('/home/me', '.openfaas'), 'config.yml');
  return { env, home: '/home/me', read: (path) => (path === file ? text : undefined) };
}

const file = `auths:
- gateway: http://127.0.0.1:8080
  auth: basic
  token: b3RoZXI6b3RoZXI=
- gateway: https://GW.example.com/
  auth: basic
  token: ${token}
  options: []
- gateway: https://sso.example.com
  auth: oauth2
  token: a.b.c
`;

test('what faas-cli keeps, by the gateway it is for', () => {
  assert.deepEqual(readCredentials(gateway, places(file)), {
    authorization: `Basic ${token}`,
    secrets: [token, 's3cret'],
  });
  assert.equal(readCredentials('https://sso.example.com', places(file))?.authorization, 'Bearer a.b.c');
  assert.equal(readCredentials('https://nobody.example.com', places(file)), undefined);
  assert.equal(readCredentials(gateway, places(undefined)), undefined);
  assert.equal(readCredentials(gateway, places('')), undefined);
  const elsewhere = places(file, { OPENFAAS_CONFIG: '/ci' });
  assert.equal(readCredentials(gateway, elsewhere)?.authorization, `Basic ${token}`);
});

test('the environment goes before it, unless it is of another gateway', () => {
  const env = { OPENFAAS_PASSWORD: 'from-env' };
  const basic = Buffer.from('admin:from-env').toString('base64');
  assert.equal(readCredentials(gateway, places(file, env))?.authorization, `Basic ${basic}`);
  const other = { ...env, OPENFAAS_URL: 'https://other.example.com' };
  assert.equal(readCredentials(gateway, places(file, other))?.authorization, `Basic ${token}`);
  const named = { ...env, OPENFAAS_URL: `${gateway}/`, OPENFAAS_USERNAME: 'me' };
  const mine = Buffer.from('me:from-env').toString('base64');
  assert.equal(readCredentials(gateway, places(file, named))?.authorization, `Basic ${mine}`);
  assert.equal(
    readCredentials(gateway, places(file, { OPENFAAS_TOKEN: 'jwt' }))?.authorization,
    'Bearer jwt',
  );
});

test('a file that cannot be read says where, and shows nothing of it', () => {
  const broken = [`auths: [${token}`, `auths: { gateway: ${token} }`, `${token}`];
  for (const text of broken) {
    assert.throws(
      () => readCredentials(gateway, places(text)),
      (error: Error) => /config\.yml cannot be read/.test(error.message) && !error.message.includes(token),
      text,
    );
  }
  const empty = `auths:\n- gateway: ${gateway}\n  auth: basic\n  token: ""\n`;
  assert.throws(() => readCredentials(gateway, places(empty)), /faas-cli login --gateway https:\/\/gw/);
  const without = `auths:\n- gateway: ${gateway}\n  token: YWRtaW4=\n`;
  assert.throws(() => readCredentials(gateway, places(without)), /has no password/);
});
