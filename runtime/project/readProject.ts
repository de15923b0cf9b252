import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { allowedConcurrency } from '../model/allowedConcurrency.ts';
import { combineFunctions, type ReadFile } from '../model/combineFunctions.ts';
import { told } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Problem, Project, TargetDefinition } from '../model/project.ts';
import { completePrograms } from '../model/program.ts';
import { includeFrom } from '../model/projectFiles/includeFile.ts';
import { formatFor } from '../model/projectFiles/index.ts';
import { fileLimits } from '../model/projectFiles/projectFile.ts';
import { languagesNotOffered } from '../model/offeredLanguages.ts';
import type { QueueDefinition } from '../model/queues/queueDefinition.ts';
import { searchProjectFiles } from '../model/projectSearch.ts';
import { loadEsbuild } from '../packaging/loadEsbuild.ts';
import { diskLookup } from '../support/fileLookup.ts';
import { readBareFolder } from './bareFolder.ts';
import { environmentFor } from './environment.ts';
import { readEnvironmentFiles } from './environmentFiles.ts';

/**
 * Reads everything a folder says about functions: its project files down to three levels, or, when they declare none, the
 * handlers its modules export. Never throws for what stands in the files: that becomes problems.
 */
export async function readProject(root: string): Promise<Project> {
  const problems: Problem[] = [];
  if (!(await canRead(root, problems))) {
    return { root, functions: [], targets: [], queues: [], events: new Map(), problems, files: [] };
  }
  const { read, files } = await readFiles(root, problems);
  const declared = read.flatMap(({ parsed }) => parsed.functions);
  const bare = declared.length > 0 ? [] : await readBare(root);
  const combined = combineFunctions(root, read, bare);
  const allowed = allowedConcurrency(combined.functions.map(({ definition }) => definition));
  const functions = completePrograms(allowed.functions);
  problems.push(...combined.problems, ...allowed.problems, ...languagesNotOffered(functions));

  const environmentFiles = new Set<string>();
  const warnings = problems.filter((problem) => problem.variable === undefined);
  for (const definition of functions) {
    const environment = await environmentFor(definition, root);
    environment.files.forEach((file) => environmentFiles.add(file));
    warnings.push(...environment.problems);
  }
  if (functions.length === 0 && problems.length === 0) {
    warnings.push({ severity: 'info', ...told('PROJECT_NOT_FOUND', { root }), file: root });
  }
  return {
    root,
    functions,
    targets: targetsOf(read),
    queues: queuesOf(read),
    events: new Map(combined.functions.map(({ definition, events }) => [definition.name, events])),
    problems: withoutRepeats(warnings),
    files: [...files, ...environmentFiles],
  };
}

async function canRead(root: string, problems: Problem[]): Promise<boolean> {
  try {
    await readdir(root);
    return true;
  } catch (error) {
    problems.push(unreadable(root, error));
    return false;
  }
}

function unreadable(file: string, error: unknown): Problem {
  const detail = `${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`;
  return {
    severity: 'error',
    ...told('FILE_UNREADABLE', { file, detail }),
    file,
  };
}

async function readFiles(root: string, problems: Problem[]): Promise<{ read: ReadFile[]; files: string[] }> {
  const read: ReadFile[] = [];
  const files: string[] = [];
  const include = includeFrom(root, diskLookup);
  for (const file of searchProjectFiles(root, diskLookup)) {
    const text = await readText(file, problems);
    const format = text === undefined ? undefined : formatFor(basename(file), text);
    if (text === undefined || !format) {
      continue;
    }
    const variables = { ...(await readEnvironmentFiles(root, undefined, 'local')).variables };
    Object.assign(variables, (await readEnvironmentFiles(dirname(file), undefined, 'local')).variables);
    // `${env(X)}` asks for the environment of whoever runs the tool; an `.env` file goes before it.
    const variable = (name: string) => variables[name] ?? process.env[name];
    const parsed = format.parse(text, { file, variable, include });
    problems.push(...parsed.problems);
    read.push({ file, parsed });
    files.push(file, ...parsed.includes.map((path) => resolve(dirname(file), path)));
  }
  return { read, files };
}

async function readText(file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > 4 * fileLimits.textLength) {
      throw new Error(`it has ${bytes.length} bytes, more than a project file may.`);
    }
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    problems.push(unreadable(file, error));
    return undefined;
  }
}

function readBare(root: string): Promise<FunctionDefinition[]> {
  return readBareFolder(root, async (source, file) => {
    const esbuild = await loadEsbuild();
    const loader = file.endsWith('x') ? 'tsx' : 'ts';
    return (await esbuild.transform(source, { loader, format: 'esm', logLevel: 'silent' })).code;
  });
}

function targetsOf(read: ReadFile[]): TargetDefinition[] {
  const targets = new Map<string, TargetDefinition>();
  for (const target of read.flatMap(({ parsed }) => parsed.targets)) {
    if (!targets.has(target.name)) {
      targets.set(target.name, target);
    }
  }
  return [...targets.values()];
}

/** The first file that declares a queue has it. */
function queuesOf(read: ReadFile[]): QueueDefinition[] {
  const queues = new Map<string, QueueDefinition>();
  for (const queue of read.flatMap(({ parsed }) => parsed.queues ?? []))
    if (!queues.has(queue.name)) queues.set(queue.name, queue);
  return [...queues.values()];
}

/** Functions that share an `.env` file share its problems. */
function withoutRepeats(problems: Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.code}:${problem.file}:${problem.line}:${problem.column}:${problem.message}`;
    return !seen.has(key) && seen.add(key);
  });
}
