import { closeSync, openSync, readFileSync, readSync, fstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/** A place in a file; `line` and `column` count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

const tailBytes = 4096;
const largestMap = 64 * 1024 * 1024;

/** Maps positions of generated files to their sources. Files without a map keep their positions. */
export class SourceMaps {
  #maps = new Map<string, TraceMap | null>();

  /** The source position, or the given one where there is no map. Accepts `file:` URLs. */
  map(position: Position): Position {
    const file = toPath(position.file);
    const map = this.#mapOf(file);
    if (!map) return { ...position, file };
    const found = originalPositionFor(map, { line: position.line, column: Math.max(0, position.column - 1) });
    if (found.source === null || found.line === null) return { ...position, file };
    return { file: toPath(found.source), line: found.line, column: (found.column ?? 0) + 1 };
  }

  /** How many characters of a generated file come from each of its sources; undefined where there is no map. */
  sizesOf(file: string): Map<string, number> | undefined {
    const map = this.#mapOf(file);
    if (!map) return undefined;
    const sizes = new Map<string, number>();
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const [row, segments] of decodedMappings(map).entries()) {
      for (const [i, segment] of segments.entries()) {
        const source = segment.length > 1 ? map.resolvedSources[segment[1]!] : null;
        if (!source) continue;
        const end = segments[i + 1]?.[0] ?? lines[row]?.length ?? segment[0];
        const path = toPath(source);
        sizes.set(path, (sizes.get(path) ?? 0) + Math.max(0, end - segment[0]));
      }
    }
    return sizes;
  }

  /** Whether a generated file has a map that can be read, as its last comment and the disk say. */
  stateOf(file: string): 'none' | 'unreadable' | 'ok' {
    if (this.#mapOf(file)) return 'ok';
    try {
      return mapComment(file) === undefined ? 'none' : 'unreadable';
    } catch {
      // A file that cannot be read has no map either.
      return 'none';
    }
  }

  /** Absolute paths of the sources a generated file is made of; none where there is no map. */
  sourcesOf(file: string): string[] {
    const map = this.#mapOf(file);
    return (map?.resolvedSources ?? []).flatMap((source) => (source ? [toPath(source)] : []));
  }

  /** The lines of a source, from 1, that a generated file has code of; undefined where its map names no such source. */
  linesOf(file: string, isSource: (path: string) => boolean): Set<number> | undefined {
    const map = this.#mapOf(file);
    const index = map?.resolvedSources.findIndex((one) => one !== null && isSource(toPath(one))) ?? -1;
    if (!map || index < 0) return undefined;
    const lines = new Set<number>();
    for (const segments of decodedMappings(map)) {
      for (const segment of segments) {
        if (segment.length > 1 && segment[1] === index) lines.add(segment[2]! + 1);
      }
    }
    return lines;
  }

  /** Forgets maps of files that may have changed; all when no list is given. */
  forget(files?: readonly string[]): void {
    if (!files) this.#maps.clear();
    else for (const file of files) this.#maps.delete(file);
  }

  #mapOf(file: string): TraceMap | null {
    let map = this.#maps.get(file);
    if (map === undefined) {
      map = readMap(file);
      this.#maps.set(file, map);
    }
    return map;
  }
}

function toPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}

/** Last `sourceMappingURL` comment of a file, without reading all of a large one unless the map is inside. */
function mapComment(file: string): string | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(tailBytes, size));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    const pattern = /\/\/[#@] sourceMappingURL=(\S+)\s*$/;
    const found = pattern.exec(tail.toString('utf8'))?.[1];
    if (found !== undefined || size <= tailBytes || size > largestMap) return found;
    return pattern.exec(readFileSync(file, 'utf8'))?.[1];
  } finally {
    closeSync(descriptor);
  }
}

function readMap(file: string): TraceMap | null {
  try {
    const url = mapComment(file);
    if (url === undefined) return null;
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url);
    const text = inline
      ? Buffer.from(decodeURIComponent(inline[2]!), inline[1] ? 'base64' : 'utf8').toString('utf8')
      : readFileSync(resolve(dirname(file), decodeURIComponent(url)), 'utf8');
    const where = inline ? file : resolve(dirname(file), decodeURIComponent(url));
    return new TraceMap(text, where);
  } catch {
    // A missing or broken map is the user's build's affair: positions stay those of the generated file.
    return null;
  }
}
