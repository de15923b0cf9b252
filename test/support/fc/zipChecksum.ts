import { FcRefused } from './fcRules.ts';

/** CRC-64 of a code location, bit by bit: slow, and independent of the one that is tested. */
export function crc64OfZip({ zipFile, checksum }: { zipFile: string; checksum?: string }): string {
  const bytes = Buffer.from(zipFile, 'base64');
  if (bytes.toString('latin1', 0, 2) !== 'PK') throw new FcRefused(400, 'InvalidArgument', 'code is no ZIP');
  let crc = 0xffffffffffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  const found = String(crc ^ 0xffffffffffffffffn);
  if (checksum !== undefined && checksum !== found)
    throw new FcRefused(400, 'InvalidArgument', `checksum is ${found}`);
  return found;
}
