import { join } from 'node:path';
import { parse } from 'yaml';
import { PorchlightError } from '../../../model/errors.ts';
import { textIn, type CredentialPlaces, type Credentials } from './credentials.ts';
import { decrypt } from './decrypt.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/* Credentials as Serverless Devs keeps them (its documentation "Keys and access", package @serverless-devs/credential). */

/** Those of the environment, which come before all others: under plain names, or as JSON for an alias in CI. */
export function serverlessDevsEnvironment(
  { env }: CredentialPlaces,
  access: string | undefined,
): Credentials | undefined {
  // Without the account they are no credentials to Serverless Devs.
  if (textIn(env, 'AccountID')) {
    const plain = credentialsOf(env, (text) => text);
    if (plain) return plain;
  }
  const alias = access ?? textIn(env, 'serverless_devs_access_cicd_alias_name');
  const variable = `${alias}_serverless_devs_key`;
  const json = alias === undefined ? undefined : textIn(env, variable);
  if (json === undefined) return undefined;
  const found = credentialsOf(parsed(json, variable, JSON.parse), (text) => text);
  return (
    found ??
    missing(phrase('{variable} has to hold AccountID, AccessKeyID and AccessKeySecret.', { variable }))
  );
}

/** Those of an alias of `~/.s/access.yaml`; without a name the default one. */
export function serverlessDevsFile(
  places: CredentialPlaces,
  access: string | undefined,
): Credentials | undefined {
  const files = foldersOf(places).flatMap((folder) =>
    ['access.yaml', 'access.yml'].map((name) => join(folder, name)),
  );
  const file = files.find((path) => places.read(path) !== undefined);
  if (file === undefined) return undefined;
  const aliases = parsed(places.read(file)!, file, (text) => parse(text) as unknown);
  if (typeof aliases !== 'object' || aliases === null) return undefined;
  const entries = Object.entries(aliases as Record<string, unknown>);
  const isDefault = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && '__default' in value && value.__default === true;
  const [alias, values] =
    access === undefined
      ? (entries.find(([, value]) => isDefault(value)) ?? entries.find(([name]) => name === 'default') ?? [])
      : (entries.find(([name]) => name === access) ?? []);
  if (alias === undefined) return undefined;
  const found = credentialsOf(values, (text) => decrypt(text) ?? text);
  return (
    found ??
    missing(
      phrase('Alias "{alias}" of {file} has no AccessKeyID or AccessKeySecret: run s config add.', {
        alias,
        file,
      }),
    )
  );
}

/**
 * Where Serverless Devs keeps its files: below the home folder, which a variable moves, or where its own settings say
 * (package @serverless-devs/utils). Earlier versions took the variable for the folder itself.
 */
function foldersOf(places: CredentialPlaces): string[] {
  const moved = textIn(places.env, 'serverless_devs_config_home');
  const home = moved ?? places.home;
  const settings = places.read(join(home, '.s', 'config', 's.json'));
  let workspace: string | undefined;
  try {
    if (settings !== undefined) workspace = textIn(JSON.parse(settings), 'workspace');
  } catch {
    // It is passed over there as well.
  }
  const folder = workspace?.replace(/^~(?=$|[\\/])/, home) ?? join(home, '.s');
  return moved === undefined ? [folder] : [folder, moved];
}

function credentialsOf(values: unknown, read: (text: string) => string): Credentials | undefined {
  const value = (name: string): string | undefined => {
    const text = textIn(values, name);
    return text === undefined ? undefined : read(text);
  };
  const [id, secret] = [value('AccessKeyID'), value('AccessKeySecret')];
  if (id === undefined || secret === undefined) return undefined;
  return { id, secret, securityToken: value('SecurityToken'), accountId: value('AccountID') };
}

/** The parser's own message may quote the text, which is secret. */
function parsed(text: string, place: string, parser: (text: string) => unknown): unknown {
  try {
    return parser(text);
  } catch {
    return missing(phrase('{place} cannot be read: check its syntax.', { place }));
  }
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service: 'Alibaba Cloud', remedy });
}
