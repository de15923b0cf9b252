import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';

/** A TypeScript source and what was built of it, two lines further down. */
export interface MappedCode {
  source: string;
  built: string;
  /** Lines of the source. Those of the built file are made by taking types away. */
  lines: string[];
  map: 'linked' | 'inline';
}

/** Writes both, with a map that knows lines only. */
export function writeMappedCode({ source, built, lines, map }: MappedCode): void {
  for (const file of [source, built]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(source, `${lines.join('\n')}\n`);
  const json = JSON.stringify({
    version: 3,
    file: basename(built),
    sources: [relative(dirname(built), source).replaceAll('\\', '/')],
    names: [],
    mappings: `;;${lines.map((_, index) => (index === 0 ? 'AAAA' : 'AACA')).join(';')}`,
  });
  const address =
    map === 'linked'
      ? `${basename(built)}.map`
      : `data:application/json;base64,${Buffer.from(json).toString('base64')}`;
  if (map === 'linked') writeFileSync(`${built}.map`, json);
  const code = lines.map((line) => line.replaceAll(/: (?:string|number|\{[^}]*\})/g, ''));
  writeFileSync(
    built,
    ['/* Built. */', '/* Do not edit. */', ...code, `//# sourceMappingURL=${address}`, ''].join('\n'),
  );
}
