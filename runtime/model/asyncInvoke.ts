/** Where what came of an asynchronous event goes: a service of the cloud, named by its ARN. */
export interface Destination {
  /** `queue`, `topic` and `function` may be here; anything else is only told. */
  kind: 'queue' | 'topic' | 'function' | 'other';
  /** Name of the queue, topic or function. */
  name: string;
  /** As the project file states it. */
  stated: string;
}

/** How asynchronous invocations of a function are repeated, and what comes after them. */
export interface AsyncInvokeSettings {
  /** Attempts in all; the platform's own number when absent. */
  attempts?: number;
  /** An event older than this is given up, in milliseconds. */
  maxAgeMs?: number;
  onSuccess?: Destination;
  onFailure?: Destination;
  /** Gets the event itself when it is given up (`DeadLetterQueue` of Lambda). */
  deadLetters?: Destination;
}

const forms: [form: RegExp, kind: Destination['kind']][] = [
  [/^arn:[a-z-]+:sqs:[^:]*:[^:]*:([^:]+)$/, 'queue'],
  [/^arn:[a-z-]+:sns:[^:]*:[^:]*:([^:]+)$/, 'topic'],
  [/^arn:[a-z-]+:lambda:[^:]*:[^:]*:function:([^:]+)/, 'function'],
  [/^acs:mns:[^:]*:[^:]*:\/?queues\/([^/]+)/, 'queue'],
  [/^acs:mns:[^:]*:[^:]*:\/?topics\/([^/]+)/, 'topic'],
  // With a service in front, Function Compute 2.0.
  [/^acs:fc:[^:]*:[^:]*:(?:services\/[^/]+\/)?functions\/([^/]+)/, 'function'],
];

/** The destination an ARN of AWS or Alibaba Cloud names. */
export function destinationOf(arn: string): Destination {
  for (const [form, kind] of forms) {
    const name = form.exec(arn)?.[1];
    if (name !== undefined) return { kind, name, stated: arn };
  }
  return { kind: 'other', name: arn, stated: arn };
}

/** Why an asynchronous event is not tried again. */
export type AsyncCondition = 'success' | 'retriesExhausted' | 'eventAgeExceeded';
