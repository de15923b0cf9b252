import { say, saidBy, translated, type Phrase } from '../support/l10n.ts';
import { catalogue, type Facts } from './errorCatalogue.ts';

export { catalogue, type Facts } from './errorCatalogue.ts';

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;

/** An error of the catalogue; `message` is complete, in English, and meant for the user. `localized` translates it. */
export class PorchlightError extends Error {
  override readonly name = 'PorchlightError';
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, facts: Facts = {}, options?: ErrorOptions) {
    super(describe(code, facts), options);
    this.code = code;
    this.facts = facts;
  }

  /** Whose mistake it is. */
  get kind(): 'user' | 'internal' {
    return catalogue[this.code].kind;
  }
}

/** The English message of a catalogue entry without throwing, e.g. for a problem in a file. */
export function describe(code: ErrorCode, facts: Facts = {}): string {
  return say(catalogue[code].message(facts));
}

/** Something of the catalogue that is told as data; `message` is English. */
export interface Told<C extends string = ErrorCode> {
  code: C;
  message: string;
  facts: Facts;
}

/** Code, English message and facts of an entry. */
export function told<C extends ErrorCode>(code: C, facts: Facts = {}): Told<C> {
  return { code, message: describe(code, facts), facts };
}

/** A failure as data; one that is not of the catalogue is ours. */
export function toldOf(error: unknown): Told {
  if (error instanceof PorchlightError)
    return { code: error.code, message: error.message, facts: error.facts };
  return told('INTERNAL', { detail: error instanceof Error ? error.message : String(error) });
}

/**
 * What somebody was told, to be said in any language: by code and facts where both are known, otherwise the message as
 * it is. Another version may know other facts.
 */
export function saidAs({
  code,
  message,
  facts,
}: Partial<Told<string>> & { message: string }): string | Phrase {
  if (code === undefined || facts === undefined || !Object.hasOwn(catalogue, code)) return message;
  const said = catalogue[code as ErrorCode].message(facts);
  return say(said) === message ? said : message;
}

/** What somebody was told, in the language of this process's reader. */
export function localized(of: Partial<Told<string>> & { message: string }): string {
  return translated(saidAs(of));
}

/** What failed, in words that can be said in any language where they are known. */
export function saidOf(error: unknown): string | Phrase {
  return error instanceof PorchlightError ? saidAs(error) : saidBy(error);
}

/** What failed, in the reader's language. */
export function failureText(error: unknown): string {
  return translated(saidOf(error));
}
