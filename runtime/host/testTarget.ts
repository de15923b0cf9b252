import { readFile, stat } from 'node:fs/promises';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { Accepted } from '../invocations/functionRuntimeOptions.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition, HttpTrigger } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import type { SavedInput } from '../model/testing/savedEvent.ts';
import type { StartKind } from '../model/words.ts';
import type { Invoked, TestTarget } from '../testing/runTest.ts';
import { createRouter, type RouteMatch } from '../triggers/http/router.ts';

type HttpInput = Extract<SavedInput, { kind: 'http' }>;

/** A function as its tests see it. `definitions` are those of all functions: they share the gateway's paths. */
export function testTarget(
  runtime: FunctionRuntime,
  input: SavedInput,
  definitions: FunctionDefinition[],
  signal: AbortSignal,
): TestTarget {
  return {
    ephemeral: runtime.pool.settings.model === 'ephemeral',
    redact: (text) => runtime.redact(text),
    async invoke(startKind, label) {
      // A build is no part of a cold start. When it fails, the invocation says so.
      await runtime.prepareArtifact().catch(() => {});
      if (startKind === 'warm' && !runtime.pool.slots.some((slot) => slot.artifact !== undefined)) {
        throw new PorchlightError('START_KIND_UNAVAILABLE', { name: runtime.definition.name });
      }
      const start = { label, signal, startKind };
      if (input.kind === 'http') return request(runtime, input, definitions, start);
      const event = await eventOf(input, runtime.platform.limits.requestBytes);
      const accepted = runtime.accept({ event, trigger: 'event', ...start });
      return { body: (await accepted.outcome).body, record: await accepted.record };
    },
  };
}

/** The bytes of an event that is no request. */
export async function eventOf(input: Exclude<SavedInput, HttpInput>, limit: number): Promise<Uint8Array> {
  if (input.kind === 'event') return Buffer.from(input.text);
  const { path: file, at } = input;
  try {
    const { size } = await stat(file);
    if (size > limit) throw new PorchlightError('EVENT_TOO_LARGE', { bytes: size, limit });
    return await readFile(file);
  } catch (error) {
    if (error instanceof PorchlightError) throw error;
    const detail = `${(error as NodeJS.ErrnoException).code ?? String(error)}, named at ${at.file}:${at.line}.`;
    throw new PorchlightError('FILE_UNREADABLE', { file, detail }, { cause: error });
  }
}

/** As the gateway would, without the way over a socket: a start kind can be forced, and the record is known. */
async function request(
  runtime: FunctionRuntime,
  input: HttpInput,
  definitions: FunctionDefinition[],
  start: { label: string; signal: AbortSignal; startKind: StartKind | undefined },
): Promise<Invoked> {
  const { platform, definition, clock } = runtime;
  const id = platform.newRequestId();
  const facts = { requestId: id, trigger: 'http', at: new Date(clock.epochMs()) } as const;
  const { event, trigger } = requestEvent(input, { definition, definitions, platform }, facts);
  const accepted: Accepted = runtime.accept({ id, event, trigger: 'http', ...start });
  const outcome = await accepted.outcome;
  const throttled = outcome.kind === 'error' && outcome.error.type === 'Throttled';
  const answer = throttled
    ? platform.throttled()
    : platform.httpResponse(outcome, trigger, { requestId: id });
  return { body: outcome.body, answer, record: await accepted.record };
}

/** A saved request as the event that the trigger makes of it. */
export function requestEvent(
  { method, path, headers, body }: HttpInput,
  to: { definition: FunctionDefinition; definitions: FunctionDefinition[]; platform: Platform },
  facts: Parameters<Platform['httpEvent']>[3],
): { event: Uint8Array; trigger: HttpTrigger } {
  const { trigger, pathParameters } = routeOf(to.definition, to.definitions, method, path);
  const bytes = Buffer.from(body);
  const message = {
    method,
    url: path,
    rawHeaders: withUsualHeaders(headers, bytes, /^\s*[[{"]/.test(body)),
    body: bytes,
    remoteAddress: '127.0.0.1',
    pathParameters,
  };
  return { event: to.platform.httpEvent(message, trigger, to.definition, facts), trigger };
}

function routeOf(
  { name }: FunctionDefinition,
  definitions: FunctionDefinition[],
  method: string,
  url: string,
): RouteMatch {
  const router = createRouter();
  router.setFunctions(definitions);
  const path = url.split('?', 1)[0]!;
  const match = router.match(method, path);
  if (match?.function === name) return match;
  const allowed = router.allowedMethods(path);
  const detail = match
    ? `${method} ${path} is answered by ${match.function}, not by ${name}.`
    : allowed.length > 0
      ? `${path} takes ${allowed.join(', ')}, not ${method}.`
      : `Nothing answers ${path}. HTTP triggers: ${router.describe().join('; ') || 'none'}.`;
  throw new PorchlightError('USAGE', { detail: `${detail} Correct the request of this event.` });
}

function withUsualHeaders(
  given: Record<string, string>,
  body: Uint8Array,
  json: boolean,
): [string, string][] {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const usual: [string, string][] = [
    ['Host', 'localhost'],
    ['User-Agent', 'porchlight-test'],
    ['Accept', '*/*'],
  ];
  if (body.byteLength > 0) {
    if (json) usual.push(['Content-Type', 'application/json']);
    usual.push(['Content-Length', String(body.byteLength)]);
  }
  return [...usual.filter(([name]) => !names.has(name.toLowerCase())), ...Object.entries(given)];
}
