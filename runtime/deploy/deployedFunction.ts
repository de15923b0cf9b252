import type { DeployedAnswer, DeployResult } from '../model/deploy.ts';
import { PorchlightError } from '../model/errors.ts';
import { calledInvocation } from './remoteLogs/calledInvocation.ts';
import type { CodePlaces } from './remoteLogs/codePlaces.ts';
import type { DeployedCall, DeployTarget } from './target.ts';
import { spoken, phrase } from '../support/l10n.ts';

/* What is done with functions that are deployed already. */

/**
 * Serves an earlier version again: `to`, or the one before the current. While calls are shared it is the current one that was before:
 * it gets all of them again.
 */
export async function rollBack(where: DeployTarget, name: string, to?: string): Promise<DeployResult> {
  const deployed = (await where.list()).find(({ function: known }) => known === name);
  const versions = deployed?.versions ?? [];
  const at = versions.findIndex(({ current }) => current);
  const shared = versions.find(({ current, percent }) => !current && percent !== undefined);
  const before = shared && versions[at] ? [versions[at]] : versions.slice(at + 1);
  const version =
    to === undefined
      ? before.find(({ verified }) => verified)
      : versions.find(({ version: known }) => known === to);
  if (!version) {
    throw new PorchlightError('VERSION_UNKNOWN', { function: name, version: to, target: where.name });
  }
  const previous =
    (shared?.version === version.version ? undefined : shared?.version) ?? versions[at]?.version;
  const told = await where.switchTo(name, version.version);
  return {
    target: where.name,
    functions: [
      {
        function: name,
        version: version.version,
        ...(previous === undefined ? {} : { previous }),
        status: 'rolledBack',
        ...(told === undefined ? {} : spoken(told)),
        urls: deployed?.urls ?? [],
      },
    ],
  };
}

/** Takes a function away from a target, with its versions and what calls it. Only one that serves there can be meant. */
export async function removeDeployed(where: DeployTarget, name: string): Promise<DeployResult> {
  const { version } = await serving(where, name);
  await where.remove(name);
  return { target: where.name, functions: [{ function: name, version, status: 'removed', urls: [] }] };
}

export interface CallOptions {
  /** Where the function's code lies on this machine. */
  places: CodePlaces;
  /** Takes secrets out of what is kept of the call. */
  redact(text: string): string;
  /** Milliseconds since the epoch. */
  now(): number;
  signal: AbortSignal;
}

/** Calls what serves, once. */
export async function invokeDeployed(
  where: DeployTarget,
  call: DeployedCall,
  { places, redact, now, signal }: CallOptions,
): Promise<DeployedAnswer> {
  const { name } = call;
  if (!where.invoke) {
    const detail = phrase('functions on {name} cannot be called from here; use its address.', {
      name: where.name,
    });
    throw new PorchlightError('TARGET_OBJECTS', { function: name, detail });
  }
  const { version } = await serving(where, name);
  const startedAt = now();
  const answer = await where.invoke(call, signal);
  const { status, startKind, durationMs, message, result } = answer;
  return {
    ...{ target: where.name, function: name, version, status, durationMs },
    ...(startKind !== undefined && { startKind }),
    ...(message !== undefined && { message }),
    ...(result !== undefined && { result }),
    invocation: calledInvocation({ where, call, startedAt, version, answer, places, redact }),
  };
}

async function serving(where: DeployTarget, name: string): Promise<{ version: string }> {
  const current = await where.current(name);
  if (!current) throw new PorchlightError('NOT_DEPLOYED', { function: name, target: where.name });
  return current;
}
