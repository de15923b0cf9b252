import { isAbsolute, relative } from 'node:path';
import type { Problem } from '../model/project.ts';
import type { TestFailure, TestOutcome } from '../model/testing/testCase.ts';
import type { SourcePosition } from '../model/words.ts';
import { milliseconds } from '../model/units.ts';
import { diffLines } from './diffText.ts';
import { logText } from './invocationText.ts';
import type { painter } from './terminal.ts';

type Paint = ReturnType<typeof painter>;

/** Log lines that are shown of a test that failed. */
const mostLogLines = 20;

const marks = { passed: '✓', failed: '✗', errored: '!', cancelled: '-' } as const;
const styles = { passed: 'green', failed: 'red', errored: 'red', cancelled: 'dim' } as const;

/** How one test went, in one line and what has to be known besides. */
export function outcomeText(outcome: TestOutcome, root: string, paint: Paint): string {
  const { status, name, durationMs, startKind } = outcome;
  const facts = [milliseconds(durationMs), ...(startKind ? [startKind] : [])].join(', ');
  const lines = [`  ${paint(styles[status], marks[status])} ${name} ${paint('dim', `(${facts})`)}`];
  for (const measure of outcome.measures) lines.push(`      ${paint('dim', measure)}`);
  if (outcome.reason !== undefined) lines.push(...indented(paint('red', outcome.reason)));
  for (const failure of outcome.failures) lines.push(...failureLines(failure, root, paint));
  if (status === 'failed') lines.push(...contextLines(outcome, root, paint));
  return `${lines.join('\n')}\n`;
}

function failureLines({ message, expected, actual, at }: TestFailure, root: string, paint: Paint): string[] {
  const lines = indented(paint('red', message));
  lines.push(`      ${paint('dim', `at ${place(at, root)}`)}`);
  const diff = expected === undefined || actual === undefined ? [] : diffLines(expected, actual);
  if (diff.length > 0) {
    lines.push(`      ${paint('green', '- expected')}  ${paint('red', '+ actual')}`);
    for (const { kind, text } of diff) {
      if (kind === 'same') lines.push(`        ${text}`);
      else if (kind === 'expected') lines.push(`      ${paint('green', `- ${text}`)}`);
      else lines.push(`      ${paint('red', `+ ${text}`)}`);
    }
  }
  return lines;
}

function contextLines({ error, logs, logsDropped }: TestOutcome, root: string, paint: Paint): string[] {
  const lines: string[] = [];
  if (error?.at) lines.push(`      ${paint('dim', `thrown at ${place(error.at, root)}`)}`);
  const own = logs.filter(({ stream }) => stream !== 'platform');
  if (own.length > 0) lines.push(`      ${paint('dim', 'log:')}`);
  for (const entry of own.slice(-mostLogLines)) lines.push(`        ${logText(entry, paint)}`);
  const left = own.length - Math.min(own.length, mostLogLines) + logsDropped;
  if (left > 0) lines.push(`        ${paint('dim', `(${left} more lines: porchlight logs)`)}`);
  return lines;
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `      ${line}`);
}

/** A place as people and terminals read it: below the folder, from there. */
export function place({ file, line, column }: SourcePosition, root: string): string {
  const inside = relative(root, file);
  return `${inside.startsWith('..') || isAbsolute(inside) ? file : inside}:${line}:${column}`;
}

/** How many tests went how. */
export function summaryText(outcomes: readonly TestOutcome[], durationMs: number, paint: Paint): string {
  const count = (status: TestOutcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const parts = [
    count('passed') > 0 ? paint('green', `${count('passed')} passed`) : '',
    count('failed') > 0 ? paint('red', `${count('failed')} failed`) : '',
    count('errored') > 0 ? paint('red', `${count('errored')} could not be run`) : '',
    count('cancelled') > 0 ? paint('dim', `${count('cancelled')} cancelled`) : '',
  ].filter((part) => part !== '');
  const total = `of ${outcomes.length} ${outcomes.length === 1 ? 'test' : 'tests'}`;
  return `${parts.join(', ')} ${total}, ${milliseconds(durationMs)}\n`;
}

/** What is wrong with event files, one line each. */
export function problemText(
  { file, line = 1, column = 1, severity, message }: Problem,
  root: string,
): string {
  return `${place({ file, line, column }, root)}: ${severity}: ${message}\n`;
}
