import { DeployEngine, type ApplyOptions } from '../../../runtime/deploy/engine.ts';
import { openAliyunFc } from '../../../runtime/deploy/aliyun-fc/index.ts';
import type { CredentialPlaces } from '../../../runtime/deploy/aliyun-fc/credentials/credentials.ts';
import type { DeployInput, Verification, VerifyingEvent } from '../../../runtime/deploy/target.ts';
import type { DeployPlan, DeployProgress, DeployResult } from '../../../runtime/model/deploy.ts';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive, type ArchiveStart } from '../../../runtime/packaging/archive.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../functionDefinition.ts';

/** Values that nobody may be told. */
export const secrets = {
  variable: 'planted-secret-in-env',
  key: 'planted-secret-access-key',
  token: 'planted-security-token',
};

/** A project of one function of Function Compute, and what is deployed of it. */
export class FcProject {
  readonly name: string;
  code = 'exports.handler = async () => 1;';
  changes: Partial<FunctionDefinition> = {};
  environment: Record<string, string> = { API_TOKEN: secrets.variable };
  here: Verification = { answered: true, status: 'ok', durationMs: 1, result: '1' };
  event: VerifyingEvent = {
    bytes: Buffer.from('{"sample":true}'),
    trigger: 'event',
    expects: false,
    check: () => [],
  };
  settings: Record<string, unknown> = {};
  places: CredentialPlaces = {
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIexample',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: secrets.key,
      ALIBABA_CLOUD_SECURITY_TOKEN: secrets.token,
    },
    home: '/nowhere',
    read: () => undefined,
  };
  directBytes: number | undefined;
  /** How it is started, where that is no handler. */
  start: ArchiveStart | undefined;
  /** Everything that was told to anybody. */
  readonly told: unknown[] = [];
  readonly #endpoint: string;

  constructor(endpoint: string, name: string) {
    this.#endpoint = endpoint;
    this.name = name;
  }

  engine(): DeployEngine {
    const definition: FunctionDefinition = {
      ...functionDefinition('/p', { name: this.name, platform: 'aliyun-fc', region: 'cn-hangzhou' }),
      runtime: 'nodejs20',
      memoryMB: 256,
      ...this.changes,
    };
    const { environment, event } = this;
    const input: DeployInput = { definition, environment, runnable: true, findings: [], event };
    const hook = { entry: 'index.js', exportName: 'init', handler: 'index.init' };
    const start: ArchiveStart = this.start ?? {
      entry: 'index.js',
      loader: 'script',
      exportName: 'handler',
      ...(definition.initializer && { initializer: hook }),
    };
    const settings = { endpoint: this.#endpoint, ...this.settings };
    const context = {
      functions: () => Promise.resolve([definition]),
    };
    return new DeployEngine({
      read: () => Promise.resolve([input]),
      archive: () =>
        Promise.resolve(createArchive([builtFile(start.entry, Buffer.from(this.code))], start, [])),
      platform: ({ platform }) => findPlatform(platform),
      target: () => openAliyunFc('prod', settings, context, this.#options()),
      rehearse: () => Promise.resolve(this.here),
      now: () => 0,
    });
  }

  #options() {
    const { places, directBytes } = this;
    return { places, pollMs: 1, ...(directBytes !== undefined && { directBytes }) };
  }

  async plan(): Promise<DeployPlan['functions'][number]> {
    const plan = await this.#noting(this.engine().plan('prod'));
    return plan.functions[0]!;
  }

  async deploy(options: Partial<ApplyOptions> = {}): Promise<DeployResult['functions'][number]> {
    const engine = this.engine();
    const progress: DeployProgress[] = [];
    const plan = await this.#noting(engine.plan('prod'));
    const applied = engine.apply(plan.id, {
      signal: new AbortController().signal,
      ...options,
      onProgress: (step) => {
        progress.push(step);
        options.onProgress?.(step);
      },
    });
    const result = await this.#noting(applied);
    this.told.push(progress);
    return result.functions[0]!;
  }

  async rollBack(): Promise<DeployResult['functions'][number]> {
    return (await this.#noting(this.engine().rollBack('prod', this.name))).functions[0]!;
  }

  async #noting<T>(work: Promise<T>): Promise<T> {
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
