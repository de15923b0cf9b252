import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { extname } from 'node:path';
import type { PreflightFinding } from '../model/deploy.ts';
import { told, PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isProgram } from '../model/program.ts';
import { diskLookup } from '../support/fileLookup.ts';
import {
  archiveLimits,
  builtFile,
  createArchive,
  type Archive,
  type ArchiveFile,
  type ArchiveStart,
} from './archive.ts';
import { bundleForDeploy } from './archiveBundle.ts';
import { collectFolder } from './archiveFolder.ts';
import { collectSources, sourceStart } from './archiveSources.ts';
import { archiveProgram } from './archiveProgram.ts';
import { archivePhp } from './archivePhp.ts';
import { archivePython } from './archivePython.ts';
import { collectPackages, governingManifest, installedPackages } from './archivePackages.ts';
import { isAsset } from './fileState.ts';
import { locateHandlers, type HandlerTargets } from './handlerTargets.ts';
import { importClosure } from './importClosure.ts';
import { loadEsbuild } from './loadEsbuild.ts';
import { isModuleScript } from './moduleFormat.ts';

export interface ArchiveOptions {
  /** Absolute folder of the project: nothing from outside gets in, packages excepted. */
  root: string;
  /** Folder on this machine in which the archive will lie, so that source maps lead to the user's files. */
  places: string;
  signal?: AbortSignal | undefined;
}

/**
 * Makes the deploy artifact of a function: TypeScript, and what the project file wants bundled, as one file with its
 * packages in it; plain scripts as they are, with the packages they need when they run.
 */
export async function archiveFunction(
  definition: FunctionDefinition,
  options: ArchiveOptions,
): Promise<Archive> {
  const archive = isProgram(definition)
    ? await archiveProgram(definition, options)
    : await archiveHandler(definition, options);
  if (archive.bytes > archiveLimits.bytes || archive.files.length > archiveLimits.files) {
    throw new PorchlightError('PACKAGE_TOO_LARGE', {
      folder: definition.codeRoot,
      files: archiveLimits.files,
      megabytes: archiveLimits.bytes / 1024 / 1024,
    });
  }
  return archive;
}

function archiveHandler(definition: FunctionDefinition, options: ArchiveOptions): Promise<Archive> {
  const targets = locateHandlers(definition, options.root);
  const interpreted = { python: archivePython, php: archivePhp }[definition.language];
  const compiled = [targets.handler, targets.initializer, targets.preFreeze, targets.preStop].some(
    (target) => target?.compiled,
  );
  if (interpreted) return interpreted(definition, targets, options);
  return compiled ? bundled(definition, targets, options) : asWritten(definition, targets, options);
}

async function bundled(
  definition: FunctionDefinition,
  targets: HandlerTargets,
  options: ArchiveOptions,
): Promise<Archive> {
  const { root, places, signal } = options;
  const bundle = await bundleForDeploy({ root, definition, targets, esbuild: await loadEsbuild(), places });
  const askedBy = targets.handler.file;
  const packages = await collectPackages(bundle.packages, definition.codeRoot, { root, askedBy, signal });
  const files = [...bundle.files, ...packages.files];
  if (bundle.start.loader === 'script') files.push(packageFile('commonjs'));
  const findings = [...packages.findings];
  if (bundle.readsFiles) {
    const data = await collectFolder(definition.codeRoot, {
      root,
      prefix: '',
      leaveOut: (path, isFolder) => (isFolder ? path.split('/').pop() === 'node_modules' : !isData(path)),
      signal,
    });
    const taken = new Set(files.map(({ path }) => path));
    files.push(...data.files.filter(({ path }) => !taken.has(path)));
    findings.push(...data.findings);
  }
  return createArchive(files, bundle.start, findings);
}

async function asWritten(
  definition: FunctionDefinition,
  targets: HandlerTargets,
  options: ArchiveOptions,
): Promise<Archive> {
  const { codeRoot } = definition;
  const { root, signal } = options;
  const own = await collectSources(codeRoot, {
    root,
    leaveOut: (path, isFolder) => isFolder && path.split('/').pop() === 'node_modules',
    signal,
  });
  const manifest = await governingManifest(codeRoot, root);
  const names = manifest?.names ?? installedPackages(codeRoot);
  const askedBy = manifest?.file ?? codeRoot;
  const packages = await collectPackages(names, codeRoot, { root, askedBy, signal });
  const findings = [...own.findings, ...packages.findings, ...(await unshipped(targets, packages.files))];
  // The type of scripts is said by the nearest package.json, which may lie above the code folder.
  const type = await typeFile(manifest?.file, own.files);
  const files = [...own.files, ...packages.files, ...type];
  return createArchive(files, startOf(codeRoot, targets), findings);
}

function startOf(codeRoot: string, targets: HandlerTargets): ArchiveStart {
  const { file } = targets.handler;
  const module = isModuleScript(file, diskLookup.readText(file) ?? '', diskLookup);
  return sourceStart(codeRoot, targets, module ? 'import' : 'script');
}

/**
 * What says whether `.js` files of the code folder are modules, when they have no package.json of their own: the one
 * above does not travel, and where the archive lies another one may be above it.
 */
async function typeFile(manifest: string | undefined, own: ArchiveFile[]): Promise<ArchiveFile[]> {
  if (own.some(({ path }) => path === 'package.json')) return [];
  const text = manifest === undefined ? '' : await readFile(manifest, 'utf8');
  const type = /"type"\s*:\s*"(module|commonjs)"/.exec(text)?.[1];
  return [packageFile(type)];
}

/** Without a type, Node decides by the syntax of each file. */
function packageFile(type?: string): ArchiveFile {
  return builtFile('package.json', Buffer.from(`${JSON.stringify({ type })}\n`));
}

const specifier =
  /(?:\brequire\s*\(|\bimport\s*\(|\bfrom|\bimport)\s*['"]((?:@[\w.-]+\/)?[\w][\w.-]*)(?:\/[^'"]*)?['"]/g;

/** Packages that reachable own code names, but that are not in the archive. */
async function unshipped(targets: HandlerTargets, packages: ArchiveFile[]): Promise<PreflightFinding[]> {
  const shipped = new Set(packages.map(({ path }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]));
  const findings = new Map<string, PreflightFinding>();
  const entries = [targets.handler, targets.initializer, targets.preFreeze, targets.preStop].flatMap(
    (target) => target?.file ?? [],
  );
  for (const file of new Set(entries.flatMap((entry) => importClosure(entry, diskLookup).files))) {
    if (!/\.[cm]?js$/.test(file) || !existsSync(file)) continue;
    const text = await readFile(file, 'utf8');
    for (const match of text.matchAll(specifier)) {
      const name = match[1]!;
      if (isBuiltin(name) || shipped.has(name) || findings.has(name)) continue;
      // Clouds bring these along.
      if (name.startsWith('@aws-sdk/') || name === 'aws-sdk') continue;
      findings.set(name, {
        severity: 'warning',
        ...told('PACKAGE_NOT_SHIPPED', { package: name }),
        file,
        line: text.slice(0, match.index).split('\n').length,
      });
    }
  }
  return [...findings.values()];
}

const dataExtensions = new Set([
  '.json',
  '.yaml',
  '.yml',
  '.csv',
  '.md',
  '.pem',
  '.crt',
  '.bin',
  '.dat',
  '.png',
  '.jpg',
]);
const projectFiles =
  /(^|\/)(package(-lock)?\.json|tsconfig.*\.json|(s|template|serverless|func|stack|porchlight)\.ya?ml|pnpm-lock\.yaml|[A-Z]+\.md)$/;

/** Files that code reads when it runs, rather than tools when they build. */
function isData(path: string): boolean {
  return !projectFiles.test(path) && (isAsset(path) || dataExtensions.has(extname(path).toLowerCase()));
}
