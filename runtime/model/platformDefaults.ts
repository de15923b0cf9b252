import { defaultProcess, type ProcessSettings } from './functionDefinition.ts';
import { oneByOneLanguages } from './languages.ts';
import type { ProgramProtocol } from './program.ts';
import { webShape } from './webMessage.ts';
import type { LanguageId, PlatformId } from './words.ts';
import { type Phrase, phrase } from '../support/l10n.ts';

/** What holds for a function of a platform when its file says nothing, and the bounds its cloud sets. */
export interface PlatformDefaults {
  memoryMB: number;
  timeoutMs: number;
  region: string;
  /** Shown in ARNs and contexts; no real account. */
  accountId: string;
  /** The HTTP event shape of triggers of `porchlight.yaml`. */
  httpShape: string;
  /** How programs hear of events. */
  programProtocol: ProgramProtocol;
  memoryBounds: { min: number; max: number; step: number };
  timeoutBounds: { min: number; max: number };
  initTimeoutMs: number;
  /** Invocations that an instance of a built-in runtime may handle at the same time. */
  builtInConcurrency: number;
  /** Names and values of a function's own variables together. */
  environmentBytes: number;
  /** Size of an instance's temporary folder when its file states none. */
  temporaryMB: number;
  /** Longest time a hook may be given. */
  hookBounds: { initializerMs: number; preStopMs: number };
  /** Attempts after the first and age of asynchronous events that a function may ask for; absent: there is no choice. */
  asyncBounds?: { retries: [least: number, most: number]; maxAgeS: [least: number, most: number] };
  /** How its instances live, where that is not as usual. */
  process?: Partial<ProcessSettings>;
}

const defaults: Record<PlatformId, PlatformDefaults> = {
  // Defaults: Serverless Devs fc3 component; bounds: Function Compute quotas.
  'aliyun-fc': {
    memoryMB: 512,
    timeoutMs: 3000,
    region: 'cn-hangzhou',
    accountId: '1234567890123456',
    httpShape: 'fc3',
    programProtocol: 'fc-custom',
    memoryBounds: { min: 128, max: 32_768, step: 64 },
    timeoutBounds: { min: 1000, max: 86_400_000 },
    initTimeoutMs: 300_000,
    // `instanceConcurrency` is for custom runtimes and containers (FC documentation, Node.js runtime).
    builtInConcurrency: 1,
    environmentBytes: 4 * 1024,
    temporaryMB: 512,
    hookBounds: { initializerMs: 300_000, preStopMs: 90_000 },
    asyncBounds: { retries: [0, 8], maxAgeS: [1, 2_592_000] },
  },
  // AWS Lambda quotas; memory and time-out defaults are those of SAM and of CreateFunction.
  'aws-lambda': {
    memoryMB: 128,
    timeoutMs: 3000,
    region: 'us-east-1',
    accountId: '123456789012',
    httpShape: 'http-api',
    programProtocol: 'runtime-api',
    memoryBounds: { min: 128, max: 10_240, step: 1 },
    timeoutBounds: { min: 1000, max: 900_000 },
    initTimeoutMs: 10_000,
    // Only in environments whose runtime is told `AWS_LAMBDA_MAX_CONCURRENCY`; 1 is what a function gets unasked.
    builtInConcurrency: 200,
    environmentBytes: 4 * 1024,
    temporaryMB: 512,
    // Lambda has no hooks of its own; what `porchlight.yaml` gives one is bounded as elsewhere.
    hookBounds: { initializerMs: 300_000, preStopMs: 90_000 },
    asyncBounds: { retries: [0, 2], maxAgeS: [60, 21_600] },
  },
  // Knative Serving, `config-defaults`; a container is given as much memory as it takes unless its file states a limit:
  // 2 GB are what a machine can bear.
  knative: {
    memoryMB: 2048,
    timeoutMs: 300_000,
    region: '',
    accountId: '',
    httpShape: webShape,
    programProtocol: 'cloudevents',
    memoryBounds: { min: 16, max: 1_048_576, step: 1 },
    timeoutBounds: { min: 1000, max: 600_000 },
    // Time in which a revision has to become ready (`progress-deadline`).
    initTimeoutMs: 600_000,
    builtInConcurrency: 1000,
    // A pod's definition as a whole has to fit into the cluster's store, which takes 1.5 MB.
    environmentBytes: 1024 * 1024,
    // None is set; more than this no machine has.
    temporaryMB: 1_048_576,
    hookBounds: { initializerMs: 600_000, preStopMs: 300_000 },
    // Its autoscaler wants 100 requests an instance where nothing limits them, and frees one after its window of a
    // minute (`config-autoscaler`); containers are not frozen.
    process: { concurrency: 100, idleTimeoutMs: 60_000, freeze: false },
  },
  // of-watchdog's `exec_timeout`; a container gets as much memory as it takes unless its file states a limit: 2 GB are
  // what a machine can bear.
  openfaas: {
    memoryMB: 2048,
    timeoutMs: 30_000,
    region: '',
    accountId: '',
    httpShape: webShape,
    programProtocol: 'watchdog-http',
    memoryBounds: { min: 4, max: 1_048_576, step: 1 },
    timeoutBounds: { min: 1, max: 86_400_000 },
    initTimeoutMs: 300_000,
    builtInConcurrency: 1000,
    // A pod's definition as a whole has to fit into the cluster's store, which takes 1.5 MB.
    environmentBytes: 1024 * 1024,
    // None is set; more than this no machine has.
    temporaryMB: 1_048_576,
    hookBounds: { initializerMs: 300_000, preStopMs: 90_000 },
  },
};

/** How instances of a function live when its file says nothing. */
export function usualProcess(platform: PlatformId, language: LanguageId): ProcessSettings {
  const usual = { ...defaultProcess, ...platformDefaults(platform).process };
  return oneByOneLanguages.has(language) ? { ...usual, concurrency: 1 } : usual;
}

/** Platforms a function may follow. */
export const platformIds: PlatformId[] = Object.keys(defaults);

/**
 * The platform of a function that names none: Lambda, because parsed JSON in and a returned value out is what most
 * handlers are written for.
 */
export const defaultPlatform: PlatformId = 'aws-lambda';

/** Defaults and bounds of a platform; those of the default platform for an unknown one. */
export function platformDefaults(platform: PlatformId): PlatformDefaults {
  return defaults[platform] ?? defaults[defaultPlatform]!;
}

/** What is wrong with a memory size on a platform, or undefined. */
export function checkMemory(memoryMB: number, platform: PlatformId): Phrase | undefined {
  const { min, max, step } = platformDefaults(platform).memoryBounds;
  if (memoryMB < min || memoryMB > max || memoryMB % step !== 0) {
    const facts = { memoryMB, platform, min, max, step };
    return step > 1
      ? phrase(
          '{memoryMB} MB is outside of what {platform} accepts: {min} to {max} MB in steps of {step}.',
          facts,
        )
      : phrase('{memoryMB} MB is outside of what {platform} accepts: {min} to {max} MB.', facts);
  }
  return undefined;
}

/** What is wrong with a time-out on a platform, or undefined. */
export function checkTimeout(timeoutMs: number, platform: PlatformId): Phrase | undefined {
  const { min, max } = platformDefaults(platform).timeoutBounds;
  if (timeoutMs < min || timeoutMs > max) {
    return phrase('{timeoutMs} s is outside of what {platform} accepts: {min} to {max} s.', {
      timeoutMs: timeoutMs / 1000,
      platform,
      min: min / 1000,
      max: max / 1000,
    });
  }
  return undefined;
}

/** What is wrong with settings of asynchronous invocations on a platform, or undefined. */
export function checkAsyncInvoke(
  given: { attempts?: number; maxAgeMs?: number } | undefined,
  platform: PlatformId,
): Phrase | undefined {
  if (!given) return undefined;
  const bounds = platformDefaults(platform).asyncBounds;
  if (!bounds)
    return phrase('{platform} has no settings of asynchronous invocations: these count for nothing.', {
      platform,
    });
  const { retries, maxAgeS } = bounds;
  const outside = (value: number | undefined, [least, most]: [number, number]): boolean =>
    value !== undefined && (value < least || value > most);
  if (outside(given.attempts, [retries[0] + 1, retries[1] + 1]))
    return phrase('{given} retries are outside of what {platform} accepts: {retries}.', {
      given: given.attempts! - 1,
      platform,
      retries: retries.join(' to '),
    });
  return outside(given.maxAgeMs, [maxAgeS[0] * 1000, maxAgeS[1] * 1000])
    ? phrase('an age of {given} s is outside of what {platform} accepts: {maxAgeS} s.', {
        given: given.maxAgeMs! / 1000,
        platform,
        maxAgeS: maxAgeS.join(' to '),
      })
    : undefined;
}

/** What is wrong with the times of a function's hooks on its platform, by hook. */
export function checkHooks(definition: {
  platform: PlatformId;
  initializer?: { timeoutMs: number };
  preFreeze?: { timeoutMs: number };
  preStop?: { timeoutMs: number };
}): [hook: 'initializer' | 'preFreeze' | 'preStop', detail: Phrase][] {
  const { platform, initializer, preFreeze, preStop } = definition;
  const { initializerMs, preStopMs } = platformDefaults(platform).hookBounds;
  const given = [
    ['initializer', initializer?.timeoutMs, initializerMs],
    // Its own bound is not published.
    ['preFreeze', preFreeze?.timeoutMs, preStopMs],
    ['preStop', preStop?.timeoutMs, preStopMs],
  ] as const;
  return given.flatMap(([hook, timeoutMs, most]) =>
    timeoutMs !== undefined && timeoutMs > most
      ? [
          [
            hook,
            phrase('{timeoutMs} s is more than {platform} gives a hook: at most {most} s.', {
              timeoutMs: timeoutMs / 1000,
              platform,
              most: most / 1000,
            }),
          ],
        ]
      : [],
  );
}

/** The language behind a cloud's runtime id. */
export function languageOfRuntime(runtime: string): string {
  if (/^nodejs/.test(runtime)) {
    return 'nodejs';
  }
  // Images are not run here.
  if (/^custom-container/.test(runtime)) {
    return 'container';
  }
  // A Go function of Lambda is a program like those of today's `provided` runtimes.
  if (/^(custom|provided|micro-sandbox)|^go1\.x$/.test(runtime)) {
    return 'custom';
  }
  return /^[a-z]+?(?=\d|$)/.exec(runtime)?.[0] ?? 'custom';
}
