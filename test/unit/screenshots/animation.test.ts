import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { crc32 } from 'node:zlib';
import { root } from '../../../scripts/setup.mjs';
import { animation } from '../../screenshots/animation.ts';

const png = readFileSync(join(root, 'docs', 'screenshots', 'breakpoint.png'));

/** Types of the chunks of a PNG file, whose checksums have to be right. */
function chunkTypes(file: Buffer): string[] {
  const types: string[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(body));
    types.push(body.toString('latin1', 0, 4));
    at += 12 + length;
  }
  return types;
}

test('pictures become one animated PNG, whose first picture is shown by what knows no animations', () => {
  const made = animation([
    { png, ms: 700 },
    { png, ms: 65_000 },
  ]);
  const types = chunkTypes(made).filter((type, index, all) => type !== all[index - 1]);
  assert.deepEqual(types, ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND']);
  const control = made.lastIndexOf('fcTL');
  assert.equal(made.readUInt16BE(control + 4 + 20), 65_000);
  assert.equal(made.readUInt16BE(control + 4 + 22), 1000);
});

test('what is no picture, or of another size, is refused', () => {
  const other = readFileSync(join(root, 'media', 'icon.png'));
  assert.throws(() => animation([]), /has pictures/);
  assert.throws(() => animation([{ png: Buffer.from('GIF89a..'), ms: 1 }]), /no PNG/);
  assert.throws(
    () =>
      animation([
        { png, ms: 1 },
        { png: other, ms: 1 },
      ]),
    /Picture 1 has another size/,
  );
});
