import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const comment = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

interface MapFile {
  mappings: string;
  sources: (string | null)[];
  sourceRoot?: string;
}

/**
 * What to compile behind a wrapper so that a debugger finds the source positions of a file: the wrapper moves the
 * columns of its first line, and what is minified is all there. Then the map goes along, moved likewise. Undefined for
 * a file without a map.
 */
export function withoutWrapper(content: string, filename: string, columns: number): string | undefined {
  const found = [...content.matchAll(comment)].at(-1);
  if (!found) return undefined;
  try {
    const map = readMap(found[1]!, filename);
    // Nothing in the first line was written by anybody.
    if (!map || /^(?:;|$)/.test(map.json.mappings)) return content;
    const { json, folder } = map;
    const moved = {
      ...json,
      mappings: shiftFirstLine(json.mappings, columns),
      sourceRoot: undefined,
      sources: json.sources.map((source) => absolute(source, json.sourceRoot, folder)),
    };
    const data = Buffer.from(JSON.stringify(moved)).toString('base64');
    const url = `//# sourceMappingURL=data:application/json;base64,${data}`;
    return content.slice(0, found.index) + url + content.slice(found.index + found[0].length);
  } catch {
    // A map that cannot be read is none; the debugger says so itself.
    return content;
  }
}

function readMap(url: string, filename: string): { json: MapFile; folder: string } | undefined {
  const inline = /^data:[^,]*?(;base64)?,(.*)$/.exec(url);
  if (inline) {
    const text = inline[1] ? Buffer.from(inline[2]!, 'base64').toString() : decodeURIComponent(inline[2]!);
    return { json: JSON.parse(text) as MapFile, folder: dirname(filename) };
  }
  if (/^[a-z-]+:/i.test(url) && !url.startsWith('file:')) return undefined;
  const file = url.startsWith('file:')
    ? fileURLToPath(url)
    : resolve(dirname(filename), decodeURIComponent(url));
  return { json: JSON.parse(readFileSync(file, 'utf8')) as MapFile, folder: dirname(file) };
}

function absolute(source: string | null, root: string | undefined, folder: string): string | null {
  if (source === null || /^[a-z-]+:/i.test(source)) return source;
  if (root && /^[a-z-]+:/i.test(root)) return `${root.replace(/\/$/, '')}/${source}`;
  return pathToFileURL(resolve(folder, root ?? '', source)).href;
}

/** The first number of a map is the column of the first segment of the first line; all others follow from it. */
export function shiftFirstLine(mappings: string, columns: number): string {
  let value = 0;
  let length = 0;
  for (let shift = 0, more = true; more; shift += 5, length++) {
    const digit = digits.indexOf(mappings[length] ?? 'A');
    value += (digit & 31) << shift;
    more = (digit & 32) !== 0;
  }
  let rest = ((value >> 1) + columns) << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text + mappings.slice(length);
}
