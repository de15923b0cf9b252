import assert from 'node:assert/strict';
import type { InvocationRecord, LogEntry } from '../../runtime/model/invocationRecord.ts';
import type { Expectation, ExpectedLog, Row } from './row.ts';
import { bystander, type Answered, type Tested } from './tested.ts';

/** Carries a row out: the call, what a bystander notices of it, and whether the function still works afterwards. */
export async function checkRow(tested: Tested, row: Row, name: string, expected: Expectation): Promise<void> {
  const [answered] = await Promise.all([tested.invoke(name, row.event), tested.isGood(bystander)]);
  await checkAnswer(tested, row, expected, answered);
  if (row.thenGone) await instancesGone(tested, name);
  if (expected.http) {
    await checkTrigger(tested, row, name, expected.http);
    if (row.thenGone) await instancesGone(tested, name);
  }
  if (row.then === 'same') {
    await checkAnswer(tested, row, expected, await tested.invoke(name, row.event));
  } else if (row.then !== 'nothing') {
    await tested.isGood(name);
  }
}

async function checkAnswer(
  tested: Tested,
  row: Row,
  expected: Expectation,
  answered: Answered,
): Promise<void> {
  const { record, body, status } = answered;
  const failure = record.error ? `${record.error.type}: ${record.error.message}` : '';
  assert.equal(record.status, expected.status ?? 'ok', failure);
  assert.equal(status, tested.statusOf(answered));
  checkText(body, expected.body, 'body');
  if (expected.error) assert.match(failure, expected.error);
  else if (record.status === 'ok') assert.equal(failure, '');
  checkErrorType(tested, expected, answered);
  if (expected.at !== undefined) {
    const line = await tested.lineOf(row.module, expected.at);
    assert.match(record.error?.at?.file ?? '', new RegExp(`[\\\\/]${row.module}\\.${tested.form.ending}$`));
    assert.equal(record.error?.at?.line, line);
  }
  await checkLogs(tested, row, expected, record);
  checkPlatformLines(tested, expected, record);
  if (expected.phases) {
    assert.deepEqual(
      record.phases.map((phase) => phase.name),
      expected.phases,
    );
  }
  if (expected.startKind) assert.equal(record.startKind, expected.startKind);
  await expected.check?.(record, tested, body);
}

/** An error has a type, a success none. */
function checkErrorType(tested: Tested, expected: Expectation, answered: Answered): void {
  const type = tested.errorType(answered);
  if (answered.record.status === 'ok') return assert.equal(type, null);
  const ownType = answered.record.error?.type.replace(/[^\x20-\x7e]/g, '?');
  const usual = {
    'aws-lambda': 'Unhandled',
    'aliyun-fc': 'UnhandledInvocationError',
    knative: ownType,
    openfaas: ownType,
  }[tested.platform];
  assert.equal(type, expected.errorType ?? usual);
}

async function checkTrigger(
  tested: Tested,
  row: Row,
  name: string,
  expected: NonNullable<Expectation['http']>,
): Promise<void> {
  const { status, headers, body } = await tested.trigger(name, row.event);
  assert.equal(status, expected.status, 'status of the HTTP trigger');
  checkText(body, expected.body, 'body of the HTTP trigger');
  for (const [header, value] of Object.entries(expected.headers ?? {})) {
    assert.equal(headers.get(header), value, `header ${header} of the HTTP trigger`);
  }
}

function checkText(actual: Buffer, expected: Expectation['body'], what: string): void {
  if (expected === undefined) return;
  if (Buffer.isBuffer(expected)) assert.ok(actual.equals(expected), `${what}: ${actual.toString('hex')}`);
  else if (typeof expected === 'string') assert.equal(actual.toString(), expected, what);
  else assert.match(actual.toString(), expected, what);
}

async function checkLogs(
  tested: Tested,
  row: Row,
  expected: Expectation,
  record: InvocationRecord,
): Promise<void> {
  const printed = record.logs.filter((entry) => entry.stream !== 'platform');
  const matches = async (entry: LogEntry, wanted: ExpectedLog): Promise<boolean> => {
    const line = wanted.at === undefined ? undefined : await tested.lineOf(row.module, wanted.at);
    const sameText =
      typeof wanted.text === 'string' ? entry.text === wanted.text : wanted.text.test(entry.text);
    return (
      sameText &&
      entry.stream === wanted.stream &&
      entry.level === wanted.level &&
      (line === undefined || entry.at?.line === line)
    );
  };
  const shown = () => printed.map(({ stream, level, text, at }) => `${stream} ${level} ${text} ${at?.line}`);
  if (expected.logs) {
    for (const [index, wanted] of expected.logs.entries()) {
      const entry = printed[index];
      assert.ok(
        entry && (await matches(entry, wanted)),
        `entry ${index}: ${wanted.text}\n${shown().join('\n')}`,
      );
    }
    assert.equal(printed.length, expected.logs.length, shown().join('\n'));
  }
  for (const wanted of expected.logsInclude ?? []) {
    const found = await Promise.all(printed.map((entry) => matches(entry, wanted)));
    assert.ok(found.includes(true), `no entry ${wanted.text}\n${shown().slice(0, 20).join('\n')}`);
  }
}

/** What ends every invocation's log, by the platform's rules, and all of its lines where the row says them. */
function checkPlatformLines(tested: Tested, expected: Expectation, record: InvocationRecord): void {
  const lines = record.logs.filter((entry) => entry.stream === 'platform').map((entry) => entry.text);
  const shown = lines.join('\n');
  if (expected.platformLines) {
    assert.equal(lines.length, expected.platformLines.length, shown);
    for (const [index, wanted] of expected.platformLines.entries()) {
      assert.match(lines[index]!.replaceAll(record.id, 'ID'), wanted);
    }
  }
  // Without an instance nothing ran, and nothing is reported.
  if (!record.instance) return;
  const last = lines.slice(-4).join('\n').replaceAll(record.id, 'ID');
  assert.match(last, endOf[tested.platform]!(record), shown);
}

/** It ended in its initializer. */
function endedInInit({ phases }: InvocationRecord): boolean {
  const names = phases.map(({ name }) => name);
  return names.includes('init') && !names.includes('handler');
}

const endOf: Record<string, (record: InvocationRecord) => RegExp> = {
  // It writes nothing of its own; the function's server writes a line for what the function throws.
  knative: () => /^(Error processing user function: ".*")?$/s,
  // Neither does this; templates print what a handler throws.
  openfaas: () => /^((.*\n)*? {4}at [^]*|[^\n]*)?$/,
  'aws-lambda': ({ status }) => {
    const report =
      'END RequestId: ID\\nREPORT RequestId: ID\\tDuration: \\d+\\.\\d\\d ms\\tBilled Duration: \\d+ ms\\t' +
      'Memory Size: \\d+ MB\\tMax Memory Used: \\d+ MB\\t(Init Duration: \\d+\\.\\d\\d ms\\t)?';
    if (status === 'timeout') {
      return new RegExp(
        `${report}\\n\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ID Task timed out after \\d+\\.\\d\\d seconds$`,
      );
    }
    return new RegExp(status === 'ok' || status === 'error' ? `${report}$` : report);
  },
  'aliyun-fc': (record) => {
    const { status, error } = record;
    const what = endedInInit(record) ? 'Initialize' : 'Invoke';
    const how =
      status === 'ok'
        ? ''
        : status === 'interrupted'
          ? ', Error: Invocation canceled by client \\(duration: \\d+ms, maxMemoryUsage: \\d+MB\\)'
          : `, Error: ${error?.type === 'FunctionHandledError' ? 'Handled' : '(Handled|Unhandled)'} function error`;
    return new RegExp(
      `FC ${what} End RequestId: ID${how}\\nDuration: [\\d.]+ ms, Billed Duration: \\d+ ms, Memory Size: \\d+ MB, Max Memory Used: [\\d.]+ MB$`,
    );
  },
};

/** Resolves when no instance of a function is left; the pool says when one has ended. */
export async function instancesGone(tested: Tested, name: string): Promise<void> {
  const { pool } = tested.host.registry.get(name);
  await Promise.all(pool.slots.map((slot) => slot.instance.exited));
}
