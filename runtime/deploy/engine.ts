import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  DeployPlan,
  DeployProgress,
  DeployResult,
  FunctionPlan,
  PreflightFinding,
} from '../model/deploy.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import type { Archive } from '../packaging/archive.ts';
import { carryOut } from './carryOut.ts';
import { checkAgainstPlatform } from './preflight.ts';
import { compareSettings, deployedSettings } from './settings.ts';
import type { DeployInput, DeployItem, DeployTarget } from './target.ts';

export interface EngineOptions {
  /** The functions as they are now; read again before every step that depends on them. */
  read(target: string): Promise<DeployInput[]>;
  /** Builds what would be sent. Failures are `PorchlightError`s with place and remedy. */
  archive(definition: FunctionDefinition, signal: AbortSignal | undefined): Promise<Archive>;
  platform(definition: FunctionDefinition): Platform | undefined;
  target(name: string): DeployTarget;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A plan with what it was made of. */
interface KeptPlan {
  plan: DeployPlan;
  items: Map<string, DeployItem>;
}

/** Plans that may still be carried out; older ones are forgotten. */
const keptPlans = 10;
const largestShown = 20;

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
  async plan(target: string, names?: string[], signal?: AbortSignal): Promise<DeployPlan> {
    const to = this.#options.target(target);
    const inputs = chosen(await this.#options.read(target), names);
    const items = new Map<string, DeployItem>();
    const functions: FunctionPlan[] = [];
    for (const input of inputs) {
      signal?.throwIfAborted();
      functions.push(await this.#planOne(input, to, items, signal));
    }
    const plan: DeployPlan = {
      id: randomUUID(),
      target: to.name,
      targetType: to.type,
      functions,
      createdAt: this.#options.now(),
    };
    this.#plans.set(plan.id, { plan, items });
    for (const id of this.#plans.keys()) if (this.#plans.size > keptPlans) this.#plans.delete(id);
    return plan;
  }

  /** Carries out a plan, function by function. What fails or is cancelled leaves its old version serving. */
  apply(
    id: string,
    onProgress: (progress: DeployProgress) => void,
    signal: AbortSignal,
  ): Promise<DeployResult> {
    const run = this.#applying.then(() => this.#apply(id, onProgress, signal));
    this.#applying = run.catch(() => {});
    return run;
  }

  /** Serves an earlier version again: `to`, or the one before the current. */
  async rollBack(target: string, name: string, to?: string): Promise<DeployResult> {
    const where = this.#options.target(target);
    const deployed = (await where.list()).find(({ function: known }) => known === name);
    const versions = deployed?.versions ?? [];
    const at = versions.findIndex(({ current }) => current);
    const version =
      to === undefined
        ? versions.slice(at + 1).find(({ verified }) => verified)
        : versions.find(({ version: known }) => known === to);
    if (!version) throw new PorchlightError('VERSION_UNKNOWN', { function: name, version: to, target });
    const previous = versions[at]?.version;
    const message = await where.switchTo(name, version.version);
    return {
      target,
      functions: [
        {
          function: name,
          version: version.version,
          ...(previous === undefined ? {} : { previous }),
          status: 'rolledBack',
          ...(message === undefined ? {} : { message }),
          urls: deployed?.urls ?? [],
        },
      ],
    };
  }

  async #planOne(
    input: DeployInput,
    target: DeployTarget,
    items: Map<string, DeployItem>,
    signal: AbortSignal | undefined,
  ): Promise<FunctionPlan> {
    const { definition, environment } = input;
    const current = await target.current(definition.name);
    const fields = compareSettings(current, { settings: deployedSettings(definition), environment });
    const findings: PreflightFinding[] = [...input.findings];
    let content: FunctionPlan['package'] = { hash: '', bytes: 0, files: 0, unchanged: false, largest: [] };
    try {
      const archive = await this.#options.archive(definition, signal);
      const item: DeployItem = { ...input, archive };
      const platform = this.#options.platform(definition);
      findings.push(...archive.findings);
      if (platform) findings.push(...checkAgainstPlatform(item, platform));
      findings.push(...(await target.preflight(item)));
      content = await describePackage(archive, target);
      items.set(definition.name, item);
    } catch (error) {
      if (!(error instanceof PorchlightError) || error.kind !== 'user') throw error;
      findings.push(findingOf(error, definition));
    }
    const same = content.hash === current?.packageHash && fields.every(({ change }) => change === 'same');
    return {
      function: definition.name,
      change: current === undefined ? 'create' : same ? 'same' : 'change',
      fields,
      package: content,
      findings,
    };
  }

  async #apply(
    id: string,
    onProgress: (progress: DeployProgress) => void,
    signal: AbortSignal,
  ): Promise<DeployResult> {
    const kept = this.#plans.get(id);
    if (!kept) throw new PorchlightError('PLAN_UNKNOWN');
    // Carried out once: afterwards it says nothing about what would change.
    this.#plans.delete(id);
    const { plan, items } = kept;
    const errors = plan.functions.flatMap(({ findings }) =>
      findings.filter(({ severity }) => severity === 'error'),
    );
    if (errors.length > 0) {
      throw new PorchlightError('DEPLOY_BLOCKED', { detail: errors.map(({ message }) => message).join(' ') });
    }
    const target = this.#options.target(plan.target);
    const inputs = await this.#options.read(plan.target);
    const changing = plan.functions.filter(({ change }) => change !== 'same');
    const result: DeployResult = { target: plan.target, functions: [] };
    for (const planned of plan.functions) {
      const name = planned.function;
      if (planned.change === 'same') {
        const current = await target.current(name);
        const urls = (await target.list()).find((known) => known.function === name)?.urls ?? [];
        result.functions.push({
          function: name,
          status: 'unchanged',
          urls,
          ...(current ? { version: current.version } : {}),
        });
        continue;
      }
      const now = inputs.find(({ definition }) => definition.name === name);
      result.functions.push(
        await carryOut({
          plan: plan.id,
          item: items.get(name)!,
          target,
          signal,
          // The project may have changed since the plan was looked at; nobody deploys what nobody has seen.
          check: async () => {
            const { definition, environment } = items.get(name)!;
            const stays =
              now && isDeepStrictEqual([now.definition, now.environment], [definition, environment]);
            if (!stays) throw new PorchlightError('PLAN_UNKNOWN');
            return Promise.resolve();
          },
          rebuild: () => this.#options.archive(items.get(name)!.definition, signal),
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

function chosen(inputs: DeployInput[], names: string[] | undefined): DeployInput[] {
  if (!names || names.length === 0) return inputs.filter(({ runnable }) => runnable);
  const known = inputs.map(({ definition }) => definition.name);
  return [...new Set(names)].map((name) => {
    const input = inputs.find(({ definition }) => definition.name === name);
    if (!input) throw new PorchlightError('FUNCTION_UNKNOWN', { name, known: known.join(', ') });
    return input;
  });
}

async function describePackage(archive: Archive, target: DeployTarget): Promise<FunctionPlan['package']> {
  const largest = [...archive.files].sort((a, b) => b.bytes - a.bytes).slice(0, largestShown);
  return {
    hash: archive.hash,
    bytes: archive.bytes,
    files: archive.files.length,
    unchanged: await target.hasPackage(archive.hash),
    largest: largest.map(({ path, bytes }) => ({ path, bytes })),
  };
}

function findingOf(error: PorchlightError, definition: FunctionDefinition): PreflightFinding {
  const { path, file, line } = error.facts;
  const place = typeof path === 'string' ? path : typeof file === 'string' ? file : undefined;
  const declared = definition.handlerAt ?? definition.declaredAt;
  return {
    severity: 'error',
    code: error.code,
    message: error.message,
    file: place ?? declared.file,
    line: place !== undefined && typeof line === 'number' ? line : declared.line,
  };
}
