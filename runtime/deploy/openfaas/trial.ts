import { PorchlightError } from '../../model/errors.ts';
import type { FunctionStatus } from './answers.ts';
import { settingsForTrial, type FunctionDeployment } from './deployment.ts';
import type { GatewayApi } from './gatewayApi.ts';
import { provide } from './provide.ts';
import { trialAnnotation } from './record.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** How long a version may take to become ready: its image is fetched first. */
const readyMs = 180_000;
/** How long a function may take to go away: its containers are given time to end. */
const goneMs = 120_000;
/** Lines of a log that say why a version does not become ready. */
const shownLines = 10;

/** The name under which a version is tried beside the one that serves. */
export function trialName(remoteName: string): string {
  return `${remoteName}-next`;
}

/** Whether a function is a trial of another one, rather than somebody's own function. */
export function isTrialOf(status: FunctionStatus, remoteName: string): boolean {
  return status.annotations?.[trialAnnotation] === remoteName;
}

/**
 * Deploys a version under a name of its own, and waits until it is ready. One that an interrupted deploy left goes first:
 * its containers would answer in place of the new ones.
 */
export async function startTrial(
  api: GatewayApi,
  deployment: FunctionDeployment,
  signal: AbortSignal,
): Promise<void> {
  const { service, namespace } = deployment;
  const name = trialName(service);
  await removeTrial(api, service, namespace, signal);
  await gone(api, name, namespace, signal);
  const { labels, annotations, ...settings } = settingsForTrial(deployment);
  const trial = {
    ...deployment,
    ...settings,
    service: name,
    labels,
    annotations: { ...annotations, [trialAnnotation]: service },
  };
  await provide(api, trial, signal);
  await ready(api, trial, signal);
}

/** Takes a trial away; somebody's own function of that name stays. */
export async function removeTrial(
  api: GatewayApi,
  service: string,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const name = trialName(service);
  const there = await api.find(name, namespace, signal);
  if (!there) return;
  if (!isTrialOf(there, service)) {
    const detail = phrase('{name} is another function, and stays. Rename one of them.', { name });
    throw new PorchlightError('TARGET_OBJECTS', { function: service, detail });
  }
  await api.remove(name, namespace, signal);
}

async function gone(
  api: GatewayApi,
  name: string,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const since = Date.now();
  for (let attempt = 0; await api.find(name, namespace, signal); attempt++) {
    if (Date.now() - since > goneMs) {
      const detail = phrase(
        '{name} of an earlier deploy is still going away after {seconds} s. Deploy again later.',
        { name, seconds: goneMs / 1000 },
      );
      throw new PorchlightError('TARGET_OBJECTS', { function: name, detail });
    }
    await api.pause(attempt, signal);
  }
}

async function ready(
  api: GatewayApi,
  { service, namespace }: FunctionDeployment,
  signal: AbortSignal,
): Promise<void> {
  const since = Date.now();
  for (let attempt = 0; ; attempt++) {
    const status = await api.find(service, namespace, signal);
    if ((status?.availableReplicas ?? 0) > 0) return;
    if (Date.now() - since > readyMs) break;
    await api.pause(attempt, signal);
  }
  const said = await lastWords(api, service, namespace);
  const detail = phrase('it was not ready after {seconds} s.{said}', { seconds: readyMs / 1000, said });
  throw new PorchlightError('TARGET_OBJECTS', { function: service, detail });
}

/** What a function that does not become ready has written; nothing where that cannot be read. */
async function lastWords(api: GatewayApi, name: string, namespace: string | undefined): Promise<Phrase> {
  try {
    const lines = await api.logs({ name, namespace, tail: shownLines });
    const texts = lines.map(({ text }) => text).join(' | ');
    return lines.length > 0
      ? phrase(' Its log ends with: {texts}', { texts })
      : phrase(' It has written nothing.');
  } catch (error) {
    // That it is not ready is told in any case; this is why its log is not.
    return phrase(' Its log cannot be read: {problem}', {
      problem: error instanceof Error ? error.message : String(error),
    });
  }
}
