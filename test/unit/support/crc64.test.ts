import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crc64 } from '../../../runtime/support/crc64.ts';

it('computes CRC-64/XZ as decimal digits', () => {
  // The check value of the catalogue of CRC algorithms.
  assert.equal(crc64(Buffer.from('123456789')), String(0x995dc9bbdf1939fan));
  assert.equal(crc64(new Uint8Array(0)), '0');
});
