import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { PorchlightError } from '../../../model/errors.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** Where a cluster's address and credentials are looked for; passed in, so that tests have places of their own. */
export interface KubeconfigPlaces {
  env: NodeJS.ProcessEnv;
  home: string;
  /** Text of a file; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
}

const text = v.optional(v.string());
const execUser = v.looseObject({
  apiVersion: v.string(),
  command: v.string(),
  args: v.nullish(v.array(v.string())),
  env: v.nullish(v.array(v.looseObject({ name: v.string(), value: v.string() }))),
  provideClusterInfo: v.optional(v.boolean()),
  installHint: text,
});
export type ExecUser = v.InferOutput<typeof execUser>;

const user = v.looseObject({
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  exec: v.nullish(execUser),
  'auth-provider': v.nullish(v.looseObject({ name: text })),
});
export type KubeUser = v.InferOutput<typeof user>;

const cluster = v.looseObject({
  server: v.string(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': v.optional(v.boolean()),
  'tls-server-name': text,
  'proxy-url': text,
});
export type KubeCluster = v.InferOutput<typeof cluster>;

const context = v.looseObject({ cluster: v.string(), user: text, namespace: text });

const name = v.string();

/** What is read of a kubeconfig (Kubernetes, `client-go/tools/clientcmd/api/v1`). */
const config = v.looseObject({
  'current-context': v.nullish(v.string()),
  clusters: v.nullish(v.array(v.looseObject({ name, cluster: v.nullish(cluster) }))),
  users: v.nullish(v.array(v.looseObject({ name, user: v.nullish(user) }))),
  contexts: v.nullish(v.array(v.looseObject({ name, context: v.nullish(context) }))),
});
type Config = v.InferOutput<typeof config>;

/** A cluster, and as whom it is asked. */
export interface KubeAccess {
  /** Name of the context, for people. */
  context: string;
  cluster: KubeCluster;
  user: KubeUser;
  /** That of the context. */
  namespace: string | undefined;
  /** Text of a file that cluster or user name; they are relative to the file that names them, and absolute by now. */
  read(path: string): Promise<string | undefined>;
}

/** Where pods find the credentials that Kubernetes gives them. */
const podFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

const usualPlaces: KubeconfigPlaces = {
  env: process.env,
  home: homedir(),
  read: (path) =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    }),
};

/**
 * The cluster of a context, as `kubectl` finds it: the files of `KUBECONFIG`, of which the first that says something counts,
 * or `~/.kube/config`; within a pod its own service account. A `PorchlightError` with the remedy when there is none.
 */
export async function readKubeconfig(
  stated: { context?: string | undefined; kubeconfig?: string | undefined },
  places: KubeconfigPlaces = usualPlaces,
): Promise<KubeAccess> {
  const files = filesOf(stated.kubeconfig, places);
  const configs: Config[] = [];
  for (const file of files) {
    const found = await places.read(file);
    if (found !== undefined) configs.push(withAbsolutePaths(parsed(found, file), dirname(file)));
  }
  if (configs.length === 0) {
    const own = stated.kubeconfig === undefined ? await podAccess(places) : undefined;
    return (
      own ??
      missing(
        phrase('{files} is not there. Name one as kubeconfig:, or run kubectl config.', {
          files: files.join(', '),
        }),
      )
    );
  }
  const wanted = stated.context ?? configs.map((each) => each['current-context']).find(Boolean);
  if (!wanted)
    return missing(phrase('The kubeconfig has no current context. Name one as context: of the target.'));
  const contexts = configs.flatMap((each) => each.contexts ?? []);
  const chosen = named(contexts, wanted)?.context;
  if (!chosen) {
    const known = contexts.map((each) => each.name).join(', ');
    return missing(
      phrase('The kubeconfig has no context "{wanted}" (known: {known}).', {
        wanted,
        known: known || phrase('none'),
      }),
    );
  }
  const clusters = configs.flatMap((each) => each.clusters ?? []);
  const where = named(clusters, chosen.cluster)?.cluster;
  if (!where)
    return missing(
      phrase('Context "{wanted}" names the cluster "{cluster}", which is not there.', {
        wanted,
        cluster: chosen.cluster,
      }),
    );
  if (where['proxy-url'])
    return missing(
      phrase('Context "{wanted}" goes through a proxy (proxy-url), which is not followed here.', { wanted }),
    );
  const users = configs.flatMap((each) => each.users ?? []);
  const entry = chosen.user ? named(users, chosen.user) : { user: {} };
  if (!entry)
    return missing(
      phrase('Context "{wanted}" names the user "{user}", who is not there.', { wanted, user: chosen.user }),
    );
  const { namespace } = chosen;
  return { context: wanted, cluster: where, user: entry.user ?? {}, namespace, read: places.read };
}

function filesOf(stated: string | undefined, { env, home }: KubeconfigPlaces): string[] {
  if (stated !== undefined) return [resolve(stated.replace(/^~(?=[\\/]|$)/, home))];
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean);
  return named.length > 0 ? named.map((file) => resolve(file)) : [join(home, '.kube', 'config')];
}

async function podAccess({ env, read }: KubeconfigPlaces): Promise<KubeAccess | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port || (await read(`${podFolder}/token`)) === undefined) return undefined;
  return {
    context: 'in the cluster',
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      'certificate-authority': `${podFolder}/ca.crt`,
    },
    user: { tokenFile: `${podFolder}/token` },
    namespace: (await read(`${podFolder}/namespace`))?.trim(),
    read,
  };
}

function named<T extends { name: string }>(entries: T[], wanted: string): T | undefined {
  return entries.find((each) => each.name === wanted);
}

/** Paths are relative to the file that names them. */
function withAbsolutePaths(read: Config, folder: string): Config {
  const absolute = (path: string | undefined) => (path ? resolve(folder, path) : undefined);
  for (const { cluster: each } of read.clusters ?? []) {
    if (each) each['certificate-authority'] = absolute(each['certificate-authority']);
  }
  for (const { user: each } of read.users ?? []) {
    if (!each) continue;
    each['client-certificate'] = absolute(each['client-certificate']);
    each['client-key'] = absolute(each['client-key']);
    each.tokenFile = absolute(each.tokenFile);
    // Only what is a path: a name is looked up on the PATH.
    if (each.exec && /[\\/]/.test(each.exec.command)) each.exec.command = resolve(folder, each.exec.command);
  }
  return read;
}

function parsed(found: string, file: string): Config {
  let value: unknown;
  try {
    value = parse(found, { maxAliasCount: 100 });
  } catch {
    // The parser quotes what it does not understand, which may be a secret.
    return missing(phrase('{file} is no YAML.', { file }));
  }
  const { success, output, issues } = v.safeParse(config, value);
  if (success) return output;
  return missing(
    phrase('{file} is not as kubectl writes it at {place}.', {
      file,
      place: v.getDotPath(issues[0]) ?? phrase('its top'),
    }),
  );
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service: phrase('the cluster'), remedy });
}
