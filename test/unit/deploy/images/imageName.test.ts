import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  atMirror,
  imageText,
  parseImageName,
  registryHost,
} from '../../../../runtime/deploy/images/imageName.ts';

const parse = (text: string) => parseImageName(text, { target: 'prod', setting: 'baseImage' });
const digest = `sha256:${'0'.repeat(64)}`;

test('names of images are read as Docker reads them', () => {
  for (const [text, whole] of [
    ['node', 'docker.io/library/node'],
    ['node:22-slim', 'docker.io/library/node:22-slim'],
    ['me/hello', 'docker.io/me/hello'],
    ['index.docker.io/me/hello:1', 'docker.io/me/hello:1'],
    ['ghcr.io/team/a/b:v1', 'ghcr.io/team/a/b:v1'],
    ['localhost/hello', 'localhost/hello'],
    ['127.0.0.1:5000/hello', '127.0.0.1:5000/hello'],
    ['[::1]:5000/hello', '[::1]:5000/hello'],
    [`node:22@${digest}`, `docker.io/library/node:22@${digest}`],
  ] as const)
    assert.equal(imageText(parse(text)), whole);
});

test('what is no name is refused with its setting', () => {
  for (const text of [
    '',
    'Node',
    'a//b',
    'node:',
    'node:a b',
    `node@${digest}0`,
    'x@y@z',
    'ghcr.io/',
    `a/${'b'.repeat(300)}`,
  ])
    assert.throws(
      () => parse(text),
      { code: 'TARGET_SETTING', message: /baseImage: .* is no name of an image/ },
      text,
    );
});

test('a mirror stands for Docker Hub alone', () => {
  const mirror = 'mirror.example.com/hub';
  assert.equal(imageText(atMirror(parse('node:22'), mirror)), 'mirror.example.com/hub/library/node:22');
  assert.equal(imageText(atMirror(parse('ghcr.io/a/b'), mirror)), 'ghcr.io/a/b');
  assert.equal(registryHost('docker.io'), 'registry-1.docker.io');
  assert.equal(registryHost('ghcr.io'), 'ghcr.io');
});
