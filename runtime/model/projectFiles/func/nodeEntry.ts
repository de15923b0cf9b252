import { dirname, join, posix } from 'node:path';
import { jsonIn } from '../../../support/jsonValue.ts';
import type { ParseContext } from '../projectFile.ts';

/** What a `package.json` says of how its function is run. */
export interface NodeEntry {
  /** Module without its extension, relative to the folder. */
  module: string;
  /** Variables the start script sets. */
  env: Record<string, string>;
}

/** Characters of a start script that are looked at. */
const longestScript = 2000;

/**
 * The module of a Node.js function: the one its start script hands to `faas-js-runtime`, otherwise `main`, otherwise
 * `index`. A `package.json` that cannot be read is told where it is used; the function is looked for nevertheless.
 */
export function nodeEntry(
  { file, include }: ParseContext,
  variables: Readonly<Record<string, string>>,
): NodeEntry {
  const found = include?.(join(dirname(file), 'package.json'));
  const manifest = found && 'text' in found ? parsed(found.text) : undefined;
  const script = scriptOf(manifest).slice(0, longestScript);
  const started = /\bfaas-js-runtime(?:\/bin\/cli\.js)?(?:\s+--?[\w-]+(?:[= ]\S+)?)*\s+(\S+)/.exec(
    script,
  )?.[1];
  const main = typeof manifest?.['main'] === 'string' ? manifest['main'] : undefined;
  const env = assignments(script);
  const path = started && expanded(started, { ...variables, ...env });
  return { module: moduleOf(path ?? main ?? 'index.js'), env };
}

function parsed(text: string): Record<string, unknown> | undefined {
  const value = jsonIn(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function scriptOf(manifest: Record<string, unknown> | undefined): string {
  const scripts = manifest?.['scripts'] as Record<string, unknown> | null | undefined;
  const start = typeof scripts === 'object' ? scripts?.['start'] : undefined;
  return typeof start === 'string' ? start : '';
}

/** A path with its variables filled in; undefined when one of them is not known. */
function expanded(path: string, variables: Readonly<Record<string, string>>): string | undefined {
  const full = path.replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced: string, plain: string) => {
    const name = braced ?? plain;
    return Object.hasOwn(variables, name) ? variables[name]! : whole;
  });
  return full.includes('$') ? undefined : full;
}

function moduleOf(path: string): string {
  const plain = posix.normalize(path.replace(/^["']|["']$/g, '').replace(/\\/g, '/')).replace(/\/$/, '');
  const module = plain.replace(/\.[cm]?[jt]sx?$/, '');
  return module === '' || module === '.' ? 'index' : module;
}

/** `NAME=value` in front of a command; `cross-env` may stand before them. */
function assignments(script: string): Record<string, string> {
  const env: Record<string, string> = {};
  let rest = script.trimStart().replace(/^cross-env\s+/, '');
  for (;;) {
    const match = /^([A-Za-z_]\w*)=(?:"([^"$]*)"|'([^']*)'|([^\s"'$]*))\s+/.exec(rest);
    if (!match) return env;
    env[match[1]!] = match[2] ?? match[3] ?? match[4] ?? '';
    rest = rest.slice(match[0].length);
  }
}
