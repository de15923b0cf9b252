import { dirname, resolve } from 'node:path';
import type * as v from 'valibot';
import { checkSettings } from '../projectFiles/checkSettings.ts';
import type { ProblemList } from '../projectFiles/problemList.ts';
import { entriesOf, getIn, rangeOf, type Tree } from '../projectFiles/tree.ts';
import { readYaml } from '../projectFiles/yamlTree.ts';
import type { SourcePosition } from '../words.ts';
import { expectationSettings, savedEventSettings } from './expectationSchema.ts';
import { checkPattern, regularExpressionFault } from './pattern.ts';
import type { SourceRange } from './testCase.ts';

export type Expectation = v.InferInput<typeof expectationSettings>;

/** An expectation that was read, and where its parts stand. */
export interface ReadExpectation {
  expectation: Expectation;
  /** Where a part of the expectation stands, as far as the path goes. */
  locate(path: readonly (string | number)[]): SourcePosition;
}

/** What is sent: the event, a file that holds it, or an HTTP request. */
export type SavedInput =
  | { kind: 'event'; text: string }
  | { kind: 'file'; path: string; at: SourcePosition }
  | { kind: 'http'; method: string; path: string; headers: Record<string, string>; body: string };

/** An entry of `events` in `porchlight.yaml`. */
export interface DeclaredEvent {
  name: string;
  at: SourceRange;
  input: SavedInput;
  expected?: ReadExpectation;
  /** What is wrong with it, with file and line: such an event is listed, but not sent. */
  fault?: string;
}

/** The first problem of a list as one line for people, with its place. */
export function faultOf(problems: ProblemList): string | undefined {
  const [first, ...more] = problems.problems;
  if (!first) return undefined;
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  return `${first.file}:${first.line}:${first.column}: ${first.message}${others}`;
}

/** Reads a file with an expectation, YAML or JSON. */
export function readExpectationFile(
  text: string,
  file: string,
): { problems: ProblemList; expected?: ReadExpectation } {
  const { tree, problems } = readYaml(text, file);
  if (!tree) return { problems };
  const expectation = checkSettings(expectationSettings, tree, '', problems);
  checkPatterns(tree, problems);
  if (!expectation) return { problems };
  const locate: ReadExpectation['locate'] = (path) => problems.positionOf(rangeOf(tree, [...path]).start);
  return { problems, expected: { expectation, locate } };
}

/** What a schema does not see: matchers, and regular expressions. */
function checkPatterns(tree: Tree, problems: ProblemList): void {
  checkPattern(getIn(tree, 'result'), 'result', problems);
  for (const [name, value] of entriesOf(getIn(tree, 'headers'))) {
    checkPattern(value, `headers.${name}`, problems);
  }
  const log = getIn(tree, 'log');
  const lines = log?.kind === 'list' ? log.items : log ? [log] : [];
  for (const [part, label] of [
    ...lines.map((line) => [line, 'log'] as const),
    [getIn(tree, 'error', 'message'), 'error.message'] as const,
  ]) {
    const expression = getIn(part, '$matches');
    if (expression?.kind !== 'scalar') continue;
    const fault = regularExpressionFault(expression.source);
    if (fault) {
      problems.add('error', 'SETTING_INVALID', { path: label, detail: fault }, expression.range);
    }
  }
}

/**
 * Reads the `events` of a function. A wrong one is told among the problems, and listed with its fault: leaving out what is
 * wrong with an expectation would make it pass.
 */
export function readDeclaredEvents(
  list: Tree | undefined,
  functionName: string,
  file: string,
  problems: ProblemList,
): DeclaredEvent[] {
  if (list?.kind !== 'list') return [];
  const taken = new Set<string>();
  return list.items.map((tree, i) => {
    const own = problems.fork();
    const label = `${functionName}.events.${i}`;
    const about = { function: functionName };
    const tell: Tell = (path, detail, range) => {
      for (const target of [problems, own])
        target.add('error', 'SETTING_INVALID', { path, detail }, range, about);
    };
    // Wrong values and unknown keys are among the file's problems already, as part of the function's settings.
    const settings = checkSettings(savedEventSettings, tree, label, own, about);
    const expectTree = getIn(tree, 'expect');
    for (const target of expectTree ? [problems, own] : []) checkPatterns(expectTree!, target);
    const input = readInput(settings, tree, label, file, problems, tell);
    const stated = settings?.name;
    if (getIn(tree, 'name') === undefined) tell(`${label}.name`, 'this setting is missing.', tree.range);
    let name = stated ?? `event ${i + 1}`;
    if (stated !== undefined && taken.has(stated)) {
      tell(`${label}.name`, `"${stated}" is the name of an event above as well.`, rangeOf(tree, ['name']));
      name = `${stated} (${i + 1})`;
    }
    taken.add(name);
    const fault = faultOf(own);
    const expectation = settings?.expect;
    return {
      name,
      at: rangeAt(problems, tree),
      input: input ?? { kind: 'event', text: '{}' },
      ...(expectation && expectTree
        ? {
            expected: {
              expectation,
              locate: (path) => problems.positionOf(rangeOf(expectTree, [...path]).start),
            },
          }
        : {}),
      ...(fault ? { fault } : {}),
    };
  });
}

type Tell = (path: string, detail: string, range: Tree['range']) => void;

function rangeAt(problems: ProblemList, tree: Tree): SourceRange {
  const start = problems.positionOf(tree.range.start);
  const end = problems.positionOf(Math.max(tree.range.start, tree.range.end - 1));
  return { ...start, endLine: end.line, endColumn: end.column + 1 };
}

function readInput(
  settings: v.InferInput<typeof savedEventSettings> | undefined,
  tree: Tree,
  label: string,
  file: string,
  problems: ProblemList,
  tell: Tell,
): SavedInput | undefined {
  const given = (['file', 'event', 'http'] as const).filter((key) => getIn(tree, key) !== undefined);
  if (given.length === 0) tell(label, 'nothing to send: give one of file, event or http.', tree.range);
  if (given.length > 1) tell(label, `only one of ${given.join(' and ')} can be sent.`, tree.range);
  if (settings?.file !== undefined) {
    const at = problems.positionOf(rangeOf(tree, ['file']).start);
    return { kind: 'file', path: resolve(dirname(file), settings.file), at };
  }
  const http = getIn(tree, 'http');
  if (http) {
    if (getIn(http, 'path') === undefined) tell(`${label}.http.path`, 'this setting is missing.', http.range);
    const { method = 'GET', path, headers = {}, body } = settings?.http ?? {};
    return path === undefined ? undefined : { kind: 'http', method, path, headers, body: bodyText(body) };
  }
  return given[0] === 'event' ? { kind: 'event', text: bodyText(settings?.event ?? null) } : undefined;
}

function bodyText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
