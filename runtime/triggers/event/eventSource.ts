import { randomUUID } from 'node:crypto';
import { sampleOf, triggerEventText } from '../../model/samples/index.ts';
import { refuseOptions } from '../options.ts';
import type { Source, SourceKind, SourceServices, TriggerFacts } from '../source.ts';

/** Triggers of services that do not run here: they are fired by hand, with a sample of what their service sends. */
export const eventSource: SourceKind = {
  kind: 'event',
  read: ({ trigger }) => ({
    problems: [],
    plan: {
      summary: typeof trigger.config['type'] === 'string' ? trigger.config['type'] : 'event',
      enabled: true,
      startsByItself: 'never',
      open: (services) => openEventSource(services),
    },
  }),
};

function openEventSource({ facts, clock, deliver }: SourceServices): Source {
  const sample = sampleOf(facts.trigger, facts.platform.id);
  return {
    state: { text: sample ? `sample: ${sample.title}` : 'an empty event' },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    fire: ({ event, options }) => {
      refuseOptions(facts, options, []);
      const delivered = deliver({
        event: event ?? sampleEvent(facts, clock.epochMs()),
        label: `${facts.trigger.name} by hand`,
        mode: 'async',
      });
      return Promise.resolve({ delivered });
    },
    dispose: () => Promise.resolve(),
  };
}

/** What the trigger's service would send; an empty event when that is not known. */
function sampleEvent({ trigger, definition, platform }: TriggerFacts, now: number): Uint8Array {
  const { region, accountId, name } = definition;
  const facts = { function: name, region, accountId, at: new Date(now), id: randomUUID() };
  return Buffer.from(triggerEventText(trigger, platform.id, facts) ?? '{}');
}
