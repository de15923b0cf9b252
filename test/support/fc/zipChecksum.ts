import { FcRefused } from './fcRules.ts';

/** CRC-64 of a code location, bit by bit: slow, and independent of the one that is tested. */
export function crc64OfZip({ zipFile, checksum }: { zipFile: string; checksum?: string }): string {
  return crc64OfObject(Buffer.from(zipFile, 'base64'), checksum);
}

/** The same of an object in a bucket. */
export function crc64OfObject(bytes: Buffer, checksum: string | undefined): string {
  if (bytes.toString('latin1', 0, 2) !== 'PK') throw new FcRefused(400, 'InvalidArgument', 'code is no ZIP');
  const found = crc64OfBytes(bytes);
  if (checksum !== undefined && checksum !== found)
    throw new FcRefused(400, 'InvalidArgument', `checksum is ${found}`);
  return found;
}

export function crc64OfBytes(bytes: Uint8Array): string {
  let crc = 0xffffffffffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return String(crc ^ 0xffffffffffffffffn);
}
