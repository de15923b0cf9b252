import type * as vscode from 'vscode';
import type { LogEntry } from '../../runtime/model/invocationRecord.ts';
import type { TestFailure, TestOutcome } from '../../runtime/model/testing/testCase.ts';
import { milliseconds } from '../../runtime/model/units.ts';
import type { SourcePosition } from '../../runtime/model/words.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import { parseStack } from '../presentation/stackFrame.ts';

function location(api: EditorApi, { file, line, column }: SourcePosition): vscode.Location {
  const position = new api.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  return new api.Location(api.Uri.file(file), position);
}

/** What the editor shows of expectations that did not hold: a comparison where there is one, each at its place. */
export function failureMessages(api: EditorApi, outcome: TestOutcome): vscode.TestMessage[] {
  return outcome.failures.map((failure) => message(api, failure, outcome));
}

function message(api: EditorApi, failure: TestFailure, { error }: TestOutcome): vscode.TestMessage {
  const { expected, actual, at } = failure;
  const shown =
    expected !== undefined && actual !== undefined
      ? api.TestMessage.diff(failure.message, expected, actual)
      : new api.TestMessage(failure.message);
  shown.location = location(api, at);
  if (failure.what === 'status' && error) {
    // Where it was thrown says more than where nothing of the kind was expected.
    if (error.at) shown.location = location(api, error.at);
    shown.stackTrace = parseStack(error.stack).map(({ text, at: frame }) =>
      frame
        ? new api.TestMessageStackFrame(
            text,
            api.Uri.file(frame.file),
            new api.Position(frame.line - 1, Math.max(0, frame.column - 1)),
          )
        : new api.TestMessageStackFrame(text),
    );
  }
  return shown;
}

/** Why a test could not be carried out, at the place the reason names when it is the test's own. */
export function reasonMessage(
  api: EditorApi,
  outcome: TestOutcome,
  item: vscode.TestItem,
): vscode.TestMessage {
  const shown = new api.TestMessage(outcome.reason ?? '');
  if (item.uri && item.range) shown.location = new api.Location(item.uri, item.range);
  return shown;
}

/** Lines of a test's output; the editor's terminal wants both line ends. */
export interface OutputLine {
  text: string;
  at?: vscode.Location;
}

const colours: Partial<Record<LogEntry['level'], number>> = { error: 31, warn: 33, debug: 2, trace: 2 };
const marks = {
  passed: '\x1b[32m✓',
  failed: '\x1b[31m✗',
  errored: '\x1b[31m!',
  cancelled: '\x1b[2m-',
} as const;

/** What a test leaves in the Test Results view: how it ended and why, what was measured, the function's own log. */
export function outputLines(api: EditorApi, outcome: TestOutcome): OutputLine[] {
  const {
    function: name,
    status,
    durationMs,
    startKind,
    measures,
    failures,
    logsDropped,
    invocations,
  } = outcome;
  const runs = invocations.length > 1 ? [l10n.t('{0} invocations', invocations.length)] : [];
  const facts = [milliseconds(durationMs), ...(startKind ? [startKind] : []), ...runs].join(' · ');
  const title = `${marks[status]}\x1b[0m \x1b[1m${name} › ${outcome.name}\x1b[0m  \x1b[2m${facts}\x1b[0m`;
  const lines: OutputLine[] = [{ text: title }];
  const red = (text: string): string =>
    text
      .split('\n')
      .map((line) => `  \x1b[31m${line}\x1b[0m`)
      .join('\n');
  for (const measure of measures) lines.push({ text: `  ${measure}` });
  if (outcome.reason !== undefined) lines.push({ text: red(outcome.reason) });
  for (const { message, at } of failures) lines.push({ text: red(message), at: location(api, at) });
  // What the platform writes around every invocation says nothing about this one.
  for (const entry of outcome.logs.filter(({ stream }) => stream !== 'platform')) {
    const colour = colours[entry.level];
    const text = colour === undefined ? entry.text : `\x1b[${colour}m${entry.text}\x1b[0m`;
    lines.push({ text: `  ${text}`, ...(entry.at ? { at: location(api, entry.at) } : {}) });
  }
  if (logsDropped > 0) lines.push({ text: `  ${l10n.t('{0} more lines were left out', logsDropped)}` });
  return lines;
}
