import { jsonOr, sample, seconds, type Sample, type SampleFacts } from './sample.ts';

/* CloudEvents 1.0 in their structured form (specification "CloudEvents", "JSON event format"; sources of Knative Eventing). */

const platform = 'cloudevents';

function cloudEvent(
  { id, at }: SampleFacts,
  attributes: { type: string; source: string; subject?: string },
  data: unknown,
): object {
  return {
    specversion: '1.0',
    id,
    ...attributes,
    time: seconds(at),
    datacontenttype: 'application/json',
    data,
  };
}

/** Samples that belong to no cloud. */
export const cloudEventSamples: readonly Sample[] = [
  sample({
    kind: 'cloudevent',
    platform,
    title: 'CloudEvent',
    words: 'knative broker',
    fields: {
      type: ['type', 'com.example.order.placed'],
      source: ['source', '/orders'],
      data: ['data', '{"order":17}'],
    },
    make: ({ type, source, data }, facts) => cloudEvent(facts, { type, source }, jsonOr(data)),
  }),
  sample({
    kind: 'ping',
    platform,
    title: 'CloudEvent of a Knative ping source',
    words: 'cron timer schedule knative',
    fields: {
      source: ['source', '/apis/v1/namespaces/default/pingsources/nightly'],
      data: ['data', '{"message":"hello"}'],
    },
    make: ({ source, data }, facts) =>
      cloudEvent(facts, { type: 'dev.knative.sources.ping', source }, jsonOr(data)),
  }),
  sample({
    kind: 'kafka',
    platform,
    title: 'CloudEvent of a Knative Kafka source',
    words: 'topic stream knative',
    fields: { topic: ['topic', 'clicks'], data: ['data', '{"page":"/home"}'] },
    make: ({ topic, data }, facts) => ({
      ...cloudEvent(
        facts,
        {
          type: 'dev.knative.kafka.event',
          source: `/apis/v1/namespaces/default/kafkasources/demo#${topic}`,
          subject: 'partition:0#15',
        },
        jsonOr(data),
      ),
      key: 'visitor-1',
    }),
  }),
  sample({
    kind: 'storage',
    platform,
    title: 'CloudEvent of an object that was created',
    words: 'bucket object file',
    fields: { bucket: ['bucket', 'photos'], key: ['key', 'in/cat.png'] },
    make: ({ bucket, key }, facts) =>
      cloudEvent(
        facts,
        { type: 'com.example.storage.object.created', source: `/buckets/${bucket}`, subject: key },
        { bucket, name: key, size: 1024, contentType: 'image/png' },
      ),
  }),
];
