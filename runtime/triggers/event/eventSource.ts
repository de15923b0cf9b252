import type { Source, SourceKind, SourceServices } from '../source.ts';
import { refuseOptions } from '../options.ts';

/** Triggers of services that do not run here: they are fired by hand. */
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

function openEventSource({ facts, deliver }: SourceServices): Source {
  return {
    state: {},
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    fire: ({ event, options }) => {
      refuseOptions(facts, options, []);
      const delivered = deliver({
        event: event ?? Buffer.from('{}'),
        label: `${facts.trigger.name} by hand`,
        mode: 'async',
      });
      return Promise.resolve({ delivered });
    },
    dispose: () => Promise.resolve(),
  };
}
