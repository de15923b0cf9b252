import { invalidValue, SqsError } from './sqsError.ts';

/**
 * A request's parameters in the form of the JSON protocol; the query protocol is brought into it, with text in the place of
 * numbers and truth values. Whatever is of another kind is refused when it is read.
 */
export class SqsInput {
  readonly #values: Record<string, unknown>;

  constructor(values: unknown) {
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw new SqsError('SerializationException', 'A request is an object of parameters.');
    this.#values = values as Record<string, unknown>;
  }

  optionalText(name: string): string | undefined {
    const value = this.#own(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string')
      throw new SqsError('SerializationException', `${name} has to be text, not ${kindOf(value)}.`);
    return value;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value === '')
      throw new SqsError(
        'MissingRequiredParameterException',
        `The request must contain the parameter ${name}.`,
      );
    return value;
  }

  /** A whole number; `reason` says which ones are allowed. */
  optionalWhole(
    name: string,
    { min, max }: { min: number; max: number },
    reason: string,
  ): number | undefined {
    const value = this.#own(name);
    if (value === undefined || value === null || value === '') return undefined;
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number') {
      if (typeof value === 'string') throw invalidValue(value, name, 'Must be a number.');
      throw new SqsError('SerializationException', `${name} has to be a number, not ${kindOf(value)}.`);
    }
    if (!Number.isInteger(number) || number < min || number > max) throw invalidValue(number, name, reason);
    return number;
  }

  texts(name: string): string[] {
    return this.#list(name).map((item) => {
      if (typeof item === 'string') return item;
      throw new SqsError('SerializationException', `${name} has to hold texts only.`);
    });
  }

  /** Each item's own parameters. */
  items(name: string): SqsInput[] {
    return this.#list(name).map((item) => new SqsInput(item));
  }

  /** Texts by name. */
  map(name: string): Record<string, string> {
    const entries = Object.entries(this.#object(name));
    const wrong = entries.find(([, value]) => typeof value !== 'string');
    if (wrong) throw new SqsError('SerializationException', `${name}.${wrong[0]} has to be text.`);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  /** Parameters by name. */
  inputs(name: string): [string, SqsInput][] {
    return Object.entries(this.#object(name)).map(([key, value]) => [key, new SqsInput(value)]);
  }

  has(name: string): boolean {
    const value = this.#own(name);
    return value !== undefined && value !== null;
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #list(name: string): unknown[] {
    const value = this.#own(name) ?? [];
    if (!Array.isArray(value))
      throw new SqsError('SerializationException', `${name} has to be a list, not ${kindOf(value)}.`);
    return value as unknown[];
  }

  #object(name: string): object {
    const value = this.#own(name) ?? {};
    if (typeof value !== 'object' || Array.isArray(value))
      throw new SqsError(
        'SerializationException',
        `${name} has to be names with values, not ${kindOf(value)}.`,
      );
    return value;
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value;
}
