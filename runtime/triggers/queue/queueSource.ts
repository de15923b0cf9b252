import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { PorchlightError } from '../../model/errors.ts';
import type { NewMessage } from '../../model/queues/message.ts';
import type { QueueTrigger } from '../../model/queues/queueContract.ts';
import type { QueueDefinition } from '../../model/queues/queueDefinition.ts';
import type { Disposable } from '../../support/disposable.ts';
import type { Clock } from '../../support/clock.ts';
import { refuseOptions } from '../options.ts';
import { checkedMessage } from './sqs/checkedMessage.ts';
import type {
  FireCall,
  Fired,
  Source,
  SourceAction,
  SourceKind,
  SourceServices,
  SourceState,
} from '../source.ts';
import { Consumer } from './consumer.ts';
import { QueueFull } from './embeddedQueue.ts';
import type { LiveQueue } from './liveQueue.ts';
import type { QueueHub } from './queueHub.ts';
import { listed, phrase, say, type Phrase } from '../../support/l10n.ts';

const messageByHand = v.object({
  body: v.string(),
  attributes: v.optional(v.record(v.string(), v.string())),
  group: v.optional(v.string()),
  deduplicationId: v.optional(v.string()),
  delaySeconds: v.optional(v.number()),
  tag: v.optional(v.string()),
});

function messages(count: number): Phrase {
  return count === 1 ? phrase('1 message') : phrase('{count} messages', { count });
}

function deadLetters(count: number): Phrase {
  return count === 1 ? phrase('1 dead letter') : phrase('{count} dead letters', { count });
}

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
      ...(inFlight > 0 ? [phrase('{count} in flight', { count: inFlight })] : []),
      ...(delayed > 0 ? [phrase('{count} delayed', { count: delayed })] : []),
      ...(dead > 0 ? [deadLetters(dead)] : []),
    ];
    const first = waiting === 0 ? phrase('nothing waits') : phrase('{count} waiting', { count: waiting });
    const { redrive } = live.definition.settings;
    const actions = this.#actions(live, dead);
    return {
      ...(actions.length > 0 && { actions }),
      text: listed([first, ...parts]),
      waiting,
      ...(dead > 0 && { dead }),
      ...(redrive && {
        details: [
          {
            label: phrase('Dead letters'),
            ...(dead > 0 && { warns: true }),
            text: phrase('{count} in {queue} (moved there after {receives})', {
              count: dead === 0 ? phrase('none') : dead,
              queue: redrive.target,
              receives:
                redrive.maxReceiveCount === 1
                  ? phrase('1 receive')
                  : phrase('{count} receives', { count: redrive.maxReceiveCount }),
            }),
          },
        ],
      }),
    };
  }

  #actions({ queue }: LiveQueue, dead: number): SourceAction[] {
    const held = queue.messages.length;
    const name = this.#trigger.topic ?? this.#trigger.queue;
    return [
      ...(dead > 0
        ? [{ id: 'redrive', title: phrase('Move {what} back', { what: deadLetters(dead) }) }]
        : []),
      ...(held > 0
        ? [
            {
              id: 'purge',
              title: phrase('Purge'),
              confirm: phrase('Remove {what} of {queue}?', { what: messages(held), queue: name }),
            },
          ]
        : []),
    ];
  }

  /** `send` takes what `checkedMessage` does; `purge` and `redrive` take nothing. */
  act(action: string, argument: unknown): Promise<unknown> {
    const live = this.#hub.find(this.#trigger.queue);
    if (!live) throw this.#error(phrase('its queue is not there.'));
    const { redrive } = live.definition.settings;
    const grave = redrive && this.#hub.find(redrive.target);
    if (action === 'purge') {
      const removed = live.queue.messages.length;
      live.queue.purge();
      return Promise.resolve(`${say(messages(removed))} removed`);
    }
    if (action === 'redrive' && grave)
      return Promise.resolve(`${say(messages(this.#hub.redrive(grave, live)))} moved back`);
    if (action !== 'send') throw this.#error(phrase('it has no action "{action}" now.', { action }));
    const given = v.safeParse(messageByHand, argument);
    if (!given.success) throw this.#error(phrase('a message has a body, as text.'));
    const message = checkedMessage({ ...given.output, queue: live.name }, live.definition.settings);
    const { id, repeated } = this.#sendChecked(live, message);
    return Promise.resolve(repeated ? `the queue knows this message already` : `message ${id} sent`);
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
    if (!live) throw this.#error(phrase('its queue is not there.'));
    const id = event && this.#send(live, event, options);
    const delivered = this.#consumer.bringNow(id);
    if (delivered) return Promise.resolve({ delivered });
    if (id === undefined) throw this.#error(phrase('nothing waits in its queue; give a message to send.'));
    return Promise.resolve({
      text: phrase('The message {id} was sent to {queue} and waits there.', {
        id,
        queue: this.#trigger.queue,
      }),
    });
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
      return this.#sendChecked(live, message).id;
    } finally {
      this.#consumer.hold(false);
    }
  }

  #sendChecked(live: LiveQueue, message: NewMessage) {
    try {
      return live.queue.send(this.#clock.epochMs(), message);
    } catch (error) {
      if (error instanceof QueueFull) throw this.#error(error.message);
      throw error;
    }
  }

  #dead(live: LiveQueue) {
    const { redrive } = live.definition.settings;
    return redrive && this.#hub.find(redrive.target)?.queue.messages;
  }

  #error(detail: string | Phrase): PorchlightError {
    const { trigger, definition } = this.#services.facts;
    const facts = { trigger: trigger.name, function: definition.name, detail };
    return new PorchlightError('TRIGGER_ACTION', facts);
  }
}
