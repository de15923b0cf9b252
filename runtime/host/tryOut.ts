import { randomBytes } from 'node:crypto';
import type { Verification, VerifyingEvent } from '../deploy/target.ts';
import type { ServedFunction } from '../deploy/local/servedFunctions.ts';
import { startReaper } from '../instances/reaper.ts';
import { removeTempRoot } from '../instances/tempFolders.ts';
import { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { findLanguage } from '../languages/index.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition, HttpTrigger } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import { readWebResult } from '../model/webMessage.ts';
import { findPlatform } from '../platforms/index.ts';
import { systemClock } from '../support/clock.ts';
import { toDisposable } from '../support/disposable.ts';
import type { Host } from './host.ts';
import { stateFolder } from './hostFile.ts';
import { gatewayEnvironment } from './invokeApi.ts';

/** Longer results are not compared with those of a target. */
const comparedBytes = 64 * 1024;

/**
 * Invokes a function, cold, on an instance that is thrown away, and once more for how long it takes warm; mark and gateway are those of the host that asks:
 * what the function calls while it is tried out are the functions of this machine.
 */
export async function tryOut(
  served: ServedFunction,
  { bytes: event, trigger }: VerifyingEvent,
  { mark, gateway, options }: Pick<Host, 'mark' | 'gateway' | 'options'>,
  signal: AbortSignal,
): Promise<Verification> {
  const { definition, environment, artifact } = served;
  const platform = findPlatform(definition.platform);
  const language = findLanguage(definition.language);
  if (!platform || !language) {
    const detail = `${definition.name} needs ${definition.platform} with ${definition.language}, which this host has not.`;
    throw new PorchlightError('INTERNAL', { detail });
  }
  const ownMark = `${mark}-try-${randomBytes(6).toString('hex')}`;
  const reaper = startReaper(ownMark);
  const search = { offered: platform.offers[language.id] ?? [], stateFolder: stateFolder(options.root) };
  const runtime = new FunctionRuntime({
    definition,
    platform,
    language,
    findInterpreter: () => language.findInterpreter(definition, search),
    environment,
    clock: systemClock,
    reaper,
    mark: ownMark,
    debug: {
      isDebugging: () => false,
      attach: () => Promise.resolve({ declined: 'A version that is tried out is not debugged.' }),
      onDidChange: () => toDisposable(() => {}),
    },
    recording: true,
    prepare: () => Promise.resolve(artifact),
    urls: () => ({ invoke: '', http: [] }),
    gatewayEnvironment: () => gatewayEnvironment(platform, gateway.url, environment, false),
  });
  try {
    signal.throwIfAborted();
    const call = (startKind: 'cold' | 'warm') =>
      runtime.accept({ event, trigger, startKind, signal, label: 'verification' });
    const first = call('cold');
    const { kind, body } = await first.outcome;
    const record = await first.record;
    const { status, startKind, wallMs, phases, error } = record;
    const reached = phases.some(({ name }) => name === 'handler');
    const at = error?.at ? ` (${error.at.file}:${error.at.line}:${error.at.column})` : '';
    // A process that is not kept is never warm.
    const again = status === 'ok' && runtime.pool.slots.some((slot) => slot.artifact !== undefined);
    const warm = again ? await call('warm').record : undefined;
    return {
      answered: reached && (status === 'ok' || status === 'error'),
      status,
      durationMs: wallMs,
      body,
      ...(startKind === undefined ? {} : { startKind }),
      ...(warm?.status === 'ok' ? { warmMs: warm.wallMs } : {}),
      ...(error
        ? {
            error: { type: error.type, message: error.message },
            message: `${error.type}: ${error.message}${at}`,
          }
        : {}),
      ...(kind === 'result' && body.length <= comparedBytes ? { result: resultText(body) } : {}),
    };
  } finally {
    await runtime.dispose('it was only tried out');
    await removeTempRoot(ownMark, process.pid);
    reaper.dispose();
  }
}

/** What callers get to see: of functions that answer requests themselves, the body of the answer. */
function resultText(body: Uint8Array): string {
  return Buffer.from(readWebResult(body)?.body ?? body).toString('utf8');
}

/** An event as the function's first trigger would bring it. */
export function sampleEvent(
  definition: FunctionDefinition,
  platform: Platform,
): { event: Uint8Array; trigger: 'http' | 'event' } {
  const trigger = definition.triggers.find(
    (candidate): candidate is HttpTrigger => candidate.kind === 'http',
  );
  if (!trigger) return { event: Buffer.from('{}'), trigger: 'event' };
  const method = trigger.methods[0] ?? 'GET';
  const body = method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : Buffer.from('{}');
  const pathParameters: Record<string, string> = {};
  const path = trigger.path
    .replace(/\{([^}+]+)\+?\}/g, (_, name: string) => (pathParameters[name] = 'sample'))
    .replace(/\*$/, '');
  const rawHeaders: [string, string][] = [
    ['Host', 'localhost'],
    ['User-Agent', 'porchlight'],
    ['Accept', '*/*'],
  ];
  if (body.length > 0)
    rawHeaders.push(['Content-Type', 'application/json'], ['Content-Length', String(body.length)]);
  const at = new Date();
  const event = platform.httpEvent(
    { method, url: path || '/', rawHeaders, body, remoteAddress: '127.0.0.1', pathParameters },
    trigger,
    definition,
    {
      requestId: platform.newRequestId(),
      trigger: 'http',
      at,
    },
  );
  return { event, trigger: 'http' };
}
