import { open, readFile } from 'node:fs/promises';
import type { Archive, ArchiveFile } from '../archive.ts';
import { fits, headerBytes, machinesOf, type Machine } from './machine.ts';

/** A part of an archive that holds native code: the program itself, a package, or own files. */
export interface NativePart {
  kind: 'program' | 'npm' | 'python' | 'own';
  /** Name of the package; of other parts the path of the first file. */
  name: string;
  files: { path: string; machines: Machine[] }[];
}

const nativeName = /\.(node|so(\.\d+)*|dylib|dll|pyd|exe)$/i;
const known = new WeakMap<Archive, Promise<NativePart[]>>();

/** The native code of an archive, by what it belongs to; read once. */
export function nativeParts(archive: Archive): Promise<NativePart[]> {
  const found = known.get(archive);
  if (found) return found;
  const reading = readParts(archive);
  known.set(archive, reading);
  return reading;
}

async function readParts(archive: Archive): Promise<NativePart[]> {
  const parts = new Map<string, NativePart>();
  for (const file of archive.files) {
    const isProgram = archive.start.program === 'packed' && file.path === archive.start.entry;
    if (!isProgram && !nativeName.test(file.path)) continue;
    const machines = machinesOf(await startOf(file));
    if (machines.length === 0) continue;
    const { kind, name } = isProgram ? { kind: 'program' as const, name: file.path } : ownerOf(file.path);
    const part = parts.get(`${kind} ${name}`) ?? { kind, name, files: [] };
    part.files.push({ path: file.path, machines });
    parts.set(`${kind} ${name}`, part);
  }
  return [...parts.values()];
}

/** The package that a file belongs to. */
function ownerOf(path: string): Pick<NativePart, 'kind' | 'name'> {
  const npm = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  if (npm !== undefined) return { kind: 'npm', name: npm };
  const isPython = /\.(cpython-|abi3|pyd$)|\.libs\//.test(path) && path.includes('/');
  return isPython
    ? { kind: 'python', name: path.split('/')[0]!.replace(/\.libs$/, '') }
    : { kind: 'own', name: path };
}

/** Parts of which nothing runs on a machine. Packages often bring the same for several: one that fits is enough. */
export async function unfitParts(archive: Archive, machine: Machine): Promise<NativePart[]> {
  const parts = await nativeParts(archive);
  return parts.filter(({ files }) =>
    files.every(({ machines }) => machines.every((code) => !fits(code, machine))),
  );
}

const versions = /GLIBC_2\.(\d+)/g;
/** Larger files are not looked through. */
const searchedBytes = 128 * 1024 * 1024;

/** The version of the C library that the program asks for, as the number behind `2.`; undefined where none shows. */
export async function neededGlibc(archive: Archive): Promise<number | undefined> {
  const program = (await nativeParts(archive)).find(({ kind }) => kind === 'program');
  const file = program && archive.files.find(({ path }) => path === program.name);
  if (!file || file.bytes > searchedBytes) return undefined;
  const text = Buffer.from(await contentOf(file)).toString('latin1');
  const found = [...text.matchAll(versions)].map(([, minor]) => Number(minor));
  return found.length > 0 ? Math.max(...found) : undefined;
}

function contentOf({ content }: ArchiveFile): Promise<Uint8Array> | Uint8Array {
  return 'data' in content ? content.data : readFile(content.file);
}

async function startOf({ content }: ArchiveFile): Promise<Uint8Array> {
  if ('data' in content) return content.data.subarray(0, headerBytes);
  const file = await open(content.file);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
