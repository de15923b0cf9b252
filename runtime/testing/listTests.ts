import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative } from 'node:path';
import { type ErrorCode, told } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isInside } from '../model/handlerModule.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/project.ts';
import { findEventFiles, type EventFile, type EventOwner } from '../model/testing/eventFiles.ts';
import {
  faultOf,
  readExpectationFile,
  type DeclaredEvent,
  type ReadExpectation,
  type SavedInput,
} from '../model/testing/savedEvent.ts';
import type { TestCase, TestList } from '../model/testing/testCase.ts';
import { locateHandlers } from '../packaging/handlerTargets.ts';
import { diskLookup } from '../support/fileLookup.ts';

/** A test with what is sent and what is expected. */
export interface LoadedTest {
  case: TestCase;
  input: SavedInput;
  expected?: ReadExpectation;
}

/** Saved events of a project, ready to be run. */
export interface LoadedTests extends TestList {
  loaded: Map<string, LoadedTest>;
}

/** Larger expectations are not read. */
const mostBytes = 1024 * 1024;

/** Finds and reads every saved event of these functions. Never throws for what stands in the files. */
export async function listTests(
  root: string,
  functions: readonly FunctionDefinition[],
  declared: ReadonlyMap<string, readonly DeclaredEvent[]>,
): Promise<LoadedTests> {
  const found = findEventFiles(
    functions.map((definition) => ownerOf(definition, root)),
    diskLookup,
  );
  const problems: Problem[] = [];
  const loaded = new Map<string, LoadedTest>();
  for (const { name } of functions) {
    const own = (declared.get(name) ?? []).map((event) => ofDeclared(name, event));
    const files = found.byFunction.get(name) ?? [];
    for (const file of files) own.push(await ofFile(name, file, problems));
    for (const test of own) add(loaded, test);
  }
  for (const { folder, files, functions: names } of found.unclear) {
    const count = files.length === 1 ? basename(files[0]!) : `${files.length} files`;
    const place = relative(root, folder) || '.';
    const detail = `${count} in ${place} could be for ${names.slice(0, 5).join(' or ')}. Move ${files.length === 1 ? 'it' : 'each'} to events/<function>/, or begin the name with that of the function.`;
    problems.push(problemAt('info', 'EVENT_UNCLEAR', { detail }, files[0]!));
  }
  for (const { file, events } of found.orphans) {
    const wanted = basename(file).replace(/\.expect\.[a-z]+$/i, '.json');
    const near = nearest(wanted, events);
    const detail = `There is no event ${wanted} beside it${near ? `; did you mean ${near}?` : '.'}`;
    problems.push(problemAt('warning', 'EXPECTATION_ALONE', { detail }, file));
  }
  const tests = [...loaded.values()].map((test) => test.case);
  return { tests, problems, folders: found.folders, loaded };
}

/** The same name twice, in different folders or in `porchlight.yaml` as well: the later one is told apart. */
function add(loaded: Map<string, LoadedTest>, test: LoadedTest): void {
  const { name } = test.case;
  for (let count = 1; ; count++) {
    const unique = count === 1 ? name : `${name} (${count})`;
    const id = `${test.case.function}/${unique}`;
    if (loaded.has(id)) continue;
    loaded.set(id, { ...test, case: { ...test.case, id, name: unique } });
    return;
  }
}

function ownerOf(definition: FunctionDefinition, root: string): EventOwner {
  const { name, codeRoot, declaredAt } = definition;
  let folder = codeRoot;
  const aliases: string[] = [];
  try {
    const { file } = locateHandlers(definition, root).handler;
    folder = dirname(file);
    const module = basename(file, extname(file));
    if (!/^(index|handler|main|app|lambda|function)$/.test(module)) aliases.push(module);
  } catch {
    // Whoever invokes it is told what is wrong with the handler; its events are found all the same.
  }
  const declared = dirname(declaredAt.file);
  const top = isInside(declared, folder) ? declared : isInside(codeRoot, folder) ? codeRoot : folder;
  const places = [folder];
  while (folder !== top && dirname(folder) !== folder) places.push((folder = dirname(folder)));
  return { name, aliases, places };
}

function ofDeclared(name: string, { input, at, expected, fault, ...event }: DeclaredEvent): LoadedTest {
  const files = [at.file, ...(input.kind === 'file' ? [input.path] : [])];
  return {
    case: { id: '', function: name, name: event.name, at, files, ...(fault ? { fault } : {}) },
    input,
    ...(expected ? { expected } : {}),
  };
}

async function ofFile(name: string, event: EventFile, problems: Problem[]): Promise<LoadedTest> {
  const { file, expectations } = event;
  const start = { file, line: 1, column: 1 };
  const test: TestCase = {
    id: '',
    function: name,
    name: event.name,
    at: { ...start, endLine: 1, endColumn: 1 },
    files: [file, ...expectations],
  };
  const input: SavedInput = { kind: 'file', path: file, at: start };
  const [expectation, second] = expectations;
  if (expectation === undefined) return { case: test, input };
  test.expectedAt = { file: expectation, line: 1, column: 1 };
  if (second !== undefined) {
    const detail = `${basename(expectation)} says already what is expected. Keep one of them.`;
    problems.push(problemAt('error', 'EXPECTATION_ALONE', { detail }, second));
    return { case: { ...test, fault: `${second}:1:1: ${detail}` }, input };
  }
  const read = await readExpectation(expectation);
  problems.push(...read.problems);
  if (read.fault !== undefined) test.fault = read.fault;
  return { case: test, input, ...(read.expected ? { expected: read.expected } : {}) };
}

async function readExpectation(
  file: string,
): Promise<{ problems: Problem[]; fault?: string; expected?: ReadExpectation }> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw new Error(`it has ${size} bytes, more than ${mostBytes}.`);
    const { problems, expected } = readExpectationFile(
      (await readFile(file, 'utf8')).replace(/^\uFEFF/, ''),
      file,
    );
    const fault = faultOf(problems);
    return {
      // What would only be ignored elsewhere makes an expectation weaker than it looks.
      problems: problems.problems.map((problem) => ({ ...problem, severity: 'error' as const })),
      ...(fault === undefined ? {} : { fault }),
      ...(expected ? { expected } : {}),
    };
  } catch (error) {
    const detail = `${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`;
    const problem = problemAt('error', 'FILE_UNREADABLE', { file, detail }, file);
    return { problems: [problem], fault: problem.message };
  }
}

function problemAt(
  severity: Problem['severity'],
  code: ErrorCode,
  facts: Record<string, string>,
  file: string,
): Problem {
  return { severity, ...told(code, facts), file, line: 1, column: 1 };
}
