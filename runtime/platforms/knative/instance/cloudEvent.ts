import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { wrongAttribute } from '../../../model/cloudEvents/event.ts';

/* Events as a function sees them: objects of a class with the shape of the CloudEvents SDK's. */

type Fields = Record<string, unknown>;

/** What the contract needs of an event's class, the SDK's or our own. */
export interface CloudEventLike {
  toJSON(): Fields;
}

/** Makes an event of fields; nothing is checked. */
export type EventClass = new (fields: Fields, strict?: boolean) => CloudEventLike;

/** Attributes in the order in which the SDK tells them. */
const order = ['id', 'time', 'type', 'source', 'specversion', 'datacontenttype', 'subject', 'dataschema'];
/** What is there without being an attribute with a value: versions before 1.0 had two of them. */
const always = [...order, 'data', 'data_base64', 'datacontentencoding', 'schemaurl'];

/** What an event lists without having it. */
const unset = Object.fromEntries(always.slice(5).map((name): [string, unknown] => [name, undefined]));

/** An event for functions that have not loaded the SDK. Frozen, as the SDK's are. */
export class CloudEvent implements CloudEventLike {
  readonly [name: string]: unknown;

  constructor(fields: Fields, strict = true) {
    const { id, time, type, source, specversion, data, data_base64: base64, ...rest } = fields;
    const bytes = typeof base64 === 'string' && data === undefined ? Buffer.from(base64, 'base64') : data;
    const isBytes = bytes instanceof Uint8Array;
    const all: Fields = {
      id: id || randomUUID(),
      time: timeOf(time),
      type,
      source,
      specversion: specversion || '1.0',
      ...unset,
      ...rest,
      data: bytes,
      data_base64: isBytes ? Buffer.from(bytes).toString('base64') : undefined,
    };
    Object.assign(this, all);
    if (strict) this.validate();
    Object.freeze(this);
  }

  /** True, or an error with what is wrong. */
  validate(): boolean {
    const { known, extensions } = attributesOf(this);
    const wrong = wrongAttribute({ ...known, ...extensions });
    if (wrong) throw new TypeError(`invalid payload: ${wrong}`);
    return true;
  }

  toJSON(): Fields {
    const { data, data_base64: base64 } = this;
    const { known, extensions } = attributesOf(this);
    const carried = base64 !== undefined ? { data_base64: base64 } : data !== undefined ? { data } : {};
    return { ...known, ...carried, ...extensions };
  }

  toString(): string {
    return JSON.stringify(this);
  }

  /** A copy with other fields. */
  cloneWith(fields: Fields, strict = true): CloudEvent {
    return new CloudEvent({ ...this.toJSON(), ...fields }, strict);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

// What minifies us may give it another, and functions ask for it.
Object.defineProperty(CloudEvent, 'name', { value: 'CloudEvent' });

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

function attributesOf(event: CloudEvent): { known: Fields; extensions: Fields } {
  const pick = (names: string[]): Fields =>
    Object.fromEntries(
      names.map((name): [string, unknown] => [name, event[name]]).filter(([, value]) => isSet(value)),
    );
  return {
    known: pick(order),
    extensions: pick(Object.keys(event).filter((name) => !always.includes(name))),
  };
}

/** A time in the one form in which the SDK tells times; now, when there is none. */
function timeOf(given: unknown): string {
  const time = typeof given === 'string' || given instanceof Date ? new Date(given) : new Date();
  return Number.isNaN(time.getTime()) ? String(given) : time.toISOString();
}

/** Whether a value is an event: the SDK may be there in several versions, so its name has to do. */
export function isCloudEvent(value: unknown): value is CloudEventLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as object).constructor?.name === 'CloudEvent' &&
    typeof (value as CloudEventLike).toJSON === 'function'
  );
}

/**
 * The class of events for the function of a module: that of the SDK when the function has loaded it, as it may ask with
 * `instanceof`. The SDK is not loaded for that alone: it would cost every start.
 */
export function eventClassFor(entries: readonly string[]): EventClass {
  for (const entry of entries) {
    try {
      const require = createRequire(entry);
      const sdk = require.cache[require.resolve('cloudevents')]?.exports as
        { CloudEvent?: EventClass } | undefined;
      if (sdk?.CloudEvent) return sdk.CloudEvent;
    } catch {
      // It is not installed.
    }
  }
  return CloudEvent;
}
