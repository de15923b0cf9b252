import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import zlib from 'node:zlib';
import { CodeCache } from '../../../../../runtime/languages/nodejs/bootstrap.codeCache.ts';
import { checkPack, encodePack } from '../../../../../runtime/languages/nodejs/bootstrap.codePack.ts';
import { PackFile } from '../../../../../runtime/languages/nodejs/packFile.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const { crc32 } = zlib as unknown as { crc32(data: Uint8Array, value?: number): number };
const maker = { node: process.version, arch: process.arch, tag: 7 };
const facts = { ...maker, files: [], resolutions: [], witnesses: [] };
const texts = { '/a.js': 'exports.a = 1;', '/b.js': "exports.b = 'ß → €';", '/c.js': '' };

function packOf(): Buffer {
  const scripts = Object.entries(texts).map(([file, text], i) => ({
    file,
    text,
    code: Buffer.alloc(i * 8, i),
  }));
  return encodePack(facts, scripts, crc32);
}

test('a pack states what it holds', () => {
  const { entries, ...rest } = checkPack(packOf(), maker, crc32);
  assert.deepEqual(rest, facts);
  assert.deepEqual(entries, [
    ['/a.js', 0, 0, 14, 'latin1'],
    ['/b.js', 14, 8, 40, 'utf16le'],
    ['/c.js', 62, 16, 0, 'latin1'],
  ]);
});

const wrong: [what: string, change: (pack: Buffer) => Buffer, as: object, message: RegExp][] = [
  ['nothing at all', () => Buffer.alloc(0), maker, /no pack/],
  ['another file', () => Buffer.from('#!/bin/sh\necho hello, this is something else'), maker, /no pack/],
  ['a pack that was cut off', (pack) => pack.subarray(0, -1), maker, /damaged/],
  ['a pack of which only the beginning is there', (pack) => pack.subarray(0, 20), maker, /damaged/],
  ['a pack with a flipped bit', (pack) => ((pack[pack.length >> 1]! ^= 1), pack), maker, /damaged/],
  ['a pack of another version', (pack) => pack, { ...maker, node: 'v1.2.3' }, /another interpreter/],
  ['a pack of another architecture', (pack) => pack, { ...maker, arch: 'z80' }, /another interpreter/],
  ['a pack of other flags', (pack) => pack, { ...maker, tag: 8 }, /other flags/],
];
for (const [what, change, as, message] of wrong) {
  test(`refused: ${what}`, () => {
    assert.throws(() => checkPack(change(packOf()), { ...maker, ...as }, crc32), message);
  });
}

test('a pack whose header points outside of it is refused, though its checksum is right', () => {
  const header = Buffer.from(JSON.stringify({ ...facts, entries: [['/a.js', 0, 1000, 0, 'latin1']] }));
  const body = Buffer.alloc(12 + header.length);
  body.write('PLCODE01');
  body.writeUInt32LE(header.length, 8);
  header.copy(body, 12);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32LE(crc32(body) >>> 0);
  assert.throws(() => checkPack(Buffer.concat([body, trailer]), maker, crc32), /damaged/);
});

test('a file that is no good is deleted; a sound one is read once', (t) => {
  const path = join(tempFolder(t), 'f.pack');
  const file = new PackFile(path);
  assert.equal(file.check(maker), undefined);
  writeFileSync(path, packOf());
  const header = file.check(maker);
  assert.ok(header);
  assert.equal(file.check(maker), header);
  writeFileSync(path, packOf().subarray(0, -3));
  assert.equal(file.check(maker), undefined);
  assert.equal(existsSync(path), false);
});

/** Compiles as the loader does. */
function run(cache: CodeCache, file: string, text: string): unknown {
  const module = { exports: {} };
  const wrapped = cache.compile(text, Module.wrap(text), file, () => undefined).runInThisContext() as (
    ...args: unknown[]
  ) => void;
  wrapped(module.exports, undefined, module);
  return module.exports;
}

test('V8 runs the old code for a text of the same length; the cache does not', async (t) => {
  const path = join(tempFolder(t), 'f.pack');
  const [before, after] = ["exports.word = 'one';", "exports.word = 'two';"];
  const script = new vm.Script(before);
  const cachedData = script.createCachedData();
  assert.equal(new vm.Script(after, { cachedData }).cachedDataRejected, false, 'the trap is still there');

  const first = new CodeCache();
  first.use({ file: path, ready: false, resolutions: false });
  assert.deepEqual(run(first, '/own.js', before), { word: 'one' });
  assert.deepEqual(first.facts, { used: 0, missed: 1, missedBytes: before.length });
  const { bytes } = await first.write(path);
  assert.equal(bytes, readFileSync(path).length);

  const second = new CodeCache();
  second.use({ file: path, ready: true, resolutions: true });
  assert.deepEqual(run(second, '/own.js', before), { word: 'one' });
  assert.deepEqual(second.facts, { used: 1, missed: 0, missedBytes: 0 });
  second.forget();

  const third = new CodeCache();
  third.use({ file: path, ready: true, resolutions: true });
  assert.deepEqual(run(third, '/own.js', after), { word: 'two' });
  assert.deepEqual(third.facts, { used: 0, missed: 1, missedBytes: after.length });
  third.forget();
});

test('a pack that cannot be written says why and leaves nothing behind', async (t) => {
  const folder = tempFolder(t);
  const cache = new CodeCache();
  run(cache, '/own.js', 'exports.a = 1;');
  await assert.rejects(cache.write(join(folder, 'missing', 'f.pack')), { code: 'ENOENT' });
});
