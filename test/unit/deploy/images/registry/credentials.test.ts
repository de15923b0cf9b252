import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readChallenges } from '../../../../../runtime/deploy/images/registry/challenge.ts';
import {
  findCredentials,
  type CredentialPlaces,
} from '../../../../../runtime/deploy/images/registry/credentials.ts';

const docker = join('/home', '.docker', 'config.json');
const auth = Buffer.from('me:pass:word').toString('base64');
const password = { kind: 'password', username: 'me', password: 'pass:word' };

function places(files: Record<string, unknown>, more: Partial<CredentialPlaces> = {}): CredentialPlaces {
  return {
    env: {},
    home: '/home',
    read: (path) => {
      const found = files[path];
      return Promise.resolve(
        found === undefined || typeof found === 'string' ? found : JSON.stringify(found),
      );
    },
    ask: (name, registry) => Promise.resolve({ kind: 'password', username: name, password: registry }),
    ...more,
  };
}

const find = (registry: string, repository: string, from: CredentialPlaces) =>
  findCredentials(registry, repository, { places: from });

test('credentials are found under every name that Docker and Podman give a registry', async () => {
  for (const [registry, repository, key] of [
    ['ghcr.io', 'team/hello', 'ghcr.io'],
    ['ghcr.io', 'team/hello', 'https://ghcr.io'],
    ['ghcr.io', 'team/hello', 'https://ghcr.io/v2/'],
    ['ghcr.io', 'team/hello', 'ghcr.io/team'],
    ['docker.io', 'library/node', 'https://index.docker.io/v1/'],
  ] as const)
    assert.deepEqual(
      await find(registry, repository, places({ [docker]: { auths: { [key]: { auth } } } })),
      password,
    );
  assert.equal(
    await find('ghcr.io', 'a', places({ [docker]: { auths: { 'quay.io': { auth } } } })),
    undefined,
  );
  assert.equal(await find('ghcr.io', 'a', places({})), undefined);
});

test('the folder that a variable names, other files, and tokens', async () => {
  const entry = { auths: { 'ghcr.io': { identitytoken: 'id' } } };
  const elsewhere = places({ [join('/d', 'config.json')]: entry }, { env: { DOCKER_CONFIG: '/d' } });
  assert.deepEqual(await find('ghcr.io', 'a', elsewhere), { kind: 'identityToken', token: 'id' });
  const podman = {
    [join('/run', 'containers', 'auth.json')]: { auths: { 'ghcr.io': { registrytoken: 't' } } },
  };
  const found = await find('ghcr.io', 'a', places(podman, { env: { XDG_RUNTIME_DIR: '/run' } }));
  assert.deepEqual(found, { kind: 'accessToken', token: 't' });
});

test('helpers are asked before the file, the one of the registry first', async () => {
  const config = {
    credsStore: 'desktop',
    credHelpers: { 'ghcr.io': 'special' },
    auths: { 'quay.io': { auth } },
  };
  const from = places({ [docker]: config });
  assert.deepEqual(await find('ghcr.io', 'a', from), {
    kind: 'password',
    username: 'special',
    password: 'ghcr.io',
  });
  const hub = await find('docker.io', 'me/a', from);
  assert.deepEqual(hub, { kind: 'password', username: 'desktop', password: 'https://index.docker.io/v1/' });
  const none = places({ [docker]: config }, { ask: () => Promise.resolve(undefined) });
  assert.deepEqual(await find('quay.io', 'a', none), password);
});

test('a file that cannot be read says so without its secrets', async () => {
  for (const text of [
    '{"auths": planted}',
    '{"auths": {"ghcr.io": {"auth": 7}}}',
    JSON.stringify({ auths: { 'ghcr.io': { auth: 'cGxhbnRlZA==' } } }),
  ]) {
    await assert.rejects(find('ghcr.io', 'a', places({ [docker]: text })), (error: Error) => {
      assert.match(error.message, /config\.json.*docker login/);
      return !error.message.includes('planted') && !error.message.includes('cGxhbnRlZA');
    });
  }
});

test('challenges of registries', () => {
  assert.deepEqual(
    readChallenges(
      'Basic realm="r", Bearer realm="https://a/t?x=1,2",service="s s",scope="repository:a:pull,push"',
    ),
    [
      { scheme: 'basic', parameters: { realm: 'r' } },
      {
        scheme: 'bearer',
        parameters: { realm: 'https://a/t?x=1,2', service: 's s', scope: 'repository:a:pull,push' },
      },
    ],
  );
  assert.deepEqual(readChallenges('='), []);
});
