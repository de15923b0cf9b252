import type { AccessKey } from '../signature.ts';

/** What a deploy signs with, and whose account it is where the source says so. */
export interface Credentials extends AccessKey {
  accountId?: string | undefined;
  /** Region of the profile. */
  region?: string | undefined;
}

/** Where credentials are looked for; passed in, so that tests have a home of their own. */
export interface CredentialPlaces {
  env: NodeJS.ProcessEnv;
  home: string;
  /** Text of a file; undefined when there is none. */
  read(path: string): string | undefined;
}

/** A value that is set; empty ones and ones that are no text are not. */
export function textIn(values: unknown, name: string): string | undefined {
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, name)) return undefined;
  const value: unknown = Reflect.get(values, name);
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
