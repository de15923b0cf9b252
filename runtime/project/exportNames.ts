import { extname } from 'node:path';

/** Turns TypeScript into JavaScript; bodies need not be checked. */
export type Transform = (source: string, file: string) => Promise<string>;

/**
 * Names a JavaScript or TypeScript module exports, read from its text without running it. Throws when the text cannot be
 * parsed.
 */
export async function exportNames(source: string, file: string, transform: Transform): Promise<string[]> {
  const isTypeScript = /^\.[cm]?tsx?$/.test(extname(file));
  const text = isTypeScript ? await transform(source, file) : source;
  const es = await import('es-module-lexer');
  await es.init;
  const names = new Set<string>();
  if (!file.endsWith('.cjs')) {
    try {
      const [, exported] = es.parse(text, file);
      exported.forEach((entry) => names.add(entry.n));
    } catch (error) {
      if (isTypeScript || file.endsWith('.mjs')) {
        throw error;
      }
    }
  }
  if (names.size === 0 && !file.endsWith('.mjs')) {
    const cjs = await import('cjs-module-lexer');
    await cjs.init();
    cjs.parse(text).exports.forEach((name) => names.add(name));
  }
  names.delete('__esModule');
  return [...names];
}
