import { execFile } from 'node:child_process';
import * as v from 'valibot';
import { PorchlightError } from '../../../model/errors.ts';
import type { ExecUser, KubeCluster } from './kubeconfig.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';
import { jsonIn } from '../../../support/jsonValue.ts';

/** Programs that log in may open a browser, and wait for a person. */
const patienceMs = 120_000;

const credential = v.looseObject({
  status: v.looseObject({
    expirationTimestamp: v.nullish(v.string()),
    token: v.nullish(v.string()),
    clientCertificateData: v.nullish(v.string()),
    clientKeyData: v.nullish(v.string()),
  }),
});

export interface ExecCredential {
  token?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  /** Milliseconds since the epoch; absent: until it is refused. */
  expiresAt?: number | undefined;
}

/**
 * Asks the program of a kubeconfig's user for credentials (Kubernetes, "client-go credential plugins"): told by
 * `KUBERNETES_EXEC_INFO` what is wanted, it prints an `ExecCredential`. Nobody can type anything here.
 */
export function runExec(
  exec: ExecUser,
  cluster: KubeCluster,
  { env, signal }: { env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<ExecCredential> {
  const refuse = (detail: Phrase): PorchlightError => {
    const hint = exec.installHint ? ` ${exec.installHint.slice(0, 500).trim()}` : '';
    const remedy = phrase('{command}, which the kubeconfig names, {detail}{hint}', {
      command: exec.command,
      detail,
      hint,
    });
    return new PorchlightError('CREDENTIALS_MISSING', { service: phrase('the cluster'), remedy });
  };
  const asked = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster['tls-server-name'],
          'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
          'certificate-authority-data': cluster['certificate-authority-data'],
        },
      }),
    },
  };
  const own = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(asked) },
      timeout: patienceMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 1024 * 1024,
      windowsHide: true,
      ...(signal && { signal }),
    };
    const child = execFile(exec.command, exec.args ?? [], options, (error, stdout) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      if (error) return reject(refuse(problemOf(error)));
      const { success, output } = v.safeParse(credential, jsonIn(stdout));
      const status = success ? output.status : undefined;
      const { token, clientCertificateData: cert, clientKeyData: key } = status ?? {};
      if (!token && !(cert && key)) return reject(refuse(phrase('printed no credentials. Log in again.')));
      const expires = Date.parse(status?.expirationTimestamp ?? '');
      resolve({
        token: token ?? undefined,
        cert: cert ?? undefined,
        key: key ?? undefined,
        expiresAt: Number.isNaN(expires) ? undefined : expires,
      });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end();
  });
}

function problemOf(error: Error & { code?: unknown; killed?: boolean }): Phrase {
  if (error.code === 'ENOENT') return phrase('is not on the PATH.');
  if (error.killed) return phrase('did not answer within {seconds} s.', { seconds: patienceMs / 1000 });
  // What it printed may hold secrets.
  return phrase('failed ({code}). Log in again.', { code: String(error.code) });
}
