import type * as v from 'valibot';
import { defaultPlatform, platformDefaults } from '../platformDefaults.ts';
import {
  isQueueName,
  queueBounds,
  queueDefaults,
  type QueueDefinition,
  type QueueSettings,
} from '../queues/queueDefinition.ts';
import { parseDuration } from '../units.ts';
import { checkSettings } from './checkSettings.ts';
import { queueSettings } from './porchlightSchema.ts';
import type { ProblemList } from './problemList.ts';
import { entriesOf, rangeOf, type Tree } from './tree.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

type Settings = v.InferInput<typeof queueSettings>;

/** Durations of a queue: which setting each is, and its bounds in seconds. */
const durations = {
  visibilityTimeout: { setting: 'visibilityTimeoutMs', bounds: queueBounds.VisibilityTimeout },
  delay: { setting: 'delayMs', bounds: queueBounds.DelaySeconds },
  retention: { setting: 'retentionMs', bounds: queueBounds.MessageRetentionPeriod },
  receiveWait: { setting: 'receiveWaitMs', bounds: queueBounds.ReceiveMessageWaitTimeSeconds },
} as const;

/** The queues that `porchlight.yaml` declares. */
export function readQueues(tree: Tree | undefined, problems: ProblemList): QueueDefinition[] {
  return entriesOf(tree).flatMap(([name, given, key]) => {
    const path = `queues.${name}`;
    if (!isQueueName(name)) {
      const detail = phrase(
        'expected a name of at most 80 letters, digits, - and _, with .fifo at the end or without.',
      );
      problems.add('error', 'SETTING_INVALID', { path, detail }, key);
      return [];
    }
    const empty = given.kind === 'scalar' && given.value === null;
    const settingsTree: Tree = empty ? { kind: 'map', range: given.range, entries: new Map() } : given;
    const settings = checkSettings(queueSettings, settingsTree, path, problems);
    if (!settings) return [];
    const platform = settings.platform ?? defaultPlatform;
    const { region, accountId } = platformDefaults(platform);
    const read = readSettings(settings, name, (setting, detail) =>
      problems.add(
        'error',
        'SETTING_INVALID',
        { path: `${path}.${setting}`, detail },
        rangeOf(settingsTree, [setting]),
      ),
    );
    return [
      { name, platform, region, accountId, settings: read, declaredAt: problems.positionOf(key.start) },
    ];
  });
}

function readSettings(
  given: Settings,
  name: string,
  refuse: (setting: string, detail: string | Phrase) => void,
): QueueSettings {
  const settings: QueueSettings = {
    ...queueDefaults,
    fifo: name.endsWith('.fifo'),
    contentBasedDeduplication: given.contentBasedDeduplication ?? queueDefaults.contentBasedDeduplication,
    deduplicationScope: given.deduplicationScope ?? queueDefaults.deduplicationScope,
  };
  for (const [key, { setting, bounds }] of Object.entries(durations)) {
    const stated = given[key as keyof typeof durations];
    const ms = stated === undefined ? undefined : parseDuration(stated);
    if (ms === undefined) continue;
    if (ms >= bounds.min * 1000 && ms <= bounds.max * 1000) settings[setting] = ms;
    else refuse(key, phrase('expected {min} to {max} seconds.', { min: bounds.min, max: bounds.max }));
  }
  if (given.deadLetters) {
    const { queue, afterReceives } = given.deadLetters;
    if (!isQueueName(queue) || queue === name)
      refuse('deadLetters', phrase('expected the name of another queue.'));
    else if (queue.endsWith('.fifo') !== settings.fifo)
      refuse('deadLetters', phrase('expected a queue of the same type, FIFO or standard.'));
    else settings.redrive = { target: queue, maxReceiveCount: afterReceives };
  }
  return settings;
}
