import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  DeployedAnswer,
  DeployPlan,
  DeployProgress,
  DeployResult,
  FunctionPlan,
  PreflightFinding,
} from '../model/deploy.ts';
import { PorchlightError, saidAs, told } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import type { Archive, ArchiveStart } from '../packaging/archive.ts';
import { createRedactor } from '../invocations/redactor.ts';
import { carryOut } from './carryOut.ts';
import { invokeDeployed, removeDeployed, rollBack } from './deployedFunction.ts';
import { followLogs, type FollowOptions } from './followLogs.ts';
import { checkNativeCode } from './nativeCode.ts';
import { noPlaces, type CodePlaces } from './remoteLogs/codePlaces.ts';
import { checkAgainstPlatform } from './preflight.ts';
import { compareSettings } from './settings.ts';
import type { DeployInput, DeployItem, DeployTarget, Verification } from './target.ts';
import { sentences, phrase } from '../support/l10n.ts';

export interface EngineOptions {
  /** The functions as they are now; read again before every step that depends on them. */
  read(target: string): Promise<DeployInput[]>;
  /** Builds what would be sent. Failures are `PorchlightError`s with place and remedy. */
  archive(definition: FunctionDefinition, signal: AbortSignal | undefined): Promise<Archive>;
  platform(definition: FunctionDefinition): Platform | undefined;
  /** Reads the target's settings anew; a `PorchlightError` when there is none of that name, or they are wrong. */
  target(name: string): Promise<DeployTarget>;
  /** Invokes a package cold on this machine. */
  rehearse(item: DeployItem, signal: AbortSignal): Promise<Verification>;
  /** Where the code of a function lies on this machine; absent: no stack leads there. */
  places?(definition: FunctionDefinition | undefined): CodePlaces;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A plan with what it was made of. */
interface KeptPlan {
  plan: DeployPlan;
  target: DeployTarget;
  items: Map<string, DeployItem>;
}

export interface PlanOptions {
  signal?: AbortSignal | undefined;
  /** Share of the calls that new versions are to get: whether the target can give it is told. */
  percent?: number | undefined;
}

export interface ApplyOptions {
  onProgress(progress: DeployProgress): void;
  signal: AbortSignal;
  /** Share of the calls that new versions get; all by default. */
  percent?: number | undefined;
}

/** Plans that may still be carried out; older ones are forgotten. */
const keptPlans = 10;
const largestShown = 20;
/** Of a function that is deployed, and not in the project any more. */
const longestTimeoutMs = 900_000;
/** Functions that are looked at at the same time: a target elsewhere takes its time for each. */
const planningAtATime = 8;

/** Plans, applies and rolls back: the same for every target. */
export class DeployEngine {
  readonly #options: EngineOptions;
  readonly #plans = new Map<string, KeptPlan>();
  /** Deploys of one host do not overlap. */
  #applying: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Works out what a deploy would change. Nothing is sent. */
  async plan(
    target: string,
    names?: string[],
    { signal, percent = 100 }: PlanOptions = {},
  ): Promise<DeployPlan> {
    const to = await this.#options.target(target);
    const inputs = chosen(await this.#options.read(target), names, to);
    const items = new Map<string, DeployItem>();
    const functions = await inTurns(inputs, planningAtATime, (input) => {
      signal?.throwIfAborted();
      return this.#planOne(input, to, items, signal);
    });
    if (percent < 100)
      for (const planned of functions) planned.findings.push(...noShare(planned.function, to));
    const plan: DeployPlan = {
      id: randomUUID(),
      target: to.name,
      targetType: to.type,
      functions,
      createdAt: this.#options.now(),
    };
    this.#plans.set(plan.id, { plan, target: to, items });
    for (const id of this.#plans.keys()) if (this.#plans.size > keptPlans) this.#plans.delete(id);
    return plan;
  }

  /** Carries out a plan, function by function. What fails or is cancelled leaves its old version serving. */
  apply(id: string, options: ApplyOptions): Promise<DeployResult> {
    const run = this.#applying.then(() => this.#apply(id, options));
    this.#applying = run.catch(() => {});
    return run;
  }

  /** Serves an earlier version again: `to`, or the one before the current. */
  async rollBack(target: string, name: string, to?: string): Promise<DeployResult> {
    return rollBack(await this.#options.target(target), name, to);
  }

  /** Takes a function away from a target. */
  remove(target: string, name: string): Promise<DeployResult> {
    const run = this.#applying.then(async () => removeDeployed(await this.#options.target(target), name));
    this.#applying = run.catch(() => {});
    return run;
  }

  /** Calls what serves on a target. */
  async invoke(
    target: string,
    call: { name: string; event: Uint8Array },
    signal: AbortSignal,
  ): Promise<DeployedAnswer> {
    const inputs = await this.#options.read(target);
    const found = inputs.find(({ definition }) => definition.name === call.name);
    const timeoutMs = found?.definition.timeoutMs ?? longestTimeoutMs;
    return invokeDeployed(
      await this.#options.target(target),
      { ...call, timeoutMs },
      { ...this.#known(found), now: this.#options.now, signal },
    );
  }

  /** Tells the log of what is deployed on a target. */
  async followLogs(target: string, options: Omit<FollowOptions, 'redact' | 'places'>): Promise<void> {
    const inputs = await this.#options.read(target);
    const found = inputs.find(({ definition }) => definition.name === options.name);
    return followLogs(() => this.#options.target(target), { ...options, ...this.#known(found) });
  }

  /** What has to be known of a function to show what another place says of it. */
  #known(found: DeployInput | undefined): Pick<FollowOptions, 'redact' | 'places'> {
    return {
      redact: createRedactor(found?.environment ?? {}),
      places: this.#options.places?.(found?.definition) ?? noPlaces,
    };
  }

  async #planOne(
    input: DeployInput,
    target: DeployTarget,
    items: Map<string, DeployItem>,
    signal: AbortSignal | undefined,
  ): Promise<FunctionPlan> {
    const { definition } = input;
    const platform = this.#options.platform(definition);
    const environment = sent(input, target, platform);
    const current = await target.current(definition.name);
    const findings: PreflightFinding[] = [...input.findings];
    let content: FunctionPlan['package'] = { hash: '', bytes: 0, files: 0, unchanged: false, largest: [] };
    let start: ArchiveStart | undefined;
    let serves = false;
    try {
      const archive = await this.#options.archive(definition, signal);
      const item: DeployItem = { ...input, environment, archive };
      start = archive.start;
      findings.push(...archive.findings);
      // What is reserved is told, although it is not sent.
      if (platform)
        findings.push(...checkAgainstPlatform({ ...item, environment: input.environment }, platform));
      const machine = target.machine?.(definition);
      if (machine) findings.push(...(await checkNativeCode(item, machine)));
      findings.push(...(await target.preflight(item)));
      serves = current !== undefined && current.packageHash === (await target.packageHash(archive));
      content = await describePackage(item, serves, target);
      items.set(definition.name, item);
    } catch (error) {
      if (!(error instanceof PorchlightError) || error.kind !== 'user') throw error;
      findings.push(findingOf(error, definition));
    }
    const fields = compareSettings(current, { settings: target.settings(definition, start), environment });
    const same = serves && fields.every(({ change }) => change === 'same');
    return {
      function: definition.name,
      change: current === undefined ? 'create' : same ? 'same' : 'change',
      fields,
      package: content,
      findings,
    };
  }

  async #apply(id: string, { onProgress, signal, percent }: ApplyOptions): Promise<DeployResult> {
    const kept = this.#plans.get(id);
    if (!kept) throw new PorchlightError('PLAN_UNKNOWN');
    // Carried out once: afterwards it says nothing about what would change.
    this.#plans.delete(id);
    const { plan, target, items } = kept;
    const errors = plan.functions.flatMap(({ function: name, findings }) => [
      ...findings.filter(({ severity }) => severity === 'error'),
      ...(percent !== undefined && percent < 100 ? noShare(name, target) : []),
    ]);
    if (errors.length > 0) {
      const reasons = new Map(errors.map((finding) => [finding.message, saidAs(finding)]));
      throw new PorchlightError('DEPLOY_BLOCKED', { detail: sentences([...reasons.values()]) });
    }
    const changing = plan.functions.filter(({ change }) => change !== 'same');
    const inputs = changing.length === 0 ? [] : await this.#options.read(plan.target);
    const result: DeployResult = { target: plan.target, functions: [] };
    for (const planned of plan.functions) {
      const name = planned.function;
      if (planned.change === 'same') {
        const current = await target.current(name);
        const urls = await target.urls(name);
        result.functions.push({
          function: name,
          status: 'unchanged',
          urls,
          ...(current ? { version: current.version } : {}),
        });
        continue;
      }
      const item = items.get(name)!;
      const now = inputs.find(({ definition }) => definition.name === name);
      result.functions.push(
        await carryOut({
          plan: plan.id,
          item,
          target,
          signal,
          // The project may have changed since the plan was looked at; nobody deploys what nobody has seen.
          check: () => {
            const { definition, environment } = item;
            const stays =
              now &&
              isDeepStrictEqual(
                [now.definition, sent(now, target, this.#options.platform(now.definition))],
                [definition, environment],
              );
            return stays ? Promise.resolve() : Promise.reject(new PorchlightError('PLAN_UNKNOWN'));
          },
          rebuild: () => this.#options.archive(item.definition, signal),
          rehearse: (rehearsed, rehearsal) => this.#options.rehearse(rehearsed, rehearsal),
          redact: createRedactor(item.environment),
          ...(percent === undefined ? {} : { percent }),
          onProgress: (progress) =>
            onProgress({
              ...progress,
              fraction: (changing.indexOf(planned) + progress.fraction) / changing.length,
            }),
        }),
      );
    }
    return result;
  }
}

function chosen(inputs: DeployInput[], names: string[] | undefined, target: DeployTarget): DeployInput[] {
  const taken = ({ definition }: DeployInput): boolean =>
    target.platforms?.includes(definition.platform) ?? true;
  if (!names || names.length === 0) {
    const fit = inputs.filter((input) => input.runnable && taken(input));
    if (fit.length > 0 || inputs.some(taken) || !target.platforms) return fit;
    const platforms = target.platforms.join(', ');
    throw new PorchlightError('TARGET_TAKES_NONE', { target: target.name, platforms });
  }
  const known = inputs.map(({ definition }) => definition.name);
  return [...new Set(names)].map((name) => {
    const input = inputs.find(({ definition }) => definition.name === name);
    if (!input) throw new PorchlightError('FUNCTION_UNKNOWN', { name, known: known.join(', ') });
    if (!taken(input)) {
      const { platform } = input.definition;
      throw new PorchlightError('TARGET_REFUSES', { function: name, platform, target: target.name });
    }
    return input;
  });
}

/** The environment that a target gets: variables the platform reserves for itself would be refused there. */
function sent(
  { environment }: DeployInput,
  target: DeployTarget,
  platform: Platform | undefined,
): Record<string, string> {
  if (!target.remote || !platform) return environment;
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !platform.isReservedVariable(name)),
  );
}

async function describePackage(
  item: DeployItem,
  serves: boolean,
  target: DeployTarget,
): Promise<FunctionPlan['package']> {
  const { archive } = item;
  const largest = [...archive.files].sort((a, b) => b.bytes - a.bytes).slice(0, largestShown);
  return {
    hash: archive.hash,
    bytes: archive.bytes,
    files: archive.files.length,
    unchanged: serves || (await target.hasPackage(item)),
    largest: largest.map(({ path, bytes }) => ({ path, bytes })),
  };
}

/** Maps a list, some of it at the same time; results are in the list's order, and the first failure ends it. */
async function inTurns<T, R>(
  list: readonly T[],
  atATime: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < list.length; at = next++) results[at] = await map(list[at]!);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, list.length) }, work));
  return results;
}

/** What stands in the way of giving a version a share of the calls. */
function noShare(name: string, target: DeployTarget): PreflightFinding[] {
  if (!target.wholeOnly) return [];
  const detail = phrase(
    '{name} serves one version at a time: none gets a share of the calls. Deploy without --canary.',
    { name: target.name },
  );
  return [{ severity: 'error', ...told('TARGET_OBJECTS', { function: name, detail }) }];
}

function findingOf(error: PorchlightError, definition: FunctionDefinition): PreflightFinding {
  const { path, file, line } = error.facts;
  const place = typeof path === 'string' ? path : typeof file === 'string' ? file : undefined;
  const declared = definition.handlerAt ?? definition.declaredAt;
  return {
    severity: 'error',
    code: error.code,
    message: error.message,
    facts: error.facts,
    file: place ?? declared.file,
    line: place !== undefined && typeof line === 'number' ? line : declared.line,
  };
}
