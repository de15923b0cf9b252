import { closeSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import type * as V8 from 'node:v8';
import vm from 'node:vm';
import type { CodeUse, KnownCode } from '../../protocol/instance/messages.ts';
import { builtin } from './bootstrap.builtins.ts';
import {
  encodePack,
  headerLength,
  headerStart,
  maxPackBytes,
  type PackedScript,
  type PackEntry,
  type PackHeader,
} from './bootstrap.codePack.ts';
import { isPackageFile, Resolutions } from './bootstrap.resolutions.ts';

interface Compiled {
  script: vm.Script;
  text: string;
}

/** `source.length - text.length` counts both ends of Node's wrapper; only the first shifts columns. */
const wrapperEnd = Module.wrap('').length - Module.wrap('').indexOf('\n');

/** Compiled code of earlier starts, read from the function's pack; and what this start compiled itself. */
export class CodeCache {
  readonly resolutions = new Resolutions();
  #entries = new Map<string, PackEntry>();
  #descriptor: number | undefined;
  #dataStart = 0;
  #compiled = new Map<string, Compiled>();
  #used = new Set<string>();
  #missedBytes = 0;

  /** Opens the pack; whatever is wrong with it, loading goes on without. */
  use(code: KnownCode): void {
    if (!code.ready) return;
    try {
      const header = this.#open(code.file);
      if (header.node !== process.version || header.arch !== process.arch) return this.close();
      this.#entries = new Map(header.entries.map((entry) => [entry[0], entry]));
      if (code.resolutions) this.resolutions.use(header);
    } catch {
      this.close();
    }
  }

  /**
   * Compiles a script, from known code where there is some for this very text. `importFrom` makes what `import()` does
   * in it, for a Node that has no loader of its own for scripts.
   */
  compile(
    text: string,
    source: string,
    filename: string,
    importFrom: (filename: string) => unknown,
  ): vm.Script {
    const cachedData = this.#find(filename, text);
    const options = {
      filename,
      // Stack traces state the columns of the file. In own code debuggers reckon with Node's wrapper themselves.
      columnOffset: isPackageFile(filename) ? text.length - source.length + wrapperEnd : 0,
      importModuleDynamically: (vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ??
        importFrom(filename)) as never,
    };
    const script = new vm.Script(source, cachedData ? { ...options, cachedData } : options);
    if (cachedData && !script.cachedDataRejected) {
      this.#used.add(filename);
    } else {
      this.#compiled.set(filename, { script, text });
      this.#missedBytes += text.length;
    }
    return script;
  }

  get facts(): CodeUse {
    return { used: this.#used.size, missed: this.#compiled.size, missedBytes: this.#missedBytes };
  }

  /** What is loaded from now on is compiled and not kept: the start is over. */
  forget(): void {
    this.close();
    this.#compiled.clear();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#entries.clear();
  }

  /**
   * Writes a pack of what this start compiled and of what it found in the old one, a script at a time, so that a call
   * that comes meanwhile need not wait. Gives
   * its size and V8's tag.
   */
  async write(file: string): Promise<{ bytes: number; tag: number }> {
    const { crc32 } = builtin<{ crc32?: (data: Uint8Array, value?: number) => number }>('node:zlib');
    const { cachedDataVersionTag } = builtin<typeof V8>('node:v8');
    if (!crc32) throw new Error('this version of Node.js cannot check such files.');
    const scripts = this.#kept(file);
    for (const [name, { script, text }] of this.#compiled) {
      await new Promise(setImmediate);
      scripts.push({ file: name, code: script.createCachedData(), text });
    }
    this.#compiled.clear();
    await new Promise(setImmediate);
    const facts = { node: process.version, arch: process.arch, tag: cachedDataVersionTag() };
    const pack = encodePack({ ...facts, ...this.resolutions.toPack() }, scripts, crc32);
    if (pack.length > maxPackBytes) throw new Error(`it would have ${pack.length} bytes.`);
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, pack, { mode: 0o600 });
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return { bytes: pack.length, tag: facts.tag };
  }

  /** Code of packages stays as long as its file does; own code that this start did not use has changed. */
  #kept(file: string): PackedScript[] {
    this.close();
    let header: PackHeader;
    try {
      header = this.#open(file);
    } catch {
      // The first pack, or one that was no good.
      return [];
    }
    const kept: PackedScript[] = [];
    for (const entry of header.entries) {
      const [name] = entry;
      const wanted = this.#used.has(name) || (isPackageFile(name) && exists(name));
      if (this.#compiled.has(name) || !wanted) continue;
      const found = this.#read(entry);
      if (found) kept.push({ file: name, ...found });
    }
    this.close();
    return kept;
  }

  #find(filename: string, text: string): Buffer | undefined {
    const entry = this.#entries.get(filename);
    if (!entry) return undefined;
    const [, , , textBytes, encoding] = entry;
    if (textBytes !== (encoding === 'latin1' ? text.length : text.length * 2)) return undefined;
    const found = this.#read(entry);
    return found && found.text === text ? found.code : undefined;
  }

  #read([, at, codeBytes, textBytes, encoding]: PackEntry): { code: Buffer; text: string } | undefined {
    if (this.#descriptor === undefined) return undefined;
    // A buffer of its own: V8 wants its data aligned.
    const bytes = Buffer.allocUnsafeSlow(codeBytes + textBytes);
    if (readSync(this.#descriptor, bytes, 0, bytes.length, this.#dataStart + at) !== bytes.length)
      return undefined;
    return { code: bytes.subarray(0, codeBytes), text: bytes.toString(encoding, codeBytes) };
  }

  #open(file: string): PackHeader {
    const descriptor = openSync(file, 'r');
    this.#descriptor = descriptor;
    const prefix = Buffer.allocUnsafe(headerStart);
    readSync(descriptor, prefix, 0, headerStart, 0);
    const length = headerLength(prefix);
    if (length === undefined || length > maxPackBytes) throw new Error('This is no pack.');
    const header = Buffer.allocUnsafe(length);
    readSync(descriptor, header, 0, length, headerStart);
    this.#dataStart = headerStart + length;
    return JSON.parse(header.toString('utf8')) as PackHeader;
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
