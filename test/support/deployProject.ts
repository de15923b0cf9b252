import { DeployEngine, type ApplyOptions } from '../../runtime/deploy/engine.ts';
import type { DeployInput, DeployTarget, Verification, VerifyingEvent } from '../../runtime/deploy/target.ts';
import type { TargetContext } from '../../runtime/deploy/targetContext.ts';
import type { DeployPlan, DeployProgress, DeployResult } from '../../runtime/model/deploy.ts';
import type { FunctionDefinition } from '../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive, type ArchiveStart } from '../../runtime/packaging/archive.ts';
import { findPlatform } from '../../runtime/platforms/index.ts';

/** An event of which nothing is expected. */
export function sampleOf(event: string | Uint8Array): VerifyingEvent {
  return { bytes: Buffer.from(event), trigger: 'event', expects: false, check: () => [] };
}

/** Versions of a function that is deployed, as texts: name, whether it serves, and its share. */
export async function versionsOf(target: DeployTarget, name: string): Promise<string[]> {
  const found = (await target.list()).find((each) => each.function === name);
  return (found?.versions ?? []).map(({ version, current, percent }) => `${version} ${current} ${percent}`);
}

/** A project of one function, and what is deployed of it on the target `prod`. */
export abstract class DeployProject {
  readonly name: string;
  code = 'exports.handler = async () => 1;';
  changes: Partial<FunctionDefinition> = {};
  environment: Record<string, string>;
  here: Verification = { answered: true, status: 'ok', durationMs: 1, result: '1' };
  /** What new versions are invoked with. */
  event: VerifyingEvent = sampleOf('{"sample":true}');
  /** How it is started, where that is not as usual. */
  start: ArchiveStart | undefined;
  /** Of the target. */
  settings: Record<string, unknown> = {};
  /** Everything that was told to anybody. */
  readonly told: unknown[] = [];

  constructor(name: string, environment: Record<string, string>) {
    this.name = name;
    this.environment = environment;
  }

  protected abstract definition(): FunctionDefinition;
  protected abstract open(context: TargetContext): Promise<DeployTarget>;

  protected usualStart(): ArchiveStart {
    return { entry: 'index.js', loader: 'script', exportName: 'handler' };
  }

  engine(): DeployEngine {
    const definition = this.definition();
    const { environment, event } = this;
    const input: DeployInput = { definition, environment, runnable: true, findings: [], event };
    const start = this.start ?? this.usualStart();
    return new DeployEngine({
      read: () => Promise.resolve([input]),
      archive: () =>
        Promise.resolve(createArchive([builtFile(start.entry, Buffer.from(this.code))], start, [])),
      platform: ({ platform }) => findPlatform(platform),
      target: () => this.target(),
      rehearse: () => Promise.resolve(this.here),
      now: () => 0,
    });
  }

  target(): Promise<DeployTarget> {
    return this.open({ functions: () => Promise.resolve([this.definition()]) });
  }

  async plan(): Promise<DeployPlan['functions'][number]> {
    const plan = await this.noting(this.engine().plan('prod'));
    return plan.functions[0]!;
  }

  async deploy(options: Partial<ApplyOptions> = {}): Promise<DeployResult['functions'][number]> {
    const engine = this.engine();
    const progress: DeployProgress[] = [];
    const plan = await this.noting(engine.plan('prod'));
    const applied = engine.apply(plan.id, {
      signal: new AbortController().signal,
      ...options,
      onProgress: (step) => {
        progress.push(step);
        options.onProgress?.(step);
      },
    });
    const result = await this.noting(applied);
    this.told.push(progress);
    return result.functions[0]!;
  }

  async rollBack(to?: string): Promise<DeployResult['functions'][number]> {
    return (await this.noting(this.engine().rollBack('prod', this.name, to))).functions[0]!;
  }

  async versions(): Promise<string[]> {
    return versionsOf(await this.target(), this.name);
  }

  async noting<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.told.push(result);
      return result;
    } catch (error) {
      if (error instanceof Error) this.told.push(error.message, Object.entries(error));
      throw error;
    }
  }
}
