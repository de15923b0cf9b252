import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignFiles } from '../../../../runtime/deploy/images/nativeFiles.ts';
import { builtFile, createArchive } from '../../../../runtime/packaging/archive.ts';

const elf = (machine: number) => {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes[5] = 1;
  bytes.writeUInt16LE(machine, 18);
  return bytes;
};
const mac = Buffer.concat([Buffer.from('cffaedfe', 'hex'), Buffer.alloc(60)]);
const windows = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(62)]);

test('compiled files for another system or processor are found, unless their package brings the right one', async () => {
  const archive = createArchive(
    Object.entries({
      'node_modules/good/a.node': elf(0x3e),
      'node_modules/arm/a.node': elf(0xb7),
      'node_modules/@scope/mac/build/a.node': mac,
      'node_modules/many/prebuilds/darwin-arm64/a.node': mac,
      'node_modules/many/prebuilds/linux-x64/a.node': elf(0x3e),
      'node_modules/win/a.dll': windows,
      'lib/module.cpython-312.so': mac,
      'node_modules/text/a.node': Buffer.from('no program at all, but text'),
      'data.bin': mac,
    }).map(([path, bytes]) => builtFile(path, bytes)),
    { entry: 'index.js', loader: 'script', exportName: 'handle' },
    [],
  );
  assert.deepEqual(await foreignFiles(archive, 'amd64'), [
    { path: 'lib/module.cpython-312.so', builtFor: 'macOS' },
    { path: 'node_modules/@scope/mac/build/a.node', builtFor: 'macOS' },
    { path: 'node_modules/arm/a.node', builtFor: 'linux/arm64' },
    { path: 'node_modules/win/a.dll', builtFor: 'Windows' },
  ]);
});
