import { setTimeout as wait } from 'node:timers/promises';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { PorchlightError } from '../../model/errors.ts';
import type { AwsSdk } from './loadSdk.ts';

const service = 'AWS Lambda';

/** How long a function may take to become usable after a change: images and networks take minutes. */
const settleMs = 300_000;
/** What was just made, a role or a version, is not yet known everywhere; AWS names some seconds. */
const spreadMs = 30_000;
const conflictMs = 60_000;

export interface ApiOptions {
  sdk: AwsSdk;
  region: string;
  profile?: string | undefined;
  endpoint?: string | undefined;
  /** Milliseconds between two looks at something that is under way. */
  pollMs?: number;
}

export type { FunctionConfiguration };

type Lambda = InstanceType<AwsSdk['LambdaClient']>;
/**
 * Calls to AWS with what every deploy needs: time limits, repetitions where AWS asks for them (the SDK's own for
 * throttling and failures of the service, ours for what is still under way), and errors with a remedy.
 */
export class LambdaApi {
  readonly sdk: AwsSdk;
  readonly region: string;
  readonly #lambda: Lambda;
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.sdk = options.sdk;
    this.region = options.region;
    this.#options = options;
    this.#lambda = new options.sdk.LambdaClient(this.clientSettings());
  }

  /** For clients of other services of the same account. */
  clientSettings() {
    const { region, profile, endpoint } = this.#options;
    return {
      region,
      ...(profile === undefined ? {} : { profile }),
      ...(endpoint === undefined ? {} : { endpoint }),
      maxAttempts: 6,
      // A connection that says nothing any more ends; an upload that moves does not.
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000, throwOnRequestTimeout: true },
    };
  }

  /** One call. `undefined` when what is asked for is not there. */
  async find<T>(action: string, call: (lambda: Lambda) => Promise<T>): Promise<T | undefined> {
    try {
      return await call(this.#lambda);
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return undefined;
      throw this.refusal(action, error);
    }
  }

  /**
   * One call that changes something. It is made again while another change is under way, and while a new role is not
   * known yet; `fresh`: so is what it refers to, which was just made.
   */
  async change<T>(
    action: string,
    call: (lambda: Lambda) => Promise<T>,
    signal?: AbortSignal,
    { fresh = false }: { fresh?: boolean } = {},
  ): Promise<T> {
    const since = Date.now();
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await call(this.#lambda);
      } catch (error) {
        signal?.throwIfAborted();
        const isNew = isNewRole(error) || (fresh && nameOf(error) === 'ResourceNotFoundException');
        const patience = isUnderWay(error) ? conflictMs : isNew ? spreadMs : 0;
        if (Date.now() - since >= patience) throw this.refusal(action, error);
        await this.#pause(attempt, signal);
      }
    }
  }

  /** A change that takes something away; what is not there is as it should be. */
  async remove(action: string, call: (lambda: Lambda) => Promise<unknown>): Promise<void> {
    try {
      await this.change(action, call);
    } catch (error) {
      const code = error instanceof PorchlightError ? error.facts['code'] : undefined;
      if (code !== 'ResourceNotFoundException') throw error;
    }
  }

  /** Looks until there is an answer; undefined after a minute without one. */
  async poll<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
    const since = Date.now();
    for (let attempt = 0; ; attempt++) {
      const found = await look();
      if (found !== undefined || Date.now() - since > conflictMs) return found;
      await this.#pause(attempt, undefined);
    }
  }

  /** Waits until a function has taken over its last change; a change that failed is an error with AWS's reason. */
  async settled(name: string, signal?: AbortSignal, qualifier?: string): Promise<FunctionConfiguration> {
    const since = Date.now();
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      const found = await this.find('GetFunction', (lambda) =>
        lambda.send(
          new this.sdk.GetFunctionCommand({ FunctionName: name, ...(qualifier && { Qualifier: qualifier }) }),
          signal ? { abortSignal: signal } : {},
        ),
      );
      const configuration = found?.Configuration;
      const { State, LastUpdateStatus, StateReason, LastUpdateStatusReason } = configuration ?? {};
      if (State === 'Failed' || LastUpdateStatus === 'Failed') {
        const detail = (State === 'Failed' ? StateReason : LastUpdateStatusReason) ?? 'no reason was given.';
        throw new PorchlightError('CLOUD_REFUSED', { service, action: 'the change', code: 'Failed', detail });
      }
      // Emulators leave the states out.
      const still = State === 'Pending' || LastUpdateStatus === 'InProgress';
      if (configuration && !still) return configuration;
      if (Date.now() - since > settleMs) {
        const detail = `${name} is still ${configuration ? (State ?? 'being changed') : 'not there'} after ${settleMs / 1000} s. A later deploy completes it.`;
        throw new PorchlightError('CLOUD_REFUSED', {
          service,
          action: 'the change',
          code: 'Timeout',
          detail,
        });
      }
      await this.#pause(attempt, signal);
    }
  }

  /** What to tell of an error of the SDK. `rights`: the service whose right is missing. */
  refusal(action: string, error: unknown, rights = 'lambda'): unknown {
    if (!(error instanceof Error) || error.name === 'AbortError' || error instanceof PorchlightError)
      return error;
    const code = nameOf(error);
    const detail = error.message;
    if (code === 'CredentialsProviderError' || code === 'TokenProviderError' || code === 'ProviderError') {
      const { profile } = this.#options;
      const remedy = profile
        ? `Check profile "${profile}" in ~/.aws/config (aws configure --profile ${profile}, or aws sso login --profile ${profile}).`
        : 'Run aws configure or aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile for the target.';
      return new PorchlightError('CREDENTIALS_MISSING', {
        service: 'AWS',
        remedy: `${sentence(detail)} ${remedy}`,
      });
    }
    if (refusedCredentials.has(code)) {
      const remedy =
        code.startsWith('Expired') || code.startsWith('RequestExpired')
          ? 'Sign in again (aws sso login), or get new temporary credentials.'
          : code.startsWith('AccessDenied')
            ? `They need the right ${rights}:${action}.`
            : 'Check the access key, its secret, and the clock of this machine.';
      return new PorchlightError('CREDENTIALS_REFUSED', {
        service: 'AWS',
        code,
        detail: sentence(detail),
        remedy,
      });
    }
    if (isUnreachable(error)) {
      const endpoint = this.#options.endpoint ?? `lambda.${this.region}`;
      return new PorchlightError('CLOUD_UNREACHABLE', {
        service,
        endpoint,
        action,
        detail: sentence(detail || code),
      });
    }
    if ('$metadata' in error) {
      return new PorchlightError('CLOUD_REFUSED', { service, action, code, detail: sentence(detail) });
    }
    return error;
  }

  async #pause(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    const ms = Math.min((this.#options.pollMs ?? 500) * 1.5 ** attempt, 5000);
    await wait(ms, undefined, signal ? { signal } : {});
  }
}

const refusedCredentials = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** The name by which AWS's errors are known. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Another change is being taken over. */
function isUnderWay(error: unknown): boolean {
  const name = nameOf(error);
  return (
    name === 'ResourceNotReadyException' ||
    // An event source mapping that is being made or changed.
    name === 'ResourceInUseException' ||
    (name === 'ResourceConflictException' && !/already exist/i.test(String(error)))
  );
}

function isNewRole(error: unknown): boolean {
  return (
    nameOf(error) === 'InvalidParameterValueException' && /cannot be assumed by Lambda/i.test(String(error))
  );
}

function isUnreachable(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return error.name === 'TimeoutError' || /^(E[A-Z_]+|UND_ERR_\w+|CERT_\w+)$/.test(code);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
