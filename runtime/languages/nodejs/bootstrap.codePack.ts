/*
 * A pack file holds the compiled code of many scripts. V8 compares only the length of a script's text with that of the
 * code it is given: other text of the same length would run the old code. So the text is kept beside the code and
 * compared as a whole, which costs less than a hash.
 *
 * `[magic][u32 header length][header: JSON][per script: code, text][u32 CRC-32 of all before]`, little endian.
 */

/** A script's place in the pack: its code, and behind it its text in the encoding that takes least room. */
export type PackEntry = [
  file: string,
  at: number,
  codeBytes: number,
  textBytes: number,
  encoding: 'latin1' | 'utf16le',
];

/** A file that says which packages there are: while size and time stay, requests lead to the same files. */
export type Witness = [file: string, size: number, mtimeMs: number];

export interface PackHeader {
  /** What compiled code depends on besides its text. */
  node: string;
  arch: string;
  /** V8's own tag for version and flags. */
  tag: number;
  /** Places count from the end of the header. */
  entries: PackEntry[];
  /** What packages' requests led to: indexes of `files`. */
  files: string[];
  resolutions: [from: number, request: string, to: number][];
  witnesses: Witness[];
}

/** A script that goes into a pack. */
export interface PackedScript {
  file: string;
  code: Uint8Array;
  text: string;
}

const magic = Buffer.from('PLCODE01');
const prefixBytes = magic.length + 4;

/** Larger packs are neither written nor read. */
export const maxPackBytes = 128 * 1024 * 1024;

/** The bytes of a pack. `crc32` is zlib's, which the caller has loaded or not. */
export function encodePack(
  facts: Omit<PackHeader, 'entries'>,
  scripts: PackedScript[],
  crc32: (data: Uint8Array, value?: number) => number,
): Buffer {
  const blobs: Uint8Array[] = [];
  let at = 0;
  const entries = scripts.map(({ file, code, text }): PackEntry => {
    const encoding = /[^\u0000-\u00ff]/.test(text) ? 'utf16le' : 'latin1';
    const bytes = Buffer.from(text, encoding);
    blobs.push(code, bytes);
    const entry: PackEntry = [file, at, code.length, bytes.length, encoding];
    at += code.length + bytes.length;
    return entry;
  });
  const header = Buffer.from(JSON.stringify({ ...facts, entries } satisfies PackHeader), 'utf8');
  const prefix = Buffer.alloc(prefixBytes);
  magic.copy(prefix);
  prefix.writeUInt32LE(header.length, magic.length);
  const body = Buffer.concat([prefix, header, ...blobs]);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32LE(crc32(body) >>> 0);
  return Buffer.concat([body, trailer]);
}

/** Length of the header, or undefined when this is the beginning of no pack. */
export function headerLength(prefix: Buffer): number | undefined {
  if (prefix.length < prefixBytes || !prefix.subarray(0, magic.length).equals(magic)) return undefined;
  return prefix.readUInt32LE(magic.length);
}

/** Where a pack's header, and where its code begins. */
export const headerStart = prefixBytes;

/** Reads a whole pack and checks every byte of it; says what is wrong with it as an `Error`. */
export function checkPack(
  pack: Buffer,
  expected: { node: string; arch: string; tag?: number | undefined },
  crc32: (data: Uint8Array, value?: number) => number,
): PackHeader {
  const length = headerLength(pack);
  if (length === undefined) throw new Error('it is no pack');
  const end = pack.length - 4;
  const start = headerStart + length;
  if (start > end || pack.readUInt32LE(end) !== crc32(pack.subarray(0, end)) >>> 0) {
    throw new Error('it is damaged');
  }
  const header = JSON.parse(pack.toString('utf8', headerStart, start)) as PackHeader;
  if (header.node !== expected.node || header.arch !== expected.arch) {
    throw new Error('it was made by another interpreter');
  }
  if (expected.tag !== undefined && header.tag !== expected.tag)
    throw new Error('it was made with other flags');
  for (const [, at, codeBytes, textBytes] of header.entries) {
    if (!(at >= 0) || !(start + at + codeBytes + textBytes <= end)) throw new Error('it is damaged');
  }
  return header;
}
