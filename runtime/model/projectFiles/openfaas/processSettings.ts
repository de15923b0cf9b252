import { durationMs } from '../../goDuration.ts';
import { defaultProcess, type ProcessSettings } from '../../functionDefinition.ts';
import type { LanguageId } from '../../words.ts';

/** Most replicas that run on one machine here, and what each handles at a time when nothing bounds it. */
const most = { replicas: defaultProcess.maxInstances, calls: 1000 } as const;

/** What a function says of its processes: labels of its scaling, and the watchdog's variables. */
export interface ScalingFacts {
  language: LanguageId;
  labels: Readonly<Record<string, string | undefined>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Its program is started for every request. */
  perRequest: boolean;
  /** Its server has a port of its own, on which only one can listen. */
  fixedPort: boolean;
}

/**
 * Process settings of a function: a replica is an instance (OpenFaaS documentation "Autoscaling"; of-watchdog,
 * `max_inflight`).
 */
export function processSettings(facts: ScalingFacts): ProcessSettings {
  const { labels, env, perRequest, fixedPort, language } = facts;
  const inflight = count(env['max_inflight']) ?? 0;
  const label = (name: string) => labels[`com.openfaas.scale.${name}`];
  const replicas = Math.min(count(label('max')) ?? 20, most.replicas);
  const oneByOne = perRequest || language === 'python';
  const limited = inflight > 0;
  // Behind the limit of one replica calls are refused at once.
  const bounds = oneByOne
    ? { concurrency: 1, maxInstances: limited ? inflight : replicas }
    : { concurrency: limited ? inflight : most.calls, maxInstances: limited || fixedPort ? 1 : replicas };
  const zero = label('zero') === 'true';
  const idle = durationMs(label('zero-duration') ?? '15m');
  const kept = Math.min(count(label('min')) ?? 0, bounds.maxInstances);
  return {
    ...defaultProcess,
    ...bounds,
    ...(limited && { queue: 0 }),
    ...(perRequest ? { model: 'ephemeral' as const, freeze: false } : { minInstances: zero ? 0 : kept }),
    ...(zero && idle !== undefined && { idleTimeoutMs: idle }),
    // A container is not stopped between requests.
    freeze: false,
  };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
