/*
 * CloudEvents 1.0 (specification of the CNCF, `cloudevents/spec.md`): what an event is made of, and what is wrong with one.
 */

/** The value of an attribute: text (also for URIs and times), whole numbers and truth values. */
export type AttributeValue = string | number | boolean;

/** An event in no particular form. */
export interface CloudEvent {
  /** All attributes by name; `id`, `source`, `specversion` and `type` are always there. */
  attributes: Record<string, AttributeValue>;
  /** Text and JSON values as they are, anything else as bytes; absent: the event has no data. */
  data?: unknown;
}

/** What an HTTP server answers to an event it cannot take: 406, as `func` has it. */
export class CloudEventError extends Error {
  override readonly name = 'CloudEventError';
  readonly status = 406;
}

/** Attributes of every event. */
export const requiredAttributes = ['id', 'source', 'specversion', 'type'] as const;

const nameForm = /^[a-z0-9]+$/;
const uriReference = /^[^\s<>"{}|\\^`]+$/;
const mediaTypeForm = /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+\s*(;.*)?$/;
/** RFC 3339. */
const timeForm = /^\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

const wholeNumbers = { least: -(2 ** 31), most: 2 ** 31 - 1 };

const forms: Record<string, { is(value: string): boolean; hint: string }> = {
  id: { is: (value) => value !== '', hint: 'text that is not empty' },
  source: { is: (value) => uriReference.test(value), hint: 'a URI reference, e.g. /orders' },
  specversion: { is: (value) => value === '1.0', hint: '"1.0"' },
  type: { is: (value) => value !== '', hint: 'text that is not empty' },
  datacontenttype: {
    is: (value) => mediaTypeForm.test(value),
    hint: 'a media type, e.g. application/json',
  },
  dataschema: {
    is: (value) => /^[a-z][a-z0-9+.-]*:/i.test(value) && uriReference.test(value),
    hint: 'a URI with its scheme',
  },
  subject: { is: (value) => value !== '', hint: 'text that is not empty' },
  time: { is: isTime, hint: 'a time such as 2026-01-31T12:00:00Z' },
};

function isTime(value: string): boolean {
  const [, month, day, hour, minute, second] = timeForm.exec(value)?.map(Number) ?? [];
  if (month === undefined) return false;
  const inDay = hour! <= 23 && minute! <= 59 && second! <= 60;
  return month >= 1 && month <= 12 && day! >= 1 && day! <= 31 && inDay;
}

/** What is wrong with the attributes of an event, in one sentence; undefined when nothing is. */
export function wrongAttribute(attributes: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of requiredAttributes) {
    if (!Object.hasOwn(attributes, name)) {
      return `the attribute "${name}" is missing; an event needs ${requiredAttributes.join(', ')}.`;
    }
  }
  for (const [name, value] of Object.entries(attributes)) {
    const wrong = wrongValue(name, value);
    if (wrong) return wrong;
  }
  return undefined;
}

function wrongValue(name: string, value: unknown): string | undefined {
  if (!nameForm.test(name) || name === 'data') {
    return `"${name.slice(0, 100)}" is no name of an attribute: use the letters a to z and digits.`;
  }
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form) {
    const good = typeof value === 'string' && form.is(value);
    return good ? undefined : `the attribute "${name}" is ${shown(value)}; it has to be ${form.hint}.`;
  }
  if (typeof value === 'string' || typeof value === 'boolean') return undefined;
  const { least, most } = wholeNumbers;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return undefined;
  return `the attribute "${name}" is ${shown(value)}; it has to be text, a whole number of 32 bits, true or false.`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** The event of checked attributes; a `CloudEventError` with what is wrong otherwise. */
export function checkedEvent(attributes: Record<string, unknown>, data: unknown): CloudEvent {
  const wrong = wrongAttribute(attributes);
  if (wrong) throw new CloudEventError(`This is no valid CloudEvent: ${wrong}`);
  const checked = attributes as Record<string, AttributeValue>;
  return data === undefined ? { attributes: checked } : { attributes: checked, data };
}

/** Whether data of this content type is JSON: so it is where none is stated, too (JSON event format 1.0, section 3.1). */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}
