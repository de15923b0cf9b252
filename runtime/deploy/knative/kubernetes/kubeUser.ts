import { PorchlightError } from '../../../model/errors.ts';
import type { TlsOptions } from '../../../support/httpExchange.ts';
import { runExec, type ExecCredential } from './execCredential.ts';
import type { KubeAccess } from './kubeconfig.ts';
import { phrase } from '../../../support/l10n.ts';

/** Credentials that run out within this time are got anew, in milliseconds. */
const aheadMs = 30_000;

/** What requests carry to be let in. */
export interface Identity {
  headers: Record<string, string>;
  tls: TlsOptions;
  /** Texts that nobody is to see. */
  secrets: string[];
}

/** Who asks a cluster: what the kubeconfig says of a user, ready to be sent. */
export class KubeIdentity {
  readonly #access: KubeAccess;
  readonly #env: NodeJS.ProcessEnv;
  readonly #now: () => number;
  #exec: Promise<ExecCredential> | undefined;
  #expiresAt = Number.POSITIVE_INFINITY;

  constructor(access: KubeAccess, env: NodeJS.ProcessEnv = process.env, now: () => number = Date.now) {
    this.#access = access;
    this.#env = env;
    this.#now = now;
  }

  /** `refused`: what was sent before is not taken any more. */
  async get(signal: AbortSignal | undefined, refused = false): Promise<Identity> {
    const { cluster, user } = this.#access;
    const exec = user.exec ? await this.#execCredential(signal, refused) : undefined;
    if (!exec && user['auth-provider']) {
      const remedy = phrase(
        'The kubeconfig\'s user is of the kind "{kind}", which Kubernetes has given up. Log in again with a current version of your provider\'s tool.',
        { kind: user['auth-provider'].name },
      );
      throw new PorchlightError('CREDENTIALS_MISSING', { service: phrase('the cluster'), remedy });
    }
    const token = exec?.token ?? user.token ?? (await this.#tokenOfFile());
    const password =
      user.username !== undefined && user.password !== undefined
        ? Buffer.from(`${user.username}:${user.password}`).toString('base64')
        : undefined;
    const key = exec?.key ?? (await this.#pem('client-key'));
    return {
      headers: token
        ? { authorization: `Bearer ${token}` }
        : password === undefined
          ? {}
          : { authorization: `Basic ${password}` },
      tls: {
        ca: await this.#authority(),
        cert: exec?.cert ?? (await this.#pem('client-certificate')),
        key,
        servername: cluster['tls-server-name'],
        ...(cluster['insecure-skip-tls-verify'] && { rejectUnauthorized: false }),
      },
      secrets: [token, password, user.password, key].filter(
        (text) => text !== undefined && text.length > 3,
      ) as string[],
    };
  }

  async #execCredential(signal: AbortSignal | undefined, refused: boolean): Promise<ExecCredential> {
    if (refused || this.#now() > this.#expiresAt - aheadMs) this.#exec = undefined;
    if (!this.#exec) {
      const { user, cluster } = this.#access;
      const running = runExec(user.exec!, cluster, { env: this.#env, signal });
      this.#exec = running;
      // One that failed is asked again the next time.
      running.catch(() => (this.#exec = undefined));
    }
    const found = await this.#exec;
    this.#expiresAt = found.expiresAt ?? Number.POSITIVE_INFINITY;
    return found;
  }

  async #tokenOfFile(): Promise<string | undefined> {
    const { tokenFile } = this.#access.user;
    // It is renewed by the cluster, and therefore read each time.
    return tokenFile ? (await this.#file(tokenFile)).trim() : undefined;
  }

  async #pem(name: 'client-certificate' | 'client-key'): Promise<string | undefined> {
    const { user } = this.#access;
    const data = user[`${name}-data`];
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    const path = user[name];
    return path ? this.#file(path) : undefined;
  }

  async #authority(): Promise<string | undefined> {
    const { cluster } = this.#access;
    const data = cluster['certificate-authority-data'];
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    const path = cluster['certificate-authority'];
    return path ? this.#file(path) : undefined;
  }

  async #file(path: string): Promise<string> {
    const found = await this.#access.read(path);
    if (found !== undefined) return found;
    const remedy = phrase('{path}, which the kubeconfig names, is not there.', { path });
    throw new PorchlightError('CREDENTIALS_MISSING', { service: phrase('the cluster'), remedy });
  }
}
