import { crc32 } from 'node:zlib';

/** A picture of an animation: a PNG file, and how long it is shown. */
export interface Frame {
  png: Buffer;
  ms: number;
}

interface Chunk {
  type: string;
  data: Buffer;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The chunks of a PNG file (W3C Portable Network Graphics specification, third edition, section 5). */
function chunksOf(png: Buffer): Chunk[] {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('This is no PNG file.');
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const data = png.subarray(at + 8, at + 8 + length);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data });
    at += 12 + length;
  }
  return chunks;
}

function encode({ type, data }: Chunk): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

const numbers = (...values: number[]): Buffer => {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => data.writeUInt32BE(value, 4 * index));
  return data;
};

/**
 * PNG files of one size and colour type as one animated PNG that repeats for ever (same specification, sections 11.3.2 and
 * 13): every picture goes in as it was compressed, so nothing of it is lost, and no library is needed.
 */
export function animation(frames: readonly Frame[]): Buffer {
  const read = frames.map(({ png }) => chunksOf(png));
  const header = read[0]?.find(({ type }) => type === 'IHDR')?.data;
  if (!header) throw new Error('An animation has pictures.');
  let sequence = 0;
  const parts = read.flatMap((chunks, index): Chunk[] => {
    if (!chunks.find(({ type }) => type === 'IHDR')!.data.equals(header))
      throw new Error(`Picture ${index} has another size or colour type than the first one.`);
    const control = Buffer.concat([
      numbers(sequence++, header.readUInt32BE(0), header.readUInt32BE(4), 0, 0),
      Buffer.from([frames[index]!.ms >> 8, frames[index]!.ms & 255, 1000 >> 8, 1000 & 255, 0, 0]),
    ]);
    const data = chunks.filter(({ type }) => type === 'IDAT');
    return [
      { type: 'fcTL', data: control },
      ...data.map((chunk) =>
        index === 0 ? chunk : { type: 'fdAT', data: Buffer.concat([numbers(sequence++), chunk.data]) },
      ),
    ];
  });
  const all: Chunk[] = [
    { type: 'IHDR', data: header },
    { type: 'acTL', data: numbers(frames.length, 0) },
    ...parts,
    { type: 'IEND', data: Buffer.alloc(0) },
  ];
  return Buffer.concat([signature, ...all.map(encode)]);
}
