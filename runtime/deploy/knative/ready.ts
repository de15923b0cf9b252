import { PorchlightError } from '../../model/errors.ts';
import { conditionOf, type Condition, type KnativeService } from './objects.ts';
import type { ServiceApi } from './serviceApi.ts';
import { withTexts, phrase, say, type Phrase } from '../../support/l10n.ts';

/** Knative gives a revision 600 s to become ready (`progress-deadline`). */
const revisionMs = 630_000;
/** Routes follow within seconds. */
const routesMs = 120_000;
/** A condition that is bad may pass: it has to be so as often as this in a row. */
const badLooks = 3;

/** Waits until a revision is ready. When it does not become so, the error has the cluster's own words. */
export async function revisionReady(api: ServiceApi, name: string, signal: AbortSignal): Promise<void> {
  await waitFor(api, revisionMs, signal, async () => {
    const revision = await api.findRevision(name, signal);
    const ready = revision && conditionOf(revision, 'Ready');
    if (ready?.status === 'True') return { done: true };
    const bad = revision && ready?.status === 'False' ? wordsOf(revision, ready) : undefined;
    const now = ready && ready.status !== 'False' ? (ready.message ?? ready.reason) : undefined;
    return {
      bad,
      waiting: now
        ? phrase('{name} is not ready: {now}', { name, now })
        : phrase('{name} is not ready', { name }),
    };
  });
}

/** Waits until requests go where the service says; `tag`: until that has an address, which it gives. */
export async function routesReady(
  api: ServiceApi,
  name: string,
  { tag, patienceMs = routesMs, signal }: { tag?: string; patienceMs?: number; signal?: AbortSignal } = {},
): Promise<{ service: KnativeService; url?: string | undefined }> {
  let service: KnativeService | undefined;
  let url: string | undefined;
  await waitFor(api, patienceMs, signal, async () => {
    service = await api.find(name, signal);
    const { status, metadata } = service ?? {};
    const current = status !== undefined && (status.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
    const routes = service && conditionOf(service, 'RoutesReady');
    url = status?.traffic?.find((target) => target.tag === tag)?.url;
    if (current && routes?.status === 'True' && (tag === undefined || url !== undefined))
      return { done: true };
    const bad = current && service && routes?.status === 'False' ? wordsOf(service, routes) : undefined;
    return { bad, waiting: phrase('the routes of {name} are not ready', { name }) };
  });
  return { service: service!, url };
}

interface Look {
  done?: boolean;
  bad?: string | Phrase | undefined;
  waiting?: Phrase;
}

async function waitFor(
  api: ServiceApi,
  patienceMs: number,
  signal: AbortSignal | undefined,
  look: () => Promise<Look>,
): Promise<void> {
  const since = Date.now();
  const refuse = (code: string, said: string | Phrase): never => {
    const detail = withTexts(/[.!?]$/.test(say(said)) ? said : phrase('{text}.', { text: said }), (text) =>
      api.kube.hide(text),
    );
    const action = phrase('the change');
    throw new PorchlightError('CLOUD_REFUSED', { service: 'Knative', action, code, detail });
  };
  for (let attempt = 1, bad = 0; ; attempt++) {
    signal?.throwIfAborted();
    const seen = await look();
    if (seen.done) return;
    bad = seen.bad === undefined ? 0 : bad + 1;
    if (seen.bad !== undefined && bad >= badLooks) refuse('Failed', seen.bad);
    if (Date.now() - since > patienceMs)
      refuse(
        'Timeout',
        phrase('{waiting} after {seconds} s. A later deploy completes it.', {
          waiting: seen.waiting,
          seconds: patienceMs / 1000,
        }),
      );
    await api.kube.pause(Math.min(attempt, 4), signal);
  }
}

/** What is wrong, in the words of the condition that knows best: "Ready" repeats it, or says less. */
function wordsOf(object: Pick<KnativeService, 'status'>, ready: Condition): string | Phrase {
  const told = [ready, ...(object.status?.conditions ?? [])].find(
    ({ status, message }) => status === 'False' && message,
  );
  const { reason = ready.reason ?? 'Failed', message } = told ?? {};
  if (message === undefined) return phrase('{reason}: no reason was given.', { reason });
  return `${reason}: ${message.trim().slice(0, 2000)}`;
}
