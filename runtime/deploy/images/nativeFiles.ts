import { open } from 'node:fs/promises';
import type { Archive, ArchiveFile } from '../../packaging/archive.ts';
import type { Architecture } from './imageRequest.ts';

/** A file of compiled code that does not run in a container. */
export interface ForeignFile {
  path: string;
  /** What it was built for, e.g. `macOS` or `linux/arm64`. */
  builtFor: string;
}

const native = /\.(node|so(\.\d+)*|dylib|dll)$/i;
/** Machines of the ELF format (System V ABI, `e_machine`). */
const machines: Record<number, string> = { 0x03: '386', 0x28: 'arm', 0x3e: 'amd64', 0xb7: 'arm64' };

/**
 * Compiled parts of packages that were built for another system or processor than the container's: what was installed on a
 * Mac does not load there. A package with parts for several, of which one fits, brings the right one itself.
 */
export async function foreignFiles(archive: Archive, architecture: Architecture): Promise<ForeignFile[]> {
  const own = `linux/${architecture}`;
  const found = await Promise.all(
    archive.files
      .filter(({ path }) => native.test(path))
      .map(async (file) => ({ path: file.path, builtFor: builtFor(await headOf(file)) })),
  );
  const fitting = new Set(found.filter((file) => file.builtFor === own).map(({ path }) => packageOf(path)));
  return found.filter(
    (file): file is ForeignFile =>
      file.builtFor !== undefined && file.builtFor !== own && !fitting.has(packageOf(file.path)),
  );
}

/** What says for which system a file was built; undefined for one that is no program. */
function builtFor(head: Buffer): string | undefined {
  if (head.length < 20) return undefined;
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) {
    const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
    return `linux/${machines[machine] ?? `machine ${machine}`}`;
  }
  // Mach-O: 64 and 32 bits in both orders of bytes, and several in one file.
  if ([0xcffaedfe, 0xcefaedfe, 0xfeedfacf, 0xfeedface, 0xcafebabe].includes(magic)) return 'macOS';
  return head.toString('latin1', 0, 2) === 'MZ' ? 'Windows' : undefined;
}

/** Builds for several systems lie in folders beside each other (`prebuilds/linux-x64`, …). */
function packageOf(path: string): string {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path.replace(/\/?[^/]*$/, '');
}

async function headOf({ content }: ArchiveFile): Promise<Buffer> {
  if ('data' in content) return Buffer.from(content.data.subarray(0, 20));
  const handle = await open(content.file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
