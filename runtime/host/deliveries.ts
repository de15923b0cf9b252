import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { PorchlightError } from '../model/errors.ts';
import type { OtherTrigger } from '../model/functionDefinition.ts';
import type { Delivered, Delivery, DeliveryEnd, DeliveryResult } from '../triggers/source.ts';
import { Deferred } from '../support/deferred.ts';
import type { AsyncInvocations } from './asyncInvocations.ts';
import { retryRules } from './retryRules.ts';
import { phrase } from '../support/l10n.ts';

export interface DeliveriesOptions {
  /** The function of this name as it is now. Throws when there is none. */
  get(name: string): FunctionRuntime;
  async: AsyncInvocations;
  /** Whether failed attempts are repeated: a host that ends with its command cannot wait for them. */
  repeats: boolean;
}

/** Hands events of triggers to their functions: as asynchronous invocations of the platform, or once. */
export class Deliveries {
  readonly #options: DeliveriesOptions;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Throws a `PorchlightError` when the event is not taken. */
  deliver(name: string, trigger: Pick<OtherTrigger, 'kind' | 'name'>, delivery: Delivery): Delivered {
    const fn = this.#options.get(name);
    const rules = retryRules(fn);
    if (delivery.mode === 'once' || !rules || !this.#options.repeats) return once(fn, trigger, delivery);
    const first = new Deferred<DeliveryResult | undefined>();
    const ended = new Deferred<DeliveryEnd>();
    let last: DeliveryResult | undefined;
    const { event, label, call = {}, notes = [] } = delivery;
    const taken = this.#options.async.add({
      function: name,
      requestId: fn.platform.newRequestId(),
      event,
      call: { facts: call, notes },
      caller: {},
      rules,
      source: { ...trigger, label },
      onAttempt(result) {
        last = result;
        first.resolve(result);
      },
      onEnd(end) {
        first.resolve(last);
        ended.resolve({ ...end, ...(last && { last }) });
      },
    });
    if (taken !== 'taken') {
      const detail = phrase('too many events wait for another attempt.');
      throw new PorchlightError('DELIVERY_REFUSED', { function: name, detail });
    }
    return { first: first.promise, ended: ended.promise };
  }
}

function once(
  fn: FunctionRuntime,
  { kind, name }: Pick<OtherTrigger, 'kind' | 'name'>,
  { event, label, attempt, call, notes, signal }: Delivery,
): Delivered {
  const accepted = fn.accept({
    event,
    trigger: kind,
    triggerName: name,
    label,
    ...(attempt && { attempt }),
    ...(call && { call }),
    ...(notes && { notes }),
    ...(signal && { signal }),
  });
  const first = Promise.all([accepted.record, accepted.outcome]).then(([record, outcome]) => ({
    record,
    outcome,
  }));
  const ended = first.then((last): DeliveryEnd => ({ status: last.record.status, attempts: 1, last }));
  return { first, ended };
}
