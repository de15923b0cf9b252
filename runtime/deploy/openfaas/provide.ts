import { randomUUID } from 'node:crypto';
import { PorchlightError } from '../../model/errors.ts';
import type { FunctionDeployment } from './deployment.ts';
import type { GatewayApi } from './gatewayApi.ts';
import { GatewayRefusal } from './refusal.ts';
import { markAnnotation } from './record.ts';
import { phrase } from '../../support/l10n.ts';

const attempts = 6;

/**
 * Makes a function, or changes it. What came of it is looked up, whatever was answered: an answer may be lost, and the
 * community edition answers 200 to changes that it does not make (openfaas/faas-netes, `MakeUpdateHandler`).
 */
export async function provide(
  api: GatewayApi,
  deployment: FunctionDeployment,
  signal?: AbortSignal,
): Promise<void> {
  const { service, namespace, image } = deployment;
  const mark = randomUUID().slice(0, 8);
  const marked = { ...deployment, annotations: { ...deployment.annotations, [markAnnotation]: mark } };
  let there = await api.find(service, namespace, signal);
  for (let attempt = 0; ; attempt++) {
    let failure: Error | undefined;
    try {
      await api.put(marked, there !== undefined, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      failure = error;
    }
    there = await api.find(service, namespace, signal);
    if (there?.image === image && there.annotations?.[markAnnotation] === mark) return;
    if (attempt + 1 >= attempts || (failure !== undefined && !isPassing(failure))) {
      throw failure ?? notTaken(service);
    }
    await api.pause(attempt, signal);
  }
}

/** Whether the same may do better later: nobody answered, or a gateway that is not well. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof PorchlightError)) return false;
  return error.code === 'CLOUD_UNREACHABLE' || (error.cause instanceof GatewayRefusal && error.cause.passing);
}

function notTaken(service: string): PorchlightError {
  const detail = phrase(
    'the gateway said that it changed the function, and did not. Look at the log of the gateway; the community edition takes public images only.',
  );
  return new PorchlightError('TARGET_OBJECTS', { function: service, detail });
}
