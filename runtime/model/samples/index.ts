import { PorchlightError } from '../errors.ts';
import type { OtherTrigger } from '../functionDefinition.ts';
import { nearest } from '../nearest.ts';
import { aliyunFcSamples } from './aliyunFc.ts';
import { aliyunFcStreamSamples } from './aliyunFcStreams.ts';
import { awsHttpSamples } from './awsHttp.ts';
import { awsMessageSamples } from './awsMessages.ts';
import { awsServiceSamples } from './awsServices.ts';
import { cloudEventSamples } from './cloudEvents.ts';
import type { Sample, SampleFacts } from './sample.ts';

export type { Sample, SampleFacts } from './sample.ts';

/** Every sample, by platform. */
export const samples: readonly Sample[] = [
  ...aliyunFcSamples,
  ...aliyunFcStreamSamples,
  ...awsHttpSamples,
  ...awsMessageSamples,
  ...awsServiceSamples,
  ...cloudEventSamples,
];

/** Samples that a function of a platform may get; all when none is named. */
export function samplesFor(platform: string | undefined): readonly Sample[] {
  if (platform === undefined) return samples;
  return samples.filter((each) => each.platform === platform || each.platform === 'cloudevents');
}

/** The sample of a kind; of several platforms that have it, the first. Throws `SAMPLE_UNKNOWN`. */
export function findSample(kind: string, platform?: string): Sample {
  const offered = samplesFor(platform);
  const found = offered.find((each) => each.kind === kind);
  if (found) return found;
  const near = nearest(
    kind,
    offered.map((each) => each.kind),
  );
  throw new PorchlightError('SAMPLE_UNKNOWN', { kind, platform, nearest: near });
}

/** The sample that a trigger's service would send. */
export function sampleOf({ kind, config }: OtherTrigger, platform: string): Sample | undefined {
  const { type } = config;
  const named = samples.find((each) => each.platform === platform && each.types?.includes(String(type)));
  if (named || type !== undefined) return named;
  // Of porchlight.yaml, which says only the kind.
  const usual: Partial<Record<string, string[]>> = {
    timer: ['timer', 'schedule'],
    storage: ['oss', 's3-put'],
    queue: ['mns-topic', 'sqs'],
  };
  return samples.find((each) => each.platform === platform && usual[kind]?.includes(each.kind));
}

/**
 * The text of a sample's event, indented when it is JSON; `values` over the sample's own. Throws `SAMPLE_FIELD` for a
 * field that it does not have.
 */
export function sampleText(
  each: Sample,
  facts: SampleFacts,
  values: Readonly<Record<string, string>> = {},
): string {
  const known = Object.keys(each.fields);
  for (const name of Object.keys(values)) {
    if (!known.includes(name))
      throw new PorchlightError('SAMPLE_FIELD', { kind: each.kind, field: name, known: known.join(', ') });
  }
  const filled = Object.fromEntries(known.map((name) => [name, values[name] ?? each.fields[name]!.value]));
  const event = each.make(filled, facts);
  return typeof event === 'string' ? event : `${JSON.stringify(event, undefined, 2)}\n`;
}

/**
 * The event that a trigger's service would send, filled in as far as the trigger says; undefined when that is not known.
 */
export function triggerEventText(
  trigger: OtherTrigger,
  platform: string,
  facts: SampleFacts,
): string | undefined {
  const each = sampleOf(trigger, platform);
  if (!each) return undefined;
  const stated = Object.entries(each.valuesOf?.(trigger.config) ?? {});
  const values = stated.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const named = each.kind === 'timer' ? { name: trigger.name } : {};
  return sampleText(each, facts, { ...named, ...Object.fromEntries(values) });
}
