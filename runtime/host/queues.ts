import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  cloudQueueUrl,
  isQueueName,
  queueDefaults,
  type QueueDefinition,
} from '../model/queues/queueDefinition.ts';
import type { FunctionDefinition, OtherTrigger } from '../model/functionDefinition.ts';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { Clock } from '../support/clock.ts';
import { tryHoldLock } from '../support/fileLock.ts';
import { QueueHub } from '../triggers/queue/queueHub.ts';

export interface HostQueuesOptions {
  /** Folder of the journals; absent: messages end with the host. */
  folder?: string;
  clock: Clock;
  say(level: 'info' | 'warn', text: string): void;
}

/** A trigger that brings messages of a queue. */
export interface QueueConsumer {
  function: string;
  trigger: string;
}

/** The queues of a host: those its project declares, those its triggers name, and those that programs made. */
export class HostQueues {
  readonly hub: QueueHub;
  readonly #folder: string | undefined;
  #declared: readonly QueueDefinition[] = [];
  #consumers = new Map<string, QueueConsumer[]>();
  #lock: (() => void) | undefined;

  constructor({ folder, clock, say }: HostQueuesOptions) {
    this.#folder = folder;
    this.hub = new QueueHub({
      clock,
      say,
      ...(folder !== undefined && { folder, claim: () => this.#claim(folder) }),
    });
  }

  /** Those of the project's files. */
  get declared(): readonly QueueDefinition[] {
    return this.#declared;
  }

  /** Whether functions of a platform have queues they may send to. */
  has(platform: string): boolean {
    return this.hub.all.some(({ definition }) => definition.platform === platform);
  }

  consumersOf(name: string): QueueConsumer[] {
    return this.#consumers.get(name) ?? [];
  }

  /** The project says something else now. To be called before its triggers follow. */
  follow(declared: readonly QueueDefinition[], functions: readonly FunctionRuntime[]): void {
    this.#declared = declared;
    this.#consumers = new Map();
    const all = new Map(declared.map((queue) => [queue.name, queue]));
    for (const { definition, platform } of functions) {
      for (const trigger of definition.triggers) {
        if (trigger.kind !== 'queue') continue;
        const read = platform.sources?.queue?.read(trigger as OtherTrigger, definition, declared);
        if (!read?.trigger) continue;
        const { queue: name, topic, settings } = read.trigger;
        const { region, accountId } = definition;
        const consumers = this.#consumers.get(name) ?? [];
        this.#consumers.set(name, [...consumers, { function: definition.name, trigger: trigger.name }]);
        if (!all.has(name)) {
          all.set(name, {
            name,
            platform: platform.id,
            region,
            accountId,
            settings: { ...queueDefaults, ...settings },
            ...(topic !== undefined && { topic }),
            declaredAt: trigger.at ?? definition.declaredAt,
          });
        }
      }
    }
    for (const queue of functions.flatMap(({ definition }) => destinationQueues(definition)))
      if (!all.has(queue.name)) all.set(queue.name, queue);
    for (const queue of [...all.values()]) {
      const target = queue.settings.redrive?.target;
      if (target !== undefined && !all.has(target)) all.set(target, graveOf(queue, target));
    }
    this.hub.declare([...all.values()]);
  }

  /** A value of a function's environment, with the addresses that queues have in the cloud as they are here. */
  localized(value: string, gateway: string): string {
    if (!value.includes('://sqs.')) return value;
    for (const { definition } of this.hub.all) {
      if (value === cloudQueueUrl(definition)) return localUrl(definition, gateway);
    }
    return value;
  }

  close(): void {
    this.hub.close();
    this.#lock?.();
  }

  /** Two hosts of a folder would overwrite each other's journals: the first that writes has them. */
  #claim(folder: string): boolean {
    if (this.#lock) return true;
    mkdirSync(folder, { recursive: true });
    this.#lock = tryHoldLock(join(folder, 'owner.lock'));
    return this.#lock !== undefined;
  }
}

/** Queues that get what came of a function's asynchronous invocations. */
function destinationQueues(definition: FunctionDefinition): QueueDefinition[] {
  const { asyncInvoke = {}, platform, region, accountId, declaredAt } = definition;
  const { onSuccess, onFailure, deadLetters } = asyncInvoke;
  return [onSuccess, onFailure, deadLetters].flatMap((destination) => {
    if (destination?.kind !== 'queue' || !isQueueName(destination.name)) return [];
    const { name } = destination;
    const settings = { ...queueDefaults, fifo: name.endsWith('.fifo') };
    return [{ name, platform, region, accountId, settings, declaredAt }];
  });
}

function graveOf(queue: QueueDefinition, name: string): QueueDefinition {
  const { topic: _topic, ...kept } = queue;
  // The longest time there is: whoever looks for dead letters may be late.
  const settings = { ...queueDefaults, fifo: queue.settings.fifo, retentionMs: 1_209_600_000 };
  return { ...kept, name, settings };
}

/** The address of a queue on the gateway. */
export function localUrl({ accountId, name }: QueueDefinition, gateway: string): string {
  return `${gateway}/${accountId}/${name}`;
}

/** Whether clients of Amazon SQS may use it. */
export function isForSqs({ topic, name }: QueueDefinition): boolean {
  return topic === undefined && isQueueName(name);
}
