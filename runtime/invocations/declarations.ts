import { readFileSync, statSync } from 'node:fs';
import type { Position } from '../support/sourceMaps.ts';

/** A larger file is not searched: its variables are told without a line. */
const largest = 4 * 1024 * 1024;

/** Where a module-level variable is declared in a file, as far as its text shows it. */
export function findDeclaration(file: string, name: string): Position | undefined {
  let text: string;
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > largest) return undefined;
    text = readFileSync(file, 'utf8');
  } catch {
    // The artifact was replaced meanwhile.
    return undefined;
  }
  return declarationIn(text, name, file);
}

/** The first line without indentation that declares the name: module level, as code is written and as bundles are. */
export function declarationIn(text: string, name: string, file: string): Position | undefined {
  const bare = name.replace(/ \(.*\)$/, '');
  const escaped = bare.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&');
  const pattern = bare.startsWith('exports.')
    ? new RegExp(`^(?:module\\.)?${escaped}\\s*=`, 'm')
    : new RegExp(
        `^(?:export\\s+)?(?:let|const|var|class|(?:async\\s+)?function\\*?)\\s[^;=\\n]*?(?<![\\w$])${escaped}(?![\\w$])`,
        'm',
      );
  const found = pattern.exec(text);
  if (!found) return undefined;
  const before = text.slice(0, found.index);
  const column = found[0].lastIndexOf(bare.split('.').pop()!) + 1;
  return { file, line: before.split('\n').length, column };
}
