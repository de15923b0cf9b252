import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { findLanguage } from '../languages/index.ts';
import { isInside } from '../model/handlerModule.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import { codeKindOf, type CodeKind } from '../model/codeFiles.ts';
import { placeOf } from '../packaging/filePlace.ts';
import { codeLines } from '../packaging/lines/codeLines.ts';
import { declaresOnly, nearestLine } from '../packaging/lines/nearestLine.ts';
import {
  explainLimits,
  type BreakpointFacts,
  type ExplainBreakpointsParams,
  type FunctionUse,
  type LineFacts,
  type MapFault,
  type OtherFunction,
} from '../protocol/control/breakpointFacts.ts';
import { FileNames } from '../support/fileNames.ts';
import { SourceMaps } from '../support/sourceMaps.ts';
import type { DebugSessions } from './debugSessions.ts';
import { instanceFacts } from './instanceFacts.ts';

/** What the facts are gathered from. */
export interface BreakpointSurroundings {
  root: string;
  functions: readonly FunctionRuntime[];
  debug: DebugSessions;
}

/** How a function uses a file: as a part of its artifact, or as a source of generated code that it loads. */
interface Use {
  runtime: FunctionRuntime;
  artifact: DevArtifact | undefined;
  /** The generated file with the map; absent when the file runs as it is. */
  generated?: string;
}

/** Gathers what is known about breakpoints of one file. */
export async function gatherBreakpointFacts(
  { file, lines }: ExplainBreakpointsParams,
  surroundings: BreakpointSurroundings,
): Promise<BreakpointFacts> {
  const { root, functions, debug } = surroundings;
  const kind = codeKindOf(file);
  const text = kind && readText(file);
  const names = new FileNames(file);
  const { uses, rest, mapFaults } = await findUses(file, names, functions);
  const ownLines = kind && text !== undefined ? await linesIn(kind, file, text, uses) : undefined;
  const factsOf = (line: number, known: ReadonlySet<number> | undefined): LineFacts =>
    kind && known ? lineFacts(line, known, text ?? '', kind) : { line };
  const maps = new SourceMaps();
  const ownMap = uses.length === 0 && text !== undefined ? maps.sourcesOf(file) : [];
  const path = placeOf(file, root);
  const madeOf = (line: number) => {
    const source = maps.map({ file, line, column: firstColumn(text ?? '', line) });
    return source.file === file ? undefined : source;
  };
  return {
    exists: text !== undefined,
    place: ownMap.length > 0 ? { kind: 'generated' } : path,
    lines: lines.map((line) => {
      const source = ownMap.length > 0 ? madeOf(line) : undefined;
      return { ...factsOf(line, ownLines), ...(source ? { source } : {}) };
    }),
    users: uses.map((use): FunctionUse => {
      const { definition } = use.runtime;
      const running =
        use.generated === undefined ? ownLines : use.runtime.maps.linesOf(use.generated, names.has);
      const failed = failureOf(use.runtime);
      return {
        ...other(use.runtime),
        debugger: kind !== undefined && findLanguage(definition.language)?.code?.id === kind.id,
        debugged: debug.isDebugging(definition.name),
        ...(failed ? { failed } : {}),
        lines: lines.map((line) => factsOf(line, running)),
        instances: instanceFacts(use.runtime, debug.ledgersOf(definition.name), names),
      };
    }),
    around: nearestFirst(
      file,
      rest.filter(({ definition }) => isInside(definition.codeRoot, file)),
    ).map(other),
    others: nearestFirst(file, rest).slice(0, 3).map(other),
    mapFaults: text === undefined ? [] : mapFaults,
  };
}

/** Only what runs a file knows its lines; where nothing does, nobody asks for them. */
async function linesIn(
  kind: CodeKind,
  file: string,
  text: string,
  uses: readonly Use[],
): Promise<ReadonlySet<number> | undefined> {
  const user = uses.find(({ runtime }) => findLanguage(runtime.definition.language)?.code?.id === kind.id);
  // One that is not found is told by whatever needs it to run.
  const interpreter = await user?.runtime.interpreter().catch(() => undefined);
  return codeLines(kind, file, text, interpreter?.path);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not there (any more): the answer says so.
    return undefined;
  }
}

const firstColumn = (text: string, line: number): number =>
  (text.split(/\r?\n/, line)[line - 1]?.search(/\S/) ?? 0) + 1;

function lineFacts(line: number, lines: ReadonlySet<number>, text: string, kind: CodeKind): LineFacts {
  if (lines.has(line)) {
    const declares = declaresOnly(text.split(/\r?\n/, line)[line - 1] ?? '', kind);
    return { line, ...(kind.lines === 'parser' ? { code: true } : {}), ...(declares ? { declares } : {}) };
  }
  const nearest = nearestLine(line, lines, text, kind);
  return { line, code: false, ...(nearest === undefined ? {} : { nearest }) };
}

/**
 * Functions that are not built yet are, in the order in which they are likely to use the file, until one does and all
 * others have their code elsewhere.
 */
async function findUses(
  file: string,
  names: FileNames,
  functions: readonly FunctionRuntime[],
): Promise<{ uses: Use[]; rest: FunctionRuntime[]; mapFaults: MapFault[] }> {
  const found: { uses: Use[]; rest: FunctionRuntime[]; mapFaults: MapFault[] } = {
    uses: [],
    rest: [],
    mapFaults: [],
  };
  const near = functions.filter(
    (runtime) => runtime.artifact !== undefined || isInside(runtime.definition.codeRoot, file),
  );
  const far = functions.filter((runtime) => !near.includes(runtime));
  let built = 0;
  for (const runtime of [...near, ...far]) {
    const enough = far.includes(runtime) && found.uses.length > 0;
    if (runtime.artifact === undefined && (enough || built++ >= explainLimits.functions)) {
      found.rest.push(runtime);
      continue;
    }
    const artifact = runtime.artifact ?? (await runtime.prepareArtifact().catch(() => undefined));
    const use = useOf(runtime, artifact, file, names);
    if (!use) found.rest.push(runtime);
    else if ('map' in use) {
      found.mapFaults.push(use);
      found.rest.push(runtime);
    } else found.uses.push(use);
  }
  return found;
}

function useOf(
  runtime: FunctionRuntime,
  artifact: DevArtifact | undefined,
  file: string,
  names: FileNames,
): Use | MapFault | undefined {
  if (!artifact) {
    // Its code cannot be built; what is in its folder may be part of it.
    const { at } = failureOf(runtime) ?? {};
    const inside = isInside(runtime.definition.codeRoot, file) && placeOf(file, runtime.definition.codeRoot);
    const concerned = (at && names.has(at.file)) || (inside && inside.kind === 'plain');
    return concerned ? { runtime, artifact } : undefined;
  }
  const kind = codeKindOf(file);
  // Sources of a program are all that lie in its folder; those of tests are known not to be compiled into it.
  if (kind?.lines === 'debugger' && kind.tests.test(basename(file))) return undefined;
  if (artifact.inputs.some(names.has)) {
    return { runtime, artifact, ...(artifact.kind === 'bundle' ? { generated: artifact.entry } : {}) };
  }
  if (artifact.kind === 'bundle') return undefined;
  const scripts = artifact.inputs.filter((input) => /\.[cm]?js$/.test(input)).slice(0, 1000);
  const generated = scripts.find((script) => runtime.maps.sourcesOf(script).some(names.has));
  if (generated !== undefined) return { runtime, artifact, generated };
  return mapFault(runtime, scripts, file);
}

/** A script that runs and has the name of the file, which is none itself: what compilers make of it. */
function mapFault(runtime: FunctionRuntime, scripts: string[], file: string): MapFault | undefined {
  if (!/\.([cm]?tsx?|jsx)$/.test(file)) return undefined;
  const bare = (path: string) => basename(path).replace(/\.[^.]+$/, '');
  const generated = scripts.find((script) => bare(script) === bare(file));
  if (generated === undefined) return undefined;
  const state = runtime.maps.stateOf(generated);
  const map = state === 'ok' ? 'without' : state === 'none' ? 'missing' : 'unreadable';
  return { function: runtime.definition.name, generated, map };
}

function failureOf(runtime: FunctionRuntime): FunctionUse['failed'] {
  const { build } = runtime.state();
  if (build.state !== 'failed') return undefined;
  const { message, at, serving } = build;
  return { message, serving: serving !== undefined, ...(at ? { at } : {}) };
}

function other(runtime: FunctionRuntime): OtherFunction {
  const { entryFile } = runtime.state();
  return { function: runtime.definition.name, ...(entryFile === undefined ? {} : { entryFile }) };
}

/** Those whose handler shares the longest beginning of its path with the file come first. */
function nearestFirst(file: string, functions: FunctionRuntime[]): FunctionRuntime[] {
  const url = pathToFileURL(file).pathname.split('/');
  const shared = (runtime: FunctionRuntime): number => {
    const { entryFile } = runtime.state();
    const parts = pathToFileURL(entryFile ?? runtime.definition.codeRoot).pathname.split('/');
    const end = parts.findIndex((part, i) => part !== url[i]);
    return end < 0 ? parts.length : end;
  };
  return functions
    .map((runtime) => ({ runtime, shared: shared(runtime) }))
    .sort((a, b) => b.shared - a.shared)
    .map(({ runtime }) => runtime);
}
