import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { PorchlightError } from '../../model/errors.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Where credentials are looked for; passed in, so that tests have a home of their own. */
export interface CredentialPlaces {
  env: NodeJS.ProcessEnv;
  home: string;
  /** Text of a file; undefined when there is none. */
  read(path: string): string | undefined;
}

/** What is shown to a gateway. */
export interface GatewayCredentials {
  /** Value of the header `Authorization`. */
  authorization: string;
  /** Texts that nobody may be told. */
  secrets: string[];
}

const service = 'OpenFaaS';
const config = v.looseObject({
  auths: v.nullish(
    v.array(
      v.looseObject({
        gateway: v.string(),
        auth: v.optional(v.string(), 'basic'),
        token: v.optional(v.string(), ''),
      }),
    ),
  ),
});

/**
 * The credentials for a gateway: `OPENFAAS_PASSWORD` or `OPENFAAS_TOKEN` of the environment, unless `OPENFAAS_URL` says
 * that they are another gateway's, then what `faas-cli login` keeps (openfaas/faas-cli, package `config`). Undefined: none
 * were found, which a gateway without passwords takes.
 */
export function readCredentials(
  gateway: string,
  places: CredentialPlaces = machine(),
): GatewayCredentials | undefined {
  return fromEnvironment(gateway, places) ?? fromConfig(gateway, places);
}

function fromEnvironment(gateway: string, { env }: CredentialPlaces): GatewayCredentials | undefined {
  const of = env['OPENFAAS_URL']?.trim();
  if (of && keyOf(of) !== keyOf(gateway)) return undefined;
  const token = env['OPENFAAS_TOKEN']?.trim();
  if (token) return bearer(token);
  const password = env['OPENFAAS_PASSWORD'];
  if (!password) return undefined;
  return basic(
    Buffer.from(`${env['OPENFAAS_USERNAME'] || 'admin'}:${password}`).toString('base64'),
    password,
  );
}

function fromConfig(gateway: string, { env, home, read }: CredentialPlaces): GatewayCredentials | undefined {
  const file = join(env['OPENFAAS_CONFIG'] || join(home, '.openfaas'), 'config.yml');
  const text = read(file);
  if (text === undefined) return undefined;
  const { success, output } = v.safeParse(v.nullish(config), parsed(text, file));
  if (!success) return missing(phrase('{file} cannot be read: it is not as faas-cli writes it.', { file }));
  const found = output?.auths?.find((each) => keyOf(each.gateway) === keyOf(gateway));
  if (!found) return undefined;
  const { auth, token } = found;
  if (token === '')
    return missing(
      phrase('{file} has no token for this gateway: run {command}.', {
        file,
        command: loginCommand(gateway),
      }),
    );
  if (auth !== 'basic') return bearer(token);
  const password = /^[^:]*:([\s\S]*)$/.exec(Buffer.from(token, 'base64').toString('utf8'))?.[1];
  if (!password)
    return missing(
      phrase('{file} has no password for this gateway: run {command}.', {
        file,
        command: loginCommand(gateway),
      }),
    );
  return basic(token, password);
}

/** What to run to be known to a gateway. */
export function loginCommand(gateway: string): string {
  return `faas-cli login --gateway ${gateway}`;
}

/** One text for all ways to write the same address. */
function keyOf(gateway: string): string {
  const text = gateway.trim();
  if (!URL.canParse(text)) return text;
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function basic(token: string, password: string): GatewayCredentials {
  return { authorization: `Basic ${token}`, secrets: [token, password] };
}

function bearer(token: string): GatewayCredentials {
  return { authorization: `Bearer ${token}`, secrets: [token] };
}

/** The parser's own message may quote the text, which is secret. */
function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch {
    return missing(phrase('{file} cannot be read: check its syntax.', { file }));
  }
}

function machine(): CredentialPlaces {
  return {
    env: process.env,
    home: homedir(),
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        const { code = 'unreadable' } = error as NodeJS.ErrnoException;
        return code === 'ENOENT'
          ? undefined
          : missing(phrase('{path} cannot be read ({code}).', { path, code }));
      }
    },
  };
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service, remedy });
}
