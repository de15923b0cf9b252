import { execFile } from 'node:child_process';
import * as v from 'valibot';
import { PorchlightError } from '../../../model/errors.ts';
import type { RegistryCredentials } from './credentials.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';
import { jsonIn } from '../../../support/jsonValue.ts';

/** Helpers may ask a person (a key ring that is locked), or a cloud. */
const patienceMs = 60_000;
const largestAnswer = 64 * 1024;

const answer = v.looseObject({ Username: v.string(), Secret: v.string() });

/** User name by which a helper says that its secret is an identity token. */
const tokenUser = '<token>';

/**
 * Asks a credential helper of Docker's (docker/docker-credential-helpers) for a registry: `docker-credential-<name> get`,
 * the registry on its input, JSON on its output. Undefined when it knows none.
 */
export function askHelper(
  name: string,
  registry: string,
  { env, signal }: { env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<RegistryCredentials | undefined> {
  const program = `docker-credential-${name}`;
  const refuse = (detail: Phrase): PorchlightError =>
    new PorchlightError('CREDENTIALS_MISSING', {
      service: registry,
      remedy: phrase('{program} {detail}', { program, detail }),
    });
  // It is looked up on the PATH, and must not lead elsewhere.
  if (!/^[\w.-]+$/.test(name)) return Promise.reject(refuse(phrase('is no name of a credential helper.')));
  return new Promise((resolve, reject) => {
    const options = {
      env,
      timeout: patienceMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: largestAnswer,
      windowsHide: true,
      ...(signal && { signal }),
    };
    const child = execFile(program, ['get'], options, (error, stdout, stderr) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      // "credentials not found in native keychain" is how all of them say that they have none.
      if (error && /credentials not found/i.test(`${stdout}${stderr}`)) return resolve(undefined);
      if (error) return reject(refuse(problemOf(error)));
      const { success, output } = v.safeParse(answer, jsonIn(stdout));
      if (!success) return reject(refuse(phrase('answered with something else than credentials.')));
      const { Username: username, Secret: secret } = output;
      if (secret === '') return resolve(undefined);
      resolve(
        username === tokenUser
          ? { kind: 'identityToken', token: secret }
          : { kind: 'password', username, password: secret },
      );
    });
    // One that ends without reading is told by how it ended.
    child.stdin?.on('error', () => {});
    child.stdin?.end(registry);
  });
}

function problemOf(error: Error & { code?: unknown; killed?: boolean }): Phrase {
  if (error.code === 'ENOENT') return phrase('is not on the PATH. Install it, or log in without it.');
  if (error.killed) return phrase('did not answer within {seconds} s.', { seconds: patienceMs / 1000 });
  // What it printed may hold secrets.
  return phrase('failed ({code}). Run docker login again.', { code: String(error.code) });
}
