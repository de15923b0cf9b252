/** What samples tell of the function they are for, and of now. */
export interface SampleFacts {
  function: string;
  region: string;
  accountId: string;
  at: Date;
  /** A random UUID. */
  id: string;
}

/** A value of a sample that people fill in. */
export interface SampleField {
  /** What it is, in a few words. */
  title: string;
  value: string;
}

/** One event as a trigger of a platform sends it. */
export interface Sample {
  /** Unique within its platform, e.g. `s3-put`. */
  kind: string;
  /** Whose triggers send it: a platform's id, or `cloudevents`, which any function may get. */
  platform: string;
  title: string;
  /** Other words people look for. */
  words?: string;
  /** The trigger types of project files that it is an event of, e.g. `DynamoDB`, `tablestore`. */
  types?: readonly string[];
  fields: Readonly<Record<string, SampleField>>;
  /** Values that a trigger's own settings give. */
  valuesOf?(config: Readonly<Record<string, unknown>>): Record<string, string | undefined>;
  /** The event; strings are sent as they are, all else as JSON. */
  make(values: Readonly<Record<string, string>>, facts: SampleFacts): unknown;
}

/** Makes fields of titles and values. */
export function fieldsOf<const F extends Record<string, [title: string, value: string]>>(
  fields: F,
): { [K in keyof F]: SampleField } {
  const made = Object.entries(fields).map(([name, [title, value]]) => [name, { title, value }]);
  return Object.fromEntries(made) as { [K in keyof F]: SampleField };
}

/** A sample whose maker knows its fields by name. */
export function sample<const F extends Record<string, [title: string, value: string]>>(
  description: Omit<Sample, 'fields' | 'make'> & {
    fields: F;
    make(values: Record<keyof F, string>, facts: SampleFacts): unknown;
  },
): Sample {
  return { ...description, fields: fieldsOf(description.fields), make: description.make as Sample['make'] };
}

/** Time to the second, as most clouds write it. */
export function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** JSON as it is meant, other text as text. */
export function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
