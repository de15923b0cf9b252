import type { TestOutcome } from '../model/testing/testCase.ts';
import { place } from './testText.ts';

/** Characters of log that go into the report, per test: from its end. */
const mostLog = 64 * 1024;
const mostText = 64 * 1024;

/** Outcomes as JUnit XML, in the form Jenkins, GitLab and GitHub's readers share: a suite for each function. */
export function junitXml(outcomes: readonly TestOutcome[], root: string, at: Date): string {
  const suites = new Map<string, TestOutcome[]>();
  for (const outcome of outcomes) {
    suites.set(outcome.function, [...(suites.get(outcome.function) ?? []), outcome]);
  }
  const body = [...suites].map(([name, own]) => suite(name, own, root, at)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="porchlight" ${counts(outcomes)}>\n${body}</testsuites>\n`;
}

function counts(outcomes: readonly TestOutcome[]): string {
  const count = (status: TestOutcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const time = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return `tests="${outcomes.length}" failures="${count('failed')}" errors="${count('errored')}" skipped="${count('cancelled')}" time="${seconds(time)}"`;
}

function suite(name: string, outcomes: TestOutcome[], root: string, at: Date): string {
  const timestamp = at.toISOString().slice(0, 19);
  const cases = outcomes.map((outcome) => testCase(outcome, root)).join('');
  return `  <testsuite name="${attribute(name)}" ${counts(outcomes)} timestamp="${timestamp}">\n${cases}  </testsuite>\n`;
}

function testCase(outcome: TestOutcome, root: string): string {
  const { name, durationMs } = outcome;
  const open = `    <testcase name="${attribute(name)}" classname="${attribute(outcome.function)}" time="${seconds(durationMs)}"`;
  const parts = [...details(outcome, root), ...output(outcome)];
  return parts.length === 0 ? `${open}/>\n` : `${open}>\n${parts.join('')}    </testcase>\n`;
}

function details({ status, reason, failures, error }: TestOutcome, root: string): string[] {
  if (status === 'cancelled') return ['      <skipped message="cancelled"/>\n'];
  if (status === 'errored') {
    const first = (reason ?? '').split('\n', 1)[0]!;
    return [`      <error message="${attribute(first)}" type="NotRun">${text(reason ?? '')}</error>\n`];
  }
  if (failures.length === 0) return [];
  // Readers show one failure per test.
  const lines = failures.flatMap(({ message, at, expected, actual }) => [
    message,
    `  at ${place(at, root)}`,
    ...(expected === undefined ? [] : ['expected:', expected]),
    ...(actual === undefined ? [] : ['actual:', actual]),
  ]);
  if (error) {
    lines.push(`${error.type}: ${error.message}`, ...error.stack);
  }
  const first = failures[0]!;
  const message = attribute(first.message.split('\n', 1)[0]!);
  return [
    `      <failure message="${message}" type="${attribute(first.what)}">${text(lines.join('\n'))}</failure>\n`,
  ];
}

function output({ logs, measures }: TestOutcome): string[] {
  const all = [...measures, ...logs.map((entry) => entry.text)].join('\n');
  if (all === '') return [];
  const kept = all.length > mostLog ? `… (the beginning is left out)\n${all.slice(-mostLog)}` : all;
  return [`      <system-out>${text(kept, mostLog * 2)}</system-out>\n`];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Characters XML 1.0 cannot hold, in no form: replaced, as a reader would refuse the whole file. */
function allowed(value: string): string {
  return value
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function text(value: string, most = mostText): string {
  const kept = value.length > most ? `${value.slice(0, most)}\n…` : value;
  return allowed(kept).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value, 2000)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}
