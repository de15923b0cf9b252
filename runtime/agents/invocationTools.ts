import * as v from 'valibot';
import { PorchlightError } from '../model/errors.ts';
import { failureStatuses, type InvocationRecord } from '../model/invocationRecord.ts';
import type { RpcConnection } from '../protocol/control/connection.ts';
import { GetInvocation, QueryInvocations, type QueryParams } from '../protocol/control/messages.ts';
import { text, whole } from '../model/schemaParts.ts';
import { defineTool, startKindInput } from './agentTool.ts';
import { answerLimits, logFacts, recordFacts, summaryFacts } from './recordFacts.ts';

const statuses = ['running', 'ok', 'error', 'timeout', 'oom', 'crashed', 'throttled', 'interrupted'] as const;

/** How tools name a recorded invocation. */
export const invocationInput = text(
  'Id of a recorded invocation, as list_invocations gives it; or last, or last-failure.',
  64,
);

export const listInvocations = defineTool({
  name: 'list_invocations',
  title: 'List Invocations',
  description:
    'Lists or searches recorded invocations, newest first: id, function, status, start kind, time, duration, error. Search by words in log, event, result or error, by function, status, start kind and age.',
  input: v.strictObject({
    function: v.optional(text('Only of this function.')),
    text: v.optional(text('Words that log, event, result or error contain.', 1000)),
    status: v.optional(
      v.pipe(
        v.picklist(statuses, `expected one of ${statuses.join(', ')}.`),
        v.description('Only with this status.'),
      ),
    ),
    startKind: startKindInput,
    sinceMinutes: v.optional(whole(1, 525_600, 'Only those of the last so many minutes.')),
    before: v.optional(text('Only older than the invocation with this id: the next page.', 64)),
    limit: v.optional(whole(1, 100, 'How many at most; 20 by default.')),
  }),
  async run(connection, { function: name, text, status, startKind, sinceMinutes, before, limit = 20 }) {
    const found = await connection.sendRequest(QueryInvocations, {
      limit,
      ...(name !== undefined && { function: name }),
      ...(text !== undefined && { text }),
      ...(status && { status }),
      ...(startKind && { startKind }),
      ...(sinceMinutes !== undefined && { from: Date.now() - sinceMinutes * 60_000 }),
      ...(before !== undefined && { before }),
    } satisfies QueryParams);
    const failed = found.filter(({ error }) => error !== undefined).length;
    return {
      text: `${found.length} ${found.length === 1 ? 'invocation' : 'invocations'}${failed > 0 ? `, ${failed} failed` : ''}.`,
      data: { invocations: found.map(summaryFacts) },
    };
  },
});

export const getInvocation = defineTool({
  name: 'get_invocation',
  title: 'Get Invocation',
  description:
    'Tells everything recorded of one invocation: phases (queue, spawn, boot, load, init, handler, teardown) with times, event, result, error with stack and source position, warnings (work left open, state carried over), memory, billing, and the first log lines.',
  input: v.strictObject({ id: invocationInput }),
  async run(connection, { id }) {
    const record = await findInvocation(connection, id);
    return {
      text: `${record.function} ${record.status} at ${new Date(record.receivedAt).toISOString()}.`,
      data: recordFacts(record),
    };
  },
});

export const getLogs = defineTool({
  name: 'get_logs',
  title: 'Get Log',
  description:
    'Gives the log lines of one invocation with level, text and the source position that printed them; only those that contain words, if wanted.',
  input: v.strictObject({
    id: invocationInput,
    contains: v.optional(text('Only lines with this text, whatever its case.', 1000)),
    skip: v.optional(whole(0, 100_000, 'Lines to leave out at the beginning: the next page.')),
  }),
  async run(connection, { id, contains, skip = 0 }) {
    const record = await findInvocation(connection, id);
    const wanted = contains?.toLowerCase();
    const lines = record.logs.filter(
      ({ text }) => wanted === undefined || text.toLowerCase().includes(wanted),
    );
    const shown = lines.slice(skip, skip + answerLimits.logLines);
    return {
      text: `${shown.length} of ${lines.length} log lines of ${record.function}, ${record.id}.`,
      data: {
        id: record.id,
        function: record.function,
        lines: shown.map(logFacts),
        total: lines.length,
        ...(record.logsDropped > 0 && { notRecorded: record.logsDropped }),
      },
    };
  },
});

/** The record of an id, of the latest invocation, or of the latest one that failed. */
export async function findInvocation(connection: RpcConnection, named: string): Promise<InvocationRecord> {
  const record = await connection.sendRequest(GetInvocation, { id: await idOf(connection, named) });
  if (record) return record;
  throw new PorchlightError('INVOCATION_UNKNOWN', { id: named });
}

async function idOf(connection: RpcConnection, named: string): Promise<string> {
  if (named !== 'last' && named !== 'last-failure') return named;
  const queries: Omit<QueryParams, 'limit'>[] =
    named === 'last' ? [{}] : failureStatuses.map((status) => ({ status }));
  const found = await Promise.all(
    queries.map((query) => connection.sendRequest(QueryInvocations, { ...query, limit: 1 })),
  );
  const [latest] = found.flat().sort((a, b) => b.receivedAt - a.receivedAt);
  if (latest) return latest.id;
  const what = named === 'last' ? 'No invocation is recorded' : 'No failed invocation is recorded';
  throw new PorchlightError('USAGE', { detail: `${what} yet. Make one with invoke_function.` });
}
