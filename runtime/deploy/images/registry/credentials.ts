import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { PorchlightError } from '../../../model/errors.ts';
import { askHelper } from './credentialHelper.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** What a registry knows somebody by. */
export type RegistryCredentials =
  | { kind: 'password'; username: string; password: string }
  /** Exchanged for access tokens at the registry's token server. */
  | { kind: 'identityToken'; token: string }
  /** Sent as it is. */
  | { kind: 'accessToken'; token: string };

/** Where credentials are looked for; passed in, so that tests have places of their own. */
export interface CredentialPlaces {
  env: NodeJS.ProcessEnv;
  home: string;
  /** Text of a file; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Runs a credential helper (`docker-credential-<name> get`) with a registry as its input. */
  ask: typeof askHelper;
}

const entry = v.looseObject({
  auth: v.optional(v.string()),
  username: v.optional(v.string()),
  password: v.optional(v.string()),
  identitytoken: v.optional(v.string()),
  registrytoken: v.optional(v.string()),
});

/** What is read of Docker's configuration (docker/cli, `cli/config/configfile`). */
const config = v.looseObject({
  auths: v.optional(v.record(v.string(), entry)),
  credsStore: v.optional(v.string()),
  credHelpers: v.optional(v.record(v.string(), v.string())),
});

/** Docker keeps Docker Hub's credentials under this name. */
const hubKey = 'https://index.docker.io/v1/';

const usualPlaces: CredentialPlaces = {
  env: process.env,
  home: homedir(),
  read: (path) =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    }),
  ask: askHelper,
};

/**
 * Credentials for a repository of a registry, as Docker's and Podman's own tools keep them; undefined when there are none,
 * and it is asked without. A helper that names this registry goes before the store of all, and both before the file.
 */
export async function findCredentials(
  registry: string,
  repository: string,
  { places = usualPlaces, signal }: { places?: CredentialPlaces; signal?: AbortSignal | undefined } = {},
): Promise<RegistryCredentials | undefined> {
  for (const file of filesOf(places)) {
    const text = await places.read(file);
    if (text === undefined) continue;
    const { auths = {}, credHelpers = {}, credsStore } = parsed(text, file);
    const keys = keysOf(registry, repository);
    const helper = keys.map((key) => credHelpers[key]).find(Boolean) ?? credsStore;
    if (helper) {
      const host = registry === 'docker.io' ? hubKey : registry;
      const found = await places.ask(helper, host, { env: places.env, signal });
      if (found) return found;
    }
    for (const key of keys) {
      const credentials = auths[key] && credentialsIn(auths[key], key, file);
      if (credentials) return credentials;
    }
  }
  return undefined;
}

/** In the order in which they count: what a variable names, Docker's own, Podman's. */
function filesOf({ env, home }: CredentialPlaces): string[] {
  const { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: named, XDG_RUNTIME_DIR: runtime } = env;
  return [
    ...(named ? [named] : []),
    join(folder || join(home, '.docker'), 'config.json'),
    ...(runtime ? [join(runtime, 'containers', 'auth.json')] : []),
    join(home, '.config', 'containers', 'auth.json'),
  ];
}

/** Names under which a registry may be known, the narrowest first: Podman also keeps some by repository. */
function keysOf(registry: string, repository: string): string[] {
  const parts = repository.split('/');
  const paths = parts.map((_, at) => [registry, ...parts.slice(0, parts.length - at)].join('/'));
  const urls = ['https://', 'http://'].flatMap((scheme) => [
    `${scheme}${registry}`,
    `${scheme}${registry}/`,
    `${scheme}${registry}/v1/`,
    `${scheme}${registry}/v2/`,
  ]);
  const hub = registry === 'docker.io' ? [hubKey, 'index.docker.io'] : [];
  return [...paths, registry, ...urls, ...hub];
}

function parsed(text: string, file: string): v.InferOutput<typeof config> {
  try {
    return v.parse(config, JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    // What stands there is secret: neither its text nor the parser's words are told.
    return missing(phrase('{file} is not as Docker writes it: run docker login again.', { file }));
  }
}

function credentialsIn(
  { auth, username, password, identitytoken, registrytoken }: v.InferOutput<typeof entry>,
  key: string,
  file: string,
): RegistryCredentials | undefined {
  if (registrytoken) return { kind: 'accessToken', token: registrytoken };
  if (identitytoken) return { kind: 'identityToken', token: identitytoken };
  if (username && password) return { kind: 'password', username, password };
  if (!auth) return undefined;
  // NULs at the end: some versions padded the password.
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon < 1)
    return missing(
      phrase('The entry {key} of {file} cannot be read: run docker login again.', { key, file }),
    );
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service: phrase('the registry'), remedy });
}
