import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { builtFile, createArchive } from '../../../runtime/packaging/archive.ts';
import { zipArchive } from '../../../runtime/packaging/zip.ts';

const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
const text = (value: string): Uint8Array => Buffer.from(value);

test('what was packed comes out again, with its modes', async () => {
  const big = randomBytes(700_000);
  const files = [
    builtFile('index.js', text('exports.handler = 1;')),
    builtFile('empty.txt', text('')),
    builtFile('data/雪.bin', big),
    { ...builtFile('bin/run', text('#!/bin/sh')), executable: true },
  ];
  const zipped = await zipArchive(createArchive(files, start, []));
  const found = unzipSync(zipped);
  assert.deepEqual(Object.keys(found), ['bin/run', 'data/雪.bin', 'empty.txt', 'index.js']);
  assert.equal(Buffer.compare(found['data/雪.bin']!, big), 0);
  assert.equal(found['empty.txt']!.length, 0);
  assert.deepEqual(modes(zipped), {
    'bin/run': 0o100755,
    'data/雪.bin': 0o100644,
    'empty.txt': 0o100644,
    'index.js': 0o100644,
  });
});

test('the same content is the same bytes, on every machine', async () => {
  const archive = createArchive(
    [builtFile('a.js', text('1;'.repeat(5000))), builtFile('b.js', text('2'))],
    start,
    [],
  );
  const first = await zipArchive(archive);
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Asia/Shanghai';
  try {
    assert.equal(Buffer.compare(await zipArchive(archive), first), 0);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
  assert.equal(
    createHash('sha256').update(first).digest('hex'),
    '72816cf43fb636efeb80d0a6d0057a2227a2814a77262424810a7bdc02642822',
    'recorded: other bytes mean that everybody uploads everything again',
  );
});

test('a file that changed since it was hashed, and a cancel, end it', async () => {
  const changed = { ...builtFile('a.js', text('old')), content: { data: text('new') } };
  await assert.rejects(zipArchive(createArchive([changed], start, [])), { code: 'PLAN_UNKNOWN' });
  const cancelled = AbortSignal.abort(new Error('cancelled'));
  const archive = createArchive([builtFile('a.js', text('1'))], start, []);
  await assert.rejects(zipArchive(archive, cancelled), /cancelled/);
});

/** Modes by path, as the directory at the end of a ZIP file states them. */
function modes(bytes: Uint8Array): Record<string, number> {
  const buffer = Buffer.from(bytes);
  const found: Record<string, number> = {};
  for (
    let at = buffer.indexOf('PK\x01\x02', 0, 'latin1');
    at >= 0;
    at = buffer.indexOf('PK\x01\x02', at + 4, 'latin1')
  ) {
    const name = buffer.subarray(at + 46, at + 46 + buffer.readUInt16LE(at + 28)).toString('utf8');
    found[name] = buffer.readUInt32LE(at + 38) >>> 16;
  }
  return found;
}
