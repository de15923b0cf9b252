/** One file of a layer. `path` is relative, with forward slashes. */
export interface TarFile {
  path: string;
  bytes: number;
  executable: boolean;
  /** Gives its bytes when it is its turn. */
  read(): Promise<Uint8Array>;
}

const blockBytes = 512;
const fileType = '0';
const folderType = '5';
const extendedType = 'x';

/**
 * A tar stream (POSIX.1-2001, pax) of files and the folders they lie in. The same files give the same bytes everywhere: sorted,
 * owned by root, without times, readable by all. An image is known by these bytes, so that they are written here, where no other
 * version of a library changes them.
 */
export async function* tarOf(files: readonly TarFile[]): AsyncGenerator<Uint8Array> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const folders = new Set<string>();
  for (const file of sorted) {
    for (const folder of foldersOf(file.path)) {
      if (folders.has(folder)) continue;
      folders.add(folder);
      yield* header({ path: `${folder}/`, size: 0, mode: 0o755, type: folderType });
    }
    const bytes = await file.read();
    const mode = file.executable ? 0o755 : 0o644;
    yield* header({ path: file.path, size: bytes.byteLength, mode, type: fileType });
    yield bytes;
    yield new Uint8Array(padding(bytes.byteLength));
  }
  yield new Uint8Array(2 * blockBytes);
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

interface Entry {
  path: string;
  size: number;
  mode: number;
  type: string;
}

function* header(entry: Entry): Generator<Uint8Array> {
  const { path, size } = entry;
  const name = Buffer.from(path, 'utf8');
  // What the old fields cannot hold stands in an entry in front: long names, names that are no ASCII, large sizes.
  const plain = name.length <= 100 && !/[^\x20-\x7e]/.test(path);
  const small = size < 0o77777777777;
  if (!plain || !small) {
    const records = Buffer.concat([
      ...(plain ? [] : [record('path', path)]),
      ...(small ? [] : [record('size', String(size))]),
    ]);
    yield block({ path: 'PaxHeaders/entry', size: records.length, mode: 0o644, type: extendedType });
    yield records;
    yield new Uint8Array(padding(records.length));
  }
  const short = plain ? path : `entry-${name.length}${entry.type === folderType ? '/' : ''}`;
  yield block({ ...entry, path: short, size: small ? size : 0 });
}

/** `<length> <key>=<value>\n`; the length counts itself. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function block({ path, size, mode, type }: Entry): Uint8Array {
  const bytes = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number): void => {
    bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  };
  bytes.write(path, 0, 100, 'latin1');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  bytes.fill(' ', 148, 156);
  bytes.write(type, 156, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}
