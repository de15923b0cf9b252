import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isInside } from '../model/handlerModule.ts';
import { programOf, withArtifactsDir } from '../model/program.ts';
import { createArchive, type Archive, type ArchiveFile, type ArchiveStart } from './archive.ts';
import { assemble } from './assemble.ts';
import { exclusionOf } from './archiveExclusions.ts';
import { collectSources } from './archiveSources.ts';
import { sourceRoot } from './programFiles.ts';
import { runBuild } from './runBuild.ts';
import { phrase } from '../support/l10n.ts';

/** Folders that tools make beside a program, and that it does not need when it runs. */
const leftOut = /^(node_modules\/\.cache|target|\.gradle|__pycache__)$/;

/**
 * The deploy artifact of a program: what is put together or built in `$ARTIFACTS_DIR`, as `sam build` has it; otherwise
 * its code folder, in which a build may have made it.
 */
export async function archiveProgram(
  definition: FunctionDefinition,
  { root, signal = new AbortController().signal }: { root: string; signal?: AbortSignal | undefined },
): Promise<Archive> {
  const { name, codeRoot } = definition;
  const { build, command, assembly } = programOf(definition);
  if (build === undefined && !assembly) return packed(definition, codeRoot, { root, command, signal });
  const own = [sourceRoot(codeRoot, root), ...(assembly?.template ? [assembly.template] : [])];
  const stateNow = () => own.map(stateOf).join();
  const key = JSON.stringify([name, codeRoot, build, command, assembly]);
  const last = lastBuilt.get(key);
  // Builds that give other bytes each time would never be what was planned.
  if (last && last.state === stateNow()) return last.archive;
  const archive = await built(definition, { root, command, signal });
  lastBuilt.set(key, { state: stateNow(), archive });
  return archive;
}

/** The last archive of each program that was built, and the state of its sources afterwards. */
const lastBuilt = new Map<string, { state: string; archive: Archive }>();

async function built(
  definition: FunctionDefinition,
  { root, command, signal }: { root: string; command: string[]; signal: AbortSignal },
): Promise<Archive> {
  const { name, codeRoot } = definition;
  const { build, assembly } = programOf(definition);
  const builds = join(root, '.porchlight', 'artifacts');
  await mkdir(builds, { recursive: true });
  const artifactsDir = await mkdtemp(join(builds, `${name}-deploy-`));
  try {
    if (assembly) await assemble(definition, assembly, artifactsDir);
    const cwd = assembly ? artifactsDir : codeRoot;
    if (build !== undefined) await runBuild({ function: name, build, cwd, root, artifactsDir, signal });
    // Sources of the build, which may name places of this machine.
    if (build !== undefined)
      for (const path of Object.keys(assembly?.files ?? {}))
        await rm(join(artifactsDir, path), { force: true });
    const made = readdirSync(artifactsDir).length > 0;
    const folder = made ? artifactsDir : codeRoot;
    const archive = await packed(definition, folder, { root, command, signal });
    // The folder goes: what is in it is held from here on.
    return made ? await held(archive) : archive;
  } finally {
    await rm(artifactsDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function packed(
  definition: FunctionDefinition,
  folder: string,
  { root, command, signal }: { root: string; command: string[]; signal: AbortSignal },
): Promise<Archive> {
  const { files, findings } = await collectSources(folder, {
    root,
    leaveOut: (path, isFolder) => isFolder && leftOut.test(path),
    signal,
  });
  const start = startOf(definition, folder, command[0]!);
  if (start.program === 'packed' && !files.some(({ path }) => path === start.entry)) {
    const detail = phrase(
      'its program {program} is not among what is packed. Let build: make it in $ARTIFACTS_DIR, or correct command:.',
      { program: command[0] },
    );
    throw new PorchlightError('CODE_UNSUPPORTED', { function: definition.name, detail });
  }
  // Sent from Windows, it would not be one: there files have no such mark.
  const marked = files.map((file) => (file.path === start.entry ? { ...file, executable: true } : file));
  return createArchive(marked, start, findings);
}

/** How a program in an archive is started. A name without a folder is looked up where it runs. */
function startOf({ handler, codeRoot }: FunctionDefinition, folder: string, first: string): ArchiveStart {
  const common = { loader: 'script', exportName: handler } as const;
  const filled = withArtifactsDir(first, folder);
  if (!/[\\/]/.test(filled)) return { ...common, entry: filled, program: 'named' };
  const path = resolve(folder, filled);
  // A program of the system is none of the package's.
  const within = [folder, codeRoot].find((root) => isInside(root, path));
  if (within === undefined) return { ...common, entry: filled, program: 'named' };
  return { ...common, entry: relative(within, path).split(sep).join('/'), program: 'packed' };
}

/** An archive whose files are in memory. */
async function held(archive: Archive): Promise<Archive> {
  const files: ArchiveFile[] = [];
  for (const file of archive.files) {
    const { content } = file;
    files.push('data' in content ? file : { ...file, content: { data: await readFile(content.file) } });
  }
  return { ...archive, files };
}

/** Sizes and times of everything below a folder that a build may read, apart from packages and our own. */
function stateOf(folder: string): string {
  const hash = createHash('sha256');
  const visit = (current: string): void => {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && exclusionOf(path, true) === undefined) visit(path);
      } else {
        const { size, mtimeMs } = lstatSync(path);
        hash.update(`${path} ${size} ${mtimeMs}\n`);
      }
    }
  };
  visit(folder);
  return hash.digest('hex');
}
