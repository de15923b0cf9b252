import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { defaultProcess, type FunctionDefinition } from '../model/functionDefinition.ts';
import { platformDefaults } from '../model/platformDefaults.ts';
import type { PlatformId } from '../model/words.ts';
import { exportNames, type Transform } from './exportNames.ts';
import { isSkippedFolder } from './findProjectFiles.ts';

const moduleNames = ['index', 'handler', 'main', 'app', 'lambda', 'function'];
/** Sources come before what may have been built from them. */
const extensions = ['.ts', '.mts', '.cts', '.mjs', '.js', '.cjs'];
/** Exports that are taken for handlers, the usual one first. */
const handlerNames = ['handler', 'main', 'lambdaHandler', 'lambda_handler'];
const mostBytes = 1024 * 1024;
const mostFolders = 200;
/** Folders that are part of their parent's code instead of functions of their own. */
const partOfParent = new Set(['src', 'lib']);
const neverFunctions = new Set([
  'test',
  'tests',
  '__tests__',
  'scripts',
  'docs',
  'public',
  'static',
  'assets',
  'types',
]);

/**
 * Functions of a folder without project files: modules named `index`, `handler`, `main`, `app`, `lambda` or `function`
 * in the root, its `src` or a first-level folder that export a handler. A module that cannot be parsed exports nothing.
 */
export async function readBareFolder(root: string, transform: Transform): Promise<FunctionDefinition[]> {
  const functions: FunctionDefinition[] = [];
  const names = new Set<string>();
  for (const { folder, codeRoot } of await foldersOf(root)) {
    for (const file of await modulesOf(folder)) {
      const handlers = await handlersOf(file, transform);
      for (const { exportName, line, column, text } of handlers) {
        const module = relative(codeRoot, file).slice(0, -extname(file).length).split(sep).join('/');
        const base = safeName(basename(codeRoot));
        const name = [base, `${base}-${basename(module)}`, `${base}-${basename(module)}-${exportName}`].find(
          (candidate) => !names.has(candidate),
        );
        if (name !== undefined) {
          names.add(name);
          const platform = await guessPlatform(text, codeRoot, root);
          const declaredAt = { file, line, column };
          functions.push(define(name, platform, codeRoot, `${module}.${exportName}`, declaredAt));
        }
      }
    }
  }
  return functions;
}

function define(
  name: string,
  platform: PlatformId,
  codeRoot: string,
  handler: string,
  declaredAt: FunctionDefinition['declaredAt'],
): FunctionDefinition {
  const { memoryMB, timeoutMs, region, accountId } = platformDefaults(platform);
  return {
    name,
    platform,
    language: 'nodejs',
    handler,
    codeRoot,
    process: { ...defaultProcess },
    memoryMB,
    timeoutMs,
    env: {},
    triggers: [],
    region,
    accountId,
    declaredAt,
  };
}

async function foldersOf(root: string): Promise<{ folder: string; codeRoot: string }[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name) && !neverFunctions.has(entry.name))
    .map((entry) => entry.name)
    .sort()
    .slice(0, mostFolders);
  return [
    { folder: root, codeRoot: root },
    ...below.map((name) => ({
      folder: join(root, name),
      codeRoot: partOfParent.has(name) ? root : join(root, name),
    })),
  ];
}

/** At most one module of each name: a source hides what was built from it. */
async function modulesOf(folder: string): Promise<string[]> {
  const files = new Set(await readdir(folder).catch(() => []));
  return moduleNames.flatMap((name) => {
    const extension = extensions.find((candidate) => files.has(name + candidate));
    return extension === undefined ? [] : [join(folder, name + extension)];
  });
}

async function handlersOf(
  file: string,
  transform: Transform,
): Promise<{ exportName: string; line: number; column: number; text: string }[]> {
  try {
    if ((await stat(file)).size > mostBytes) {
      return [];
    }
    const text = await readFile(file, 'utf8');
    // Most files need not be parsed to know that they export no handler.
    if (!handlerNames.some((name) => text.includes(name))) {
      return [];
    }
    const names = await exportNames(text, file, transform);
    return handlerNames
      .filter((name) => names.includes(name))
      .map((exportName) => ({ exportName, ...positionOf(text, exportName), text }));
  } catch {
    // Half-typed code: the function appears when it can be parsed.
    return [];
  }
}

/** Where an export is most likely written; its first line when that is not found. */
function positionOf(text: string, name: string): { line: number; column: number } {
  const patterns = [
    new RegExp(`export\\s+(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+(?=${name}\\b)`),
    new RegExp(`exports\\.(?=${name}\\b)`),
    new RegExp(`\\b(?=${name}\\b)`),
  ];
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) {
      const before = text.slice(0, match.index + match[0].length).split('\n');
      return { line: before.length, column: before.at(-1)!.length + 1 };
    }
  }
  return { line: 1, column: 1 };
}

/**
 * The platform of a function that names none. Signs of Function Compute are its packages in `package.json` and code that
 * takes the event for a Buffer; otherwise it is Lambda, whose contract (parsed JSON in, returned value out) is what most
 * handlers are written for.
 */
async function guessPlatform(text: string, codeRoot: string, root: string): Promise<PlatformId> {
  if (
    /\bevent\s*:\s*(Buffer|Uint8Array)\b|JSON\.parse\(\s*(event\s*\)|event\.toString\(|`\$\{event|String\(event)/.test(
      text,
    )
  ) {
    return 'aliyun-fc';
  }
  for (const folder of new Set([codeRoot, root])) {
    const packages = await packagesOf(folder);
    if (
      packages.some((name) => /^(@types\/aws-lambda|@aws-sdk\/|@aws-lambda-powertools\/|aws-sdk$)/.test(name))
    ) {
      return 'aws-lambda';
    }
    if (packages.some((name) => /^(@alicloud\/|@serverless-devs\/|ali-oss$|tablestore$)/.test(name))) {
      return 'aliyun-fc';
    }
  }
  return 'aws-lambda';
}

async function packagesOf(folder: string): Promise<string[]> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const { dependencies, devDependencies } = manifest as Record<string, object | undefined>;
    return [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})];
  } catch {
    // No manifest, or one that says nothing: the guess goes on without it.
    return [];
  }
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'function';
}
