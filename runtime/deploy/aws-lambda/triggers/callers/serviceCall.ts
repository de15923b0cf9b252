import { PorchlightError } from '../../../../model/errors.ts';
import type { LambdaApi } from '../../lambdaApi.ts';
import { phrase } from '../../../../support/l10n.ts';

/** Services at which callers are set up, by the names of their rights. */
export type CallerService = 'events' | 's3' | 'sns';

const absent = /^(ResourceNotFoundException|NotFound(Exception)?|NoSuchBucket)$/;
/** Another change of the same thing is under way. */
const underWay = /^(ConcurrentModificationException|ConcurrentAccess(Exception)?|OperationAborted)$/;

/** One call. `undefined` when what is asked for is not there. `action` is the name of the right. */
export async function ask<T>(
  api: LambdaApi,
  service: CallerService,
  action: string,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && absent.test(error.name)) return undefined;
    throw refusalOf(api, service, action, error);
  }
}

/**
 * One call that changes something. It is made again while another change is under way, and while `isEarly` says that
 * what it refers to, which was just made, is not known everywhere yet.
 */
export async function alter<T>(
  api: LambdaApi,
  service: CallerService,
  action: string,
  call: () => Promise<T>,
  isEarly: (error: Error) => boolean = () => false,
): Promise<T> {
  let last: unknown;
  const done = await api.poll(async () => {
    try {
      return { value: await call() };
    } catch (error) {
      last = error;
      if (error instanceof Error && (underWay.test(error.name) || isEarly(error))) return undefined;
      throw refusalOf(api, service, action, error);
    }
  });
  if (!done) throw refusalOf(api, service, action, last);
  return done.value;
}

function refusalOf(api: LambdaApi, service: CallerService, action: string, error: unknown): unknown {
  // SNS has a word of its own for a right that is missing.
  if (error instanceof Error && /^AuthorizationError/.test(error.name)) {
    const facts = { service: 'AWS', code: error.name, detail: error.message };
    const remedy = phrase('They need the right {service}:{action}.', { service, action });
    return new PorchlightError('CREDENTIALS_REFUSED', { ...facts, remedy }, { cause: error });
  }
  return api.refusal(action, error, service);
}
