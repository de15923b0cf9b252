import { setTimeout as wait } from 'node:timers/promises';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { PorchlightError } from '../../model/errors.ts';
import { badAnswer, nameOf, refusal, type AwsService } from './awsRefusal.ts';
import type { AwsSdk } from './loadSdk.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

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

export interface ChangeOptions {
  /** What it refers to was just made, and may not be known everywhere yet. */
  fresh?: boolean;
  /** Whether what it makes is there already: a conflict says that, or that something else is under way. */
  made?: () => Promise<boolean>;
  /** It is not repeated where it may have been carried out. */
  once?: boolean;
}

type Lambda = InstanceType<AwsSdk['LambdaClient']>;
/**
 * Calls to AWS with what every deploy needs: time limits, repetitions where AWS asks for them (the SDK's own for
 * throttling and failures of the service, ours for what is still under way), and errors with a remedy.
 */
export class LambdaApi {
  readonly sdk: AwsSdk;
  readonly region: string;
  readonly #lambda: Lambda;
  #once: Lambda | undefined;
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
   * known yet.
   */
  async change<T>(
    action: string,
    call: (lambda: Lambda) => Promise<T>,
    signal?: AbortSignal,
    { fresh = false, made, once = false }: ChangeOptions = {},
  ): Promise<T> {
    const since = Date.now();
    const lambda = once ? this.#onceOnly() : this.#lambda;
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await call(lambda);
      } catch (error) {
        signal?.throwIfAborted();
        const isNew = isNewRole(error) || (fresh && nameOf(error) === 'ResourceNotFoundException');
        // What is throttled has not begun.
        const waits = isUnderWay(error) || (once && nameOf(error) === 'TooManyRequestsException');
        const patience = waits ? conflictMs : isNew ? spreadMs : 0;
        const isThere = nameOf(error) === 'ResourceConflictException' && (await made?.());
        if (isThere || Date.now() - since >= patience) throw this.refusal(action, error);
        await this.#pause(attempt, signal);
      }
    }
  }

  /** A change that takes something away; what is not there is as it should be. */
  async remove(action: string, call: (lambda: Lambda) => Promise<unknown>): Promise<void> {
    try {
      await this.change(action, call);
    } catch (error) {
      if (!isRefusal(error, 'ResourceNotFoundException')) throw error;
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

  /** A function as a version, an alias or (without a qualifier) its unpublished state has it; undefined when there is none. */
  async findFunction(
    name: string,
    qualifier?: string,
    signal?: AbortSignal,
  ): Promise<FunctionConfiguration | undefined> {
    const input = { FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) };
    const found = await this.find('GetFunction', (lambda) =>
      lambda.send(new this.sdk.GetFunctionCommand(input), signal ? { abortSignal: signal } : {}),
    );
    // An empty answer does not say that there is no function.
    if (found && !found.Configuration) throw badAnswer('GetFunction', found.$metadata.httpStatusCode);
    return found?.Configuration;
  }

  /** Waits until a function has taken over its last change; a change that failed is an error with AWS's reason. */
  async settled(name: string, signal?: AbortSignal, qualifier?: string): Promise<FunctionConfiguration> {
    const found = await this.atRest(name, signal, qualifier);
    const { State, LastUpdateStatus, StateReason, LastUpdateStatusReason } = found ?? {};
    if (found && State !== 'Failed' && LastUpdateStatus !== 'Failed') return found;
    const reason =
      (State === 'Failed' ? StateReason : LastUpdateStatusReason) ?? phrase('no reason was given.');
    throw changeRefused('Failed', found ? reason : phrase('{name} is gone again.', { name }));
  }

  /**
   * A function once nothing is under way with it, whatever came of its last change: a next one may do better. Undefined
   * when it is gone. `State`s that are not known here say nothing that is waited for, and emulators leave them out.
   */
  async atRest(
    name: string,
    signal?: AbortSignal,
    qualifier?: string,
  ): Promise<FunctionConfiguration | undefined> {
    const since = Date.now();
    for (let attempt = 0, wasThere = false; ; attempt++) {
      signal?.throwIfAborted();
      const found = await this.findFunction(name, qualifier, signal);
      const { State, LastUpdateStatus } = found ?? {};
      const still = State === 'Pending' || State === 'Deleting' || LastUpdateStatus === 'InProgress';
      if (found && !still) return found;
      if (!found && wasThere) return undefined;
      wasThere ||= State === 'Deleting';
      if (Date.now() - since > settleMs) {
        const how = found ? (State ?? phrase('being changed')) : phrase('not there');
        const detail = phrase('{name} is still {how} after {seconds} s. A later deploy completes it.', {
          name,
          how,
          seconds: settleMs / 1000,
        });
        throw changeRefused('Timeout', detail);
      }
      await this.#pause(attempt, signal);
    }
  }

  /** What to tell of an error of the SDK, of one of the services that a deploy asks. */
  refusal(action: string, error: unknown, service?: AwsService): unknown {
    return refusal(action, error, this.#options, service);
  }

  #onceOnly(): Lambda {
    return (this.#once ??= new this.sdk.LambdaClient({ ...this.clientSettings(), maxAttempts: 1 }));
  }

  async #pause(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    const ms = Math.min((this.#options.pollMs ?? 500) * 1.5 ** attempt, 5000);
    await wait(ms, undefined, signal ? { signal } : {});
  }
}

/** Whether an error of `LambdaApi` is a refusal with this code. */
export function isRefusal(error: unknown, code: string): boolean {
  return error instanceof PorchlightError && error.facts['code'] === code;
}

function changeRefused(code: string, detail: string | Phrase): PorchlightError {
  return new PorchlightError('CLOUD_REFUSED', {
    service: 'AWS Lambda',
    action: phrase('the change'),
    code,
    detail,
  });
}

/** Another change is being taken over. */
function isUnderWay(error: unknown): boolean {
  const name = nameOf(error);
  return (
    name === 'ResourceNotReadyException' ||
    name === 'SnapStartNotReadyException' ||
    // An event source mapping that is being made or changed.
    name === 'ResourceInUseException' ||
    name === 'ResourceConflictException'
  );
}

function isNewRole(error: unknown): boolean {
  return (
    nameOf(error) === 'InvalidParameterValueException' && /cannot be assumed by Lambda/i.test(String(error))
  );
}
