import * as v from 'valibot';
import { PorchlightError } from '../model/errors.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import { milliseconds } from '../model/units.ts';
import type { RpcConnection } from '../protocol/control/connection.ts';
import {
  GetInvocation,
  Invoke,
  ListFunctions,
  Replay,
  type InvokeParams,
} from '../protocol/control/messages.ts';
import type { FunctionState } from '../protocol/control/state.ts';
import { text } from '../model/schemaParts.ts';
import { defineTool, eventInput, startKindInput, type AgentAnswer } from './agentTool.ts';
import { findInvocation, invocationInput } from './invocationTools.ts';
import { recordFacts } from './recordFacts.ts';

const mostFunctions = 200;

export const listFunctions = defineTool({
  name: 'list_functions',
  title: 'List Functions',
  description:
    'Lists the functions (FaaS) of the project with platform, runtime, handler, source file, process model, triggers, addresses, live instances, median cold/prewarmed/warm times, and problems of the project files. Take this first to learn the names of functions.',
  input: v.strictObject({}),
  async run(connection) {
    const { functions, problems } = await connection.sendRequest(ListFunctions);
    const shown = functions.slice(0, mostFunctions);
    return {
      text: `${functions.length} ${functions.length === 1 ? 'function' : 'functions'}: ${shown.map(({ name }) => name).join(', ') || 'none'}.`,
      data: {
        functions: shown.map(functionFacts),
        ...(functions.length > shown.length && { more: functions.length - shown.length }),
        problems: problems.slice(0, 50).map(({ severity, message, file, line }) => ({
          severity,
          message,
          ...(file !== undefined && { at: line === undefined ? file : `${file}:${line}` }),
        })),
      },
    };
  },
});

function functionFacts(fn: FunctionState): Record<string, unknown> {
  const { name, platformName, language, interpreter, runtime, handler, entryFile, process, build } = fn;
  return {
    name,
    platform: platformName,
    language,
    ...(runtime !== undefined && { runtime }),
    ...(interpreter !== undefined && { interpreter }),
    handler,
    ...(entryFile !== undefined && { file: entryFile }),
    model: process.model,
    memoryMB: fn.memoryMB,
    timeoutMs: fn.timeoutMs,
    environment: fn.environmentNames,
    triggers: fn.triggers.map(({ kind, name: trigger }) =>
      trigger === undefined ? kind : `${kind} ${trigger}`,
    ),
    urls: fn.urls,
    ...(build.state === 'failed' && { buildFailed: build.message }),
    instances: fn.instances.map(({ id, phase, calls }) => ({ id, phase, calls })),
    medians: fn.statistics,
  };
}

export const invokeFunction = defineTool({
  name: 'invoke_function',
  title: 'Invoke Function',
  description:
    'Invokes a function on this machine the way its cloud does and returns status, result, start kind (cold, prewarmed, warm), phases with times, log lines with source positions and, for a failure, the error with its stack. This runs the code of the project, which may have effects.',
  input: v.strictObject({
    function: text('Name of the function, as list_functions gives it.'),
    event: eventInput('The event as JSON; default: an empty object.'),
    startKind: startKindInput,
  }),
  question: ({ function: name, event }) => `Invoke ${name} with the event ${shortEvent(event ?? {})}?`,
  async run(connection, { function: name, event = {}, startKind }, signal) {
    await known(connection, name);
    const params = { function: name, event: asEvent(event), ...(startKind && { startKind }) };
    return recorded(connection, await connection.sendRequest(Invoke, params, { signal }));
  },
});

export const replayInvocation = defineTool({
  name: 'replay_invocation',
  title: 'Replay Invocation',
  description:
    'Sends the event of a recorded invocation again, as it was or another one in its place, e.g. to see whether a change mends a failure. Answers as invoke_function does. This runs the code of the project, which may have effects.',
  input: v.strictObject({
    id: invocationInput,
    event: eventInput('An event to send in the place of the recorded one.'),
    startKind: startKindInput,
  }),
  question: ({ id, event }) =>
    `Replay the invocation ${id}${event === undefined ? '' : ` with the event ${shortEvent(event)}`}?`,
  async run(connection, { id, event, startKind }, signal) {
    const before = await findInvocation(connection, id);
    const params = {
      id: before.id,
      ...(event !== undefined && { event: asEvent(event) }),
      ...(startKind && { startKind }),
    };
    return recorded(connection, await connection.sendRequest(Replay, params, { signal }));
  },
});

async function known(connection: RpcConnection, name: string): Promise<void> {
  const { functions } = await connection.sendRequest(ListFunctions);
  if (functions.some((fn) => fn.name === name)) return;
  throw new PorchlightError('FUNCTION_UNKNOWN', {
    name,
    known: functions.map((fn) => fn.name).join(', '),
  });
}

/** What is told is what was recorded: callers get results as they are, records hold no secrets. */
async function recorded(connection: RpcConnection, { id }: InvocationRecord): Promise<AgentAnswer> {
  const record = await connection.sendRequest(GetInvocation, { id });
  if (!record) throw new PorchlightError('INVOCATION_UNKNOWN', { id });
  const { function: name, status, startKind, wallMs, error } = record;
  const failure = error ? ` ${error.type}: ${error.message.slice(0, 300)}` : '';
  return {
    text: `${name} ${status}, ${startKind ?? 'not started'}, ${milliseconds(wallMs)}.${failure}`,
    data: recordFacts(record),
  };
}

function asEvent(event: unknown): InvokeParams['event'] {
  return { encoding: 'utf8', data: JSON.stringify(event) };
}

function shortEvent(event: unknown): string {
  const text = JSON.stringify(event);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
