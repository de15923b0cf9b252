import * as v from 'valibot';
import { destinationOf, type AsyncInvokeSettings, type Destination } from '../asyncInvoke.ts';
import { parseDuration } from '../units.ts';
import { duration, text, whole } from '../schemaParts.ts';

const destinationHint = 'expected { queue }, { topic }, { function } or an ARN.';
const destination = (description: string) =>
  v.pipe(
    v.union(
      [
        text(description),
        v.pipe(
          v.strictObject(
            {
              queue: v.optional(text('Name of a queue.', 256)),
              topic: v.optional(text('Name of a topic.', 255)),
              function: v.optional(text('Name of a function.', 256)),
            },
            destinationHint,
          ),
          v.minEntries(1, destinationHint),
          v.maxEntries(1, destinationHint),
        ),
      ],
      destinationHint,
    ),
    v.description(description),
  );

/** What `porchlight.yaml` says of asynchronous invocations of a function. */
export const asyncSettings = v.strictObject(
  {
    retries: v.optional(
      whole(0, 8, 'Attempts after the first; 2 on aws-lambda, 3 on aliyun-fc when absent.'),
    ),
    maxAge: v.optional(duration('An event older than this is given up.')),
    onSuccess: v.optional(destination('Gets a record of an event that was handled.')),
    onFailure: v.optional(destination('Gets a record of an event that was given up.')),
    deadLetters: v.optional(destination('Gets the event itself when it is given up (aws-lambda).')),
  },
  'expected settings such as { retries: 1, onFailure: { queue: failed } }.',
);

/** The same with its durations in milliseconds, and its destinations by kind. */
export function readAsyncSettings(given: v.InferInput<typeof asyncSettings>): AsyncInvokeSettings {
  const { retries, maxAge } = given;
  const maxAgeMs = maxAge === undefined ? undefined : parseDuration(maxAge);
  const places = (['onSuccess', 'onFailure', 'deadLetters'] as const).flatMap((place) => {
    const stated = given[place];
    const read = stated === undefined ? undefined : readDestination(stated);
    return read ? [[place, read] as const] : [];
  });
  return {
    ...(retries !== undefined && { attempts: retries + 1 }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    ...Object.fromEntries(places),
  };
}

type Stated = NonNullable<v.InferInput<typeof asyncSettings>['onSuccess']>;

function readDestination(stated: Stated): Destination | undefined {
  if (typeof stated === 'string') return destinationOf(stated.trim());
  const kind = (['queue', 'topic', 'function'] as const).find((each) => stated[each] !== undefined);
  const name = kind && stated[kind];
  return kind && name !== undefined ? { kind, name, stated: name } : undefined;
}
