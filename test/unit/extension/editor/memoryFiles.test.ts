import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles } from '../../../../extension/editor/memoryFiles.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

function setUp() {
  const { api } = vscodeMock();
  const asked: string[] = [];
  Object.assign(api, {
    EventEmitter: Emitter,
    FileType: { File: 1 },
    FileChangeType: { Changed: 1 },
    FileSystemError: {
      FileNotFound: () => new Error('FileNotFound'),
      NoPermissions: () => new Error('NoPermissions'),
    },
  });
  Object.assign(api.workspace, { registerFileSystemProvider: () => ({ dispose: () => {} }) });
  const files = new MemoryFiles(api, 'x', (uri) => {
    asked.push(uri.path);
    return uri.path === '/gone' ? Promise.reject(new Error('gone')) : Promise.resolve(`made for ${uri.path}`);
  });
  const uri = (path: string) => api.Uri.from({ scheme: 'x', path });
  const text = async (path: string) => new TextDecoder().decode(await files.readFile(uri(path)));
  return { files, uri, text, asked };
}

test('a file is made when it is asked for, and keeps what is saved in it', async () => {
  const { files, uri, text, asked } = setUp();
  assert.equal((await files.stat(uri('/a'))).size, 11);
  assert.equal(await text('/a'), 'made for /a');
  assert.deepEqual(asked, ['/a'], 'made once');
  const changed: string[] = [];
  files.onDidChangeFile((changes) => changed.push(...changes.map((change) => change.uri.path)));
  files.writeFile(uri('/a'), new TextEncoder().encode('edited'));
  assert.equal(await text('/a'), 'edited');
  assert.deepEqual(changed, ['/a']);
  assert.deepEqual(asked, ['/a']);
});

test('what cannot be made is not there; nothing is renamed or deleted', async () => {
  const { files, uri, text } = setUp();
  await assert.rejects(text('/gone'), /FileNotFound/);
  assert.throws(() => files.delete(uri('/a')), /NoPermissions/);
  assert.throws(() => files.rename(uri('/a')), /NoPermissions/);
  assert.throws(() => files.createDirectory(uri('/a')), /NoPermissions/);
});

test('a bounded number is kept; what was dropped is made again', async () => {
  const { text, asked } = setUp();
  for (let n = 0; n < 60; n++) await text(`/${n}`);
  await text('/59');
  await text('/0');
  assert.equal(asked.length, 61);
});
