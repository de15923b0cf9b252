import { randomUUID } from 'node:crypto';
import { PorchlightError } from '../../model/errors.ts';
import type { NewMessage } from '../../model/queues/message.ts';
import type { QueueTrigger } from '../../model/queues/queueContract.ts';
import type { QueueDefinition } from '../../model/queues/queueDefinition.ts';
import type { Disposable } from '../../support/disposable.ts';
import type { Clock } from '../../support/clock.ts';
import { refuseOptions } from '../options.ts';
import type { FireCall, Fired, Source, SourceKind, SourceServices, SourceState } from '../source.ts';
import { Consumer } from './consumer.ts';
import { QueueFull } from './embeddedQueue.ts';
import type { LiveQueue } from './liveQueue.ts';
import type { QueueHub } from './queueHub.ts';

/** What sources of queues share. */
export interface QueueSources {
  /** All queues of the host. */
  readonly hub: QueueHub;
  /** Queues the project declares. */
  readonly declared: readonly QueueDefinition[];
}

/** Triggers that bring messages of queues. */
export function queueSource(shared: QueueSources): SourceKind {
  return {
    kind: 'queue',
    read({ trigger, definition, platform }) {
      const contract = platform.sources?.queue;
      const read = contract?.read(trigger, definition, shared.declared);
      if (!read?.trigger) return { problems: read?.problems ?? [] };
      const { trigger: understood, problems } = read;
      return {
        problems,
        plan: {
          summary: understood.summary,
          enabled: understood.enabled,
          // Messages are there only because somebody sent them.
          startsByItself: true,
          open: (services) => new QueueTriggerSource(shared.hub, understood, services),
        },
      };
    },
  };
}

class QueueTriggerSource implements Source {
  readonly #hub: QueueHub;
  readonly #trigger: QueueTrigger;
  readonly #services: SourceServices;
  readonly #clock: Clock;
  readonly #consumer: Consumer;
  readonly #changes: Disposable;

  constructor(hub: QueueHub, trigger: QueueTrigger, services: SourceServices) {
    this.#hub = hub;
    this.#trigger = trigger;
    this.#services = services;
    this.#clock = services.clock;
    const queue = () => hub.find(trigger.queue);
    this.#consumer = new Consumer({ queue, trigger, services, clock: services.clock });
    this.#changes = hub.onDidChange((changed) => {
      const { redrive } = queue()?.definition.settings ?? {};
      if (changed && changed.name !== trigger.queue && changed.name !== redrive?.target) return;
      this.#consumer.pump();
      services.changed();
    });
  }

  get state(): SourceState {
    const live = this.#hub.find(this.#trigger.queue);
    if (!live) return { waiting: 0 };
    const now = this.#clock.epochMs();
    const { waiting, inFlight, delayed } = live.queue.counts(now);
    const dead = this.#dead(live)?.length ?? 0;
    const parts = [
      ...(inFlight > 0 ? [`${inFlight} in flight`] : []),
      ...(delayed > 0 ? [`${delayed} delayed`] : []),
      ...(dead > 0 ? [`${dead} dead`] : []),
    ];
    const { redrive } = live.definition.settings;
    return {
      text: [waiting === 0 ? 'nothing waits' : `${waiting} waiting`, ...parts].join(', '),
      waiting,
      ...(redrive && {
        details: [
          {
            label: 'Dead letters',
            text: `after ${redrive.maxReceiveCount} receives to ${redrive.target}, ${dead} there`,
          },
        ],
      }),
    };
  }

  start(): Promise<void> {
    this.#consumer.start();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#consumer.stop();
    return Promise.resolve();
  }

  /** Sends the event as a message and brings it, or brings what waits. */
  fire({ event, options }: FireCall): Promise<Fired> {
    refuseOptions(this.#services.facts, options, ['group', 'tag']);
    const live = this.#hub.find(this.#trigger.queue);
    if (!live) throw this.#error('its queue is not there.');
    const id = event && this.#send(live, event, options);
    const delivered = this.#consumer.bringNow(id);
    if (delivered) return Promise.resolve({ delivered });
    if (id === undefined) throw this.#error('nothing waits in its queue; give a message to send.');
    return Promise.resolve({ text: `The message ${id} was sent to ${this.#trigger.queue} and waits there.` });
  }

  dispose(): Promise<void> {
    this.#consumer.stop();
    this.#changes.dispose();
    return Promise.resolve();
  }

  #send(live: LiveQueue, event: Uint8Array, { group, tag }: Readonly<Record<string, string>>): string {
    const message: NewMessage = {
      body: Buffer.from(event).toString('utf8'),
      delayMs: 0,
      ...(live.definition.settings.fifo && {
        groupId: group ?? 'by-hand',
        deduplicationId: randomUUID(),
      }),
      ...(!live.definition.settings.fifo && group !== undefined && { groupId: group }),
      ...(tag !== undefined && { tag }),
    };
    this.#consumer.hold(true);
    try {
      return live.queue.send(this.#clock.epochMs(), message).id;
    } catch (error) {
      if (error instanceof QueueFull) throw this.#error(error.message);
      throw error;
    } finally {
      this.#consumer.hold(false);
    }
  }

  #dead(live: LiveQueue) {
    const { redrive } = live.definition.settings;
    return redrive && this.#hub.find(redrive.target)?.queue.messages;
  }

  #error(detail: string): PorchlightError {
    const { trigger, definition } = this.#services.facts;
    const facts = { trigger: trigger.name, function: definition.name, detail };
    return new PorchlightError('TRIGGER_ACTION', facts);
  }
}
