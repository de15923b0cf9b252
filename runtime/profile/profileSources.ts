import { readFileSync } from 'node:fs';
import type { parse as parseModule } from 'es-module-lexer';
import type { SourcePosition } from '../model/words.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';

/** What a profile asks of the files it is about. */
export interface ProfileSources {
  /** The user's place for a place in the file that runs. */
  map(position: SourcePosition): SourcePosition;
  /** Characters that each source has in a generated file; undefined for a file that is a source itself. */
  sizes(file: string): ReadonlyMap<string, number> | undefined;
  text(file: string): string | undefined;
  /** The static imports of an ES module, in order. */
  imports(file: string): { specifier: string; line: number; column: number }[];
}

/** Reads files as they are now; each at most once. Nothing that is missing or cannot be parsed stops a profile. */
export async function profileSources(maps: SourceMaps): Promise<ProfileSources> {
  const { init, parse } = await import('es-module-lexer');
  await init;
  const texts = new Map<string, string | undefined>();
  const text = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, readText(file));
    return texts.get(file);
  };
  return {
    map: (position) => maps.map(position),
    sizes: (file) => maps.sizesOf(file),
    text,
    imports: (file) => staticImports(text(file) ?? '', parse),
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Removed since, or a name that is no file: its lines are not shown then.
    return undefined;
  }
}

function staticImports(
  text: string,
  parse: typeof parseModule,
): { specifier: string; line: number; column: number }[] {
  try {
    const [imports] = parse(text);
    return imports.flatMap(({ n, s, d }) =>
      n === undefined || d !== -1 ? [] : [{ specifier: n, ...placeAt(text, s) }],
    );
  } catch {
    // Node loaded it, so this is syntax that the lexer does not know: its imports stay without a place.
    return [];
  }
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
