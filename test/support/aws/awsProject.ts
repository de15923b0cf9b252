import { openAwsLambda } from '../../../runtime/deploy/aws-lambda/index.ts';
import { DeployEngine, type ApplyOptions } from '../../../runtime/deploy/engine.ts';
import type {
  DeployInput,
  DeployTarget,
  Verification,
  VerifyingEvent,
} from '../../../runtime/deploy/target.ts';
import type { DeployPlan, DeployProgress, DeployResult } from '../../../runtime/model/deploy.ts';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive, type ArchiveStart } from '../../../runtime/packaging/archive.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { versionsOf } from '../deployProject.ts';
import type { FaultyProxy } from '../faultyProxy.ts';
import { functionDefinition } from '../functionDefinition.ts';
import { addressed } from './emulator.ts';

/** Values that nobody may be told. */
export const secrets = { variable: 'planted-secret-in-env', key: 'planted-secret-access-key' };
export const role = 'arn:aws:iam::123456789012:role/functions';

/** A project of one function of AWS Lambda, and what is deployed of it. */
export class AwsProject {
  readonly proxy: FaultyProxy;
  readonly name: string;
  code = 'exports.handler = async () => 1;';
  changes: Partial<FunctionDefinition> = {};
  environment: Record<string, string> = { API_TOKEN: secrets.variable };
  here: Verification = { answered: true, status: 'ok', durationMs: 1, result: '1' };
  event: VerifyingEvent = { bytes: Buffer.from('{}'), trigger: 'event', expects: false, check: () => [] };
  settings: Record<string, unknown> = {};
  /** How it is started, where that is no handler. */
  start: ArchiveStart | undefined;
  directBytes: number | undefined;
  /** Everything that was told to anybody. */
  readonly told: unknown[] = [];

  constructor(proxy: FaultyProxy, name: string) {
    this.proxy = proxy;
    this.name = name;
  }

  #definition(): FunctionDefinition {
    return {
      ...functionDefinition('/p', { name: this.name }),
      runtime: 'nodejs22.x',
      memoryMB: 256,
      ...this.changes,
    };
  }

  target(): Promise<DeployTarget> {
    const settings = { region: 'us-east-1', role, endpoint: this.proxy.url, ...this.settings };
    const context = { functions: () => Promise.resolve([this.#definition()]) };
    const { directBytes } = this;
    return openAwsLambda('prod', settings, context, directBytes === undefined ? {} : { directBytes });
  }

  async versions(): Promise<string[]> {
    return versionsOf(await this.target(), this.name);
  }

  engine(): DeployEngine {
    const definition = this.#definition();
    const { environment, event } = this;
    const input: DeployInput = { definition, environment, runnable: true, findings: [], event };
    const start: ArchiveStart = this.start ?? { entry: 'index.js', loader: 'script', exportName: 'handler' };
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

  async plan(): Promise<DeployPlan> {
    const plan = await this.engine().plan('prod');
    this.told.push(plan);
    return plan;
  }

  async deploy(options: Partial<ApplyOptions> = {}): Promise<DeployResult['functions'][number]> {
    const engine = this.engine();
    const progress: DeployProgress[] = [];
    const plan = await engine.plan('prod');
    const result = await engine.apply(plan.id, {
      signal: new AbortController().signal,
      ...options,
      onProgress: (step) => {
        progress.push(step);
        options.onProgress?.(step);
      },
    });
    this.told.push(plan, progress, result);
    return result.functions[0]!;
  }

  /** The version that callers of the alias get, read by nothing of ours. */
  async served(): Promise<string | undefined> {
    const url = `${this.proxy.url}/2015-03-31/functions/${this.name}/aliases/live`;
    const answer = await fetch(url, { headers: addressed('lambda') });
    return answer.ok ? ((await answer.json()) as { FunctionVersion: string }).FunctionVersion : undefined;
  }
}
