import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultProcess, type FunctionDefinition } from '../model/functionDefinition.ts';
import { usualPlatform } from '../model/usualRuntimes.ts';
import { defaultPlatform, platformDefaults } from '../model/platformDefaults.ts';
import {
  bareHandlerNames,
  languageOfModule,
  nameBareFunctions,
  searchBareModules,
  type BareFunction,
} from '../model/projectSearch.ts';
import { phpHandlers } from '../model/phpModule.ts';
import { pythonHandlers } from '../model/pythonModule.ts';
import type { LanguageId, PlatformId } from '../model/words.ts';
import { diskLookup } from '../support/fileLookup.ts';
import { exportNames, type Transform } from './exportNames.ts';

const mostBytes = 1024 * 1024;

/** How handlers of languages that need no parser are found. */
const handlersIn: Partial<Record<LanguageId, (text: string) => string[]>> = {
  python: pythonHandlers,
  php: phpHandlers,
};

/**
 * Functions of a folder without project files: modules with one of the usual names in the root, its `src` or a first-level
 * folder that export a handler. A module that cannot be parsed exports nothing.
 */
export async function readBareFolder(root: string, transform: Transform): Promise<FunctionDefinition[]> {
  const modules = await Promise.all(
    searchBareModules(root, diskLookup).map(async (module) => ({
      ...module,
      ...(await readModule(module.file, transform)),
    })),
  );
  const texts = new Map(modules.map(({ file, text }) => [file, text]));
  const functions: FunctionDefinition[] = [];
  for (const found of nameBareFunctions(modules)) {
    const text = texts.get(found.file) ?? '';
    functions.push(define(found, text, await guessPlatform(found, text, root)));
  }
  return functions;
}

function define(found: BareFunction, text: string, platform: PlatformId): FunctionDefinition {
  const { memoryMB, timeoutMs, region, accountId } = platformDefaults(platform);
  return {
    name: found.name,
    platform,
    language: languageOfModule(found.file),
    handler: found.handler,
    codeRoot: found.codeRoot,
    process: { ...defaultProcess },
    memoryMB,
    timeoutMs,
    env: {},
    triggers: [],
    region,
    accountId,
    declaredAt: { file: found.file, ...positionOf(text, found.exportName) },
  };
}

async function readModule(file: string, transform: Transform): Promise<{ exported: string[]; text: string }> {
  try {
    const text = (await stat(file)).size > mostBytes ? '' : await readFile(file, 'utf8');
    // Most files need not be parsed to know that they export no handler.
    const isWorthParsing = bareHandlerNames.some((name) => text.includes(name));
    if (!isWorthParsing) return { exported: [], text };
    const read = handlersIn[languageOfModule(file)];
    if (read) return { exported: read(text), text };
    return { exported: await exportNames(text, file, transform), text };
  } catch {
    // Half-typed code: the function appears when it can be parsed.
    return { exported: [], text: '' };
  }
}

/** Where an export is most likely written; its first line when that is not found. */
function positionOf(text: string, name: string): { line: number; column: number } {
  const patterns = [
    new RegExp(`export\\s+(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+(?=${name}\\b)`),
    new RegExp(`^(?:async\\s+)?def\\s+(?=${name}\\b)`, 'm'),
    new RegExp(`^\\s*function\\s+(?=${name}\\b)`, 'im'),
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

/** Code that takes the event for a Buffer, as Function Compute hands it over. */
const takesBuffer =
  /\bevent\s*:\s*(Buffer|Uint8Array)\b|JSON\.parse\(\s*(event\s*\)|event\.toString\(|`\$\{event|String\(event)|\bjson\.loads\(\s*event\s*[,)]|\bevent\.decode\(|^\s*import (?:oss2|fc2)\b/m;

/**
 * The platform of a function that names none. Signs of Function Compute are its packages in `package.json` and code that
 * takes the event for a Buffer; otherwise it is Lambda, whose contract (parsed JSON in, returned value out) is what most
 * handlers are written for.
 */
async function guessPlatform(
  { file, codeRoot }: BareFunction,
  text: string,
  root: string,
): Promise<PlatformId> {
  const usual = usualPlatform(languageOfModule(file));
  if (usual !== defaultPlatform) return usual;
  if (takesBuffer.test(text)) {
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
