import { existsSync, readdirSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PreflightFinding } from '../model/deploy.ts';
import { told } from '../model/errors.ts';
import { isInside } from '../model/handlerModule.ts';
import { collectFolder, type CollectedFiles } from './archiveFolder.ts';

/** Part of a package.json that says what a package needs when it runs. */
interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** A package at its place in the archive's `node_modules`. */
interface Placed {
  real: string;
  /** Packages that lie in its own `node_modules`. */
  nested: Map<string, Placed>;
}

/** The package.json that governs a folder, up to the project's root. */
export async function governingManifest(
  folder: string,
  root: string,
): Promise<{ file: string; names: string[] } | undefined> {
  for (let current = folder; isInside(root, current); current = dirname(current)) {
    const file = join(current, 'package.json');
    if (existsSync(file)) return { file, names: Object.keys(await needed(current)) };
    if (current === dirname(current)) break;
  }
  return undefined;
}

/** Packages that lie in a folder's own `node_modules`. */
export function installedPackages(folder: string): string[] {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return [];
  const visible = (path: string): string[] => readdirSync(path).filter((name) => !name.startsWith('.'));
  return visible(modules).flatMap((name) =>
    name.startsWith('@') ? visible(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

/**
 * The named packages with everything they need when they run, found as Node would from `from`, laid out for
 * `node_modules` in the archive: once at the top, nested only where versions differ. Links of package managers become
 * files. A package that is not there is a finding at the file that asks for it.
 */
export async function collectPackages(
  names: string[],
  from: string,
  options: { root: string; askedBy: string; signal?: AbortSignal | undefined },
): Promise<CollectedFiles> {
  const top = new Map<string, Placed>();
  const findings: PreflightFinding[] = [];
  const direct: [name: string, real: string][] = [];
  for (const name of names) {
    const real = await find(name, from);
    if (real !== undefined) direct.push([name, real]);
    else
      findings.push({
        severity: 'warning',
        ...told('PACKAGE_MISSING', { package: name }),
        file: options.askedBy,
      });
  }
  await placeAll(direct, [top]);
  const files: CollectedFiles = { files: [], findings };
  await collectPlaced(top, 'node_modules/', files, options);
  return files;
}

/**
 * Puts packages as near to the top as no other version is in the way, then what they need. All of one folder are placed
 * before what these need in turn: a later neighbour could otherwise hide a version that was found above.
 */
async function placeAll(packages: [name: string, real: string][], way: Map<string, Placed>[]): Promise<void> {
  const added: { placed: Placed; way: Map<string, Placed>[] }[] = [];
  for (const [name, real] of packages) {
    const level = levelFor(name, real, way);
    if (level === undefined) continue;
    const placed: Placed = { real, nested: new Map() };
    way[level]!.set(name, placed);
    added.push({ placed, way: [...way.slice(0, level + 1), placed.nested] });
  }
  for (const { placed, way: below } of added) {
    const needs: [string, string][] = [];
    for (const name of Object.keys(await needed(placed.real))) {
      const real = await find(name, placed.real);
      if (real !== undefined) needs.push([name, real]);
    }
    await placeAll(needs, below);
  }
}

/** The highest level a package may lie at; undefined when it is found already. */
function levelFor(name: string, real: string, way: Map<string, Placed>[]): number | undefined {
  let level = way.length - 1;
  for (let i = level; i >= 0; i--) {
    const there = way[i]!.get(name);
    if (there?.real === real) return undefined;
    if (there) break;
    level = i;
  }
  return level;
}

/** What a package needs, with peers: they are found beside it. Optional ones may be missing. */
async function needed(folder: string): Promise<Record<string, string>> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    return { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  } catch {
    // A folder without a readable package.json needs nothing that could be known.
    return {};
  }
}

/** The real folder of a package as `require` finds it from a folder. */
async function find(name: string, from: string): Promise<string | undefined> {
  for (let current = from; ; current = dirname(current)) {
    const candidate = join(current, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpath(candidate);
    if (current === dirname(current)) return undefined;
  }
}

async function collectPlaced(
  placed: Map<string, Placed>,
  prefix: string,
  into: CollectedFiles,
  options: { root: string; signal?: AbortSignal | undefined },
): Promise<void> {
  for (const [name, { real, nested }] of [...placed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const at = `${prefix}${name}/`;
    const { files, findings } = await collectFolder(real, {
      // A package store may lie outside of the project; a link inside a package may not leave the package.
      root: isInside(options.root, real) ? options.root : real,
      prefix: at,
      leaveOut: (path, isFolder) => isFolder && path === 'node_modules',
      signal: options.signal,
    });
    into.files.push(...files);
    into.findings.push(...findings);
    await collectPlaced(nested, `${at}node_modules/`, into, options);
  }
}
