import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { Destination } from '../model/asyncInvoke.ts';
import type { AsyncEnd } from '../model/invokeApi.ts';
import type { NewMessage } from '../model/queues/message.ts';
import type { Clock } from '../support/clock.ts';
import type { QueueHub } from '../triggers/queue/queueHub.ts';
import type { AsyncEvent, AsyncInvocations, AsyncSettled } from './asyncInvocations.ts';
import { longestChain } from './callers.ts';
import { retryRules } from './retryRules.ts';
import { phrase } from '../support/l10n.ts';

export interface DestinationsOptions {
  find(name: string): FunctionRuntime | undefined;
  add: AsyncInvocations['add'];
  hub: QueueHub;
  clock: Clock;
  say(level: 'info' | 'warn', text: string): void;
}

/** How much of a record is told when its destination is not on this machine. */
const shownCharacters = 2000;

/** Sends what came of asynchronous events to where their function's file says: queues, topics and functions of this host. */
export class Destinations {
  readonly #options: DestinationsOptions;

  constructor(options: DestinationsOptions) {
    this.#options = options;
  }

  /** Never throws: what cannot be sent is told. */
  settle(event: AsyncEvent, { condition, attempts, last }: AsyncSettled): void {
    const { find, clock } = this.#options;
    const fn = find(event.function);
    const settings = fn?.definition.asyncInvoke;
    const api = fn?.platform.invokeApi;
    if (!fn || !settings || !api) return;
    const end: AsyncEnd = {
      requestId: event.requestId,
      definition: fn.definition,
      condition,
      attempts,
      event: event.event,
      now: clock.epochMs(),
      ...(last && { last }),
    };
    const destination = condition === 'success' ? settings.onSuccess : settings.onFailure;
    if (destination && api.destinationRecord)
      this.#send(event, end, destination, { body: JSON.stringify(api.destinationRecord(end)) });
    const { deadLetters } = settings;
    if (condition !== 'success' && deadLetters && api.deadLetter)
      this.#send(event, end, deadLetters, api.deadLetter(end));
  }

  #send(event: AsyncEvent, end: AsyncEnd, destination: Destination, message: NewMessage): void {
    try {
      if (this.#reaches(event, end, destination, message)) return;
      const { stated } = destination;
      const shown = message.body.slice(0, shownCharacters);
      this.#options.say(
        'info',
        `What came of the asynchronous event of ${event.function} (request ${event.requestId}) goes to ${stated} in the cloud, which is not on this machine: ${shown}`,
      );
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#options.say(
        'warn',
        `What came of the asynchronous event of ${event.function} (request ${event.requestId}) was not sent to ${destination.stated}: ${detail}`,
      );
    }
  }

  /** Whether the destination is here, and got it. Throws when it did not take it. */
  #reaches(event: AsyncEvent, end: AsyncEnd, { kind, name }: Destination, message: NewMessage): boolean {
    const { hub } = this.#options;
    if (kind === 'function') return this.#invoke(event, end, name, message.body);
    const targets =
      kind === 'queue'
        ? [hub.find(name)].flatMap((live) => live ?? [])
        : kind === 'topic'
          ? hub.all.filter(({ definition }) => definition.topic === name)
          : [];
    for (const live of targets) {
      if (live.definition.settings.fifo)
        throw new Error('a FIFO queue is no destination: it needs a message group.');
      live.queue.send(end.now, message);
    }
    return targets.length > 0;
  }

  #invoke(event: AsyncEvent, end: AsyncEnd, name: string, body: string): boolean {
    const fn = this.#options.find(name);
    const rules = fn && retryRules(fn);
    if (!fn || !rules) return false;
    const depth = (event.caller.depth ?? 1) + 1;
    if (depth > longestChain)
      throw new Error(`it would be number ${depth} in a chain of functions; ${longestChain} are allowed.`);
    const parent = end.last?.record.id;
    const taken = this.#options.add({
      function: name,
      requestId: fn.platform.newRequestId(),
      event: Buffer.from(body),
      call: {
        facts: {},
        notes: [
          phrase('What came of request {request} of {function}.', {
            request: event.requestId,
            function: event.function,
          }),
        ],
      },
      caller: { depth, ...(parent !== undefined && { parent }) },
      rules,
    });
    if (taken !== 'taken') throw new Error('too many asynchronous events wait.');
    return true;
  }
}
