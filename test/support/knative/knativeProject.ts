import { join } from 'node:path';
import { DeployEngine, type ApplyOptions } from '../../../runtime/deploy/engine.ts';
import { openKnative } from '../../../runtime/deploy/knative/index.ts';
import type {
  DeployInput,
  DeployTarget,
  Verification,
  VerifyingEvent,
} from '../../../runtime/deploy/target.ts';
import type {
  DeployPlan,
  DeployProgress,
  DeployResult,
  FunctionPlan,
} from '../../../runtime/model/deploy.ts';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { usualProcess } from '../../../runtime/model/platformDefaults.ts';
import { webEvent } from '../../../runtime/model/webMessage.ts';
import { builtFile, createArchive } from '../../../runtime/packaging/archive.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { sampleOf } from '../deployProject.ts';
import { functionDefinition } from '../functionDefinition.ts';

/** Planted where secrets are; nothing that anybody is told may have them. */
export const secrets = {
  variable: 'planted-secret-in-env',
  token: 'planted-cluster-token',
  password: 'planted-registry-password',
};

export interface KnativePlacesOf {
  /** Of the cluster's API. */
  server: string;
  gateway?: string;
  registry: string;
  baseImage: string;
  token?: string;
  /** Text of Docker's configuration. */
  docker?: string;
}

/** A project of one function, and what is deployed of it. */
export class KnativeProject {
  readonly places: KnativePlacesOf;
  readonly name: string;
  code = 'exports.handle = () => 1;';
  changes: Partial<FunctionDefinition> = {};
  environment: Record<string, string> = { API_TOKEN: secrets.variable };
  here: Verification = { answered: true, status: 'ok', durationMs: 1 };
  /** What new revisions are asked. */
  event: VerifyingEvent = sampleOf(
    webEvent(
      {
        ...{ method: 'GET', url: '/', rawHeaders: [], body: Buffer.alloc(0) },
        ...{ remoteAddress: '127.0.0.1', pathParameters: {} },
      },
      undefined,
    ),
  );
  settings: Record<string, unknown> = {};
  /** Everything that was told to anybody. */
  readonly told: unknown[] = [];

  constructor(places: KnativePlacesOf, name: string) {
    this.places = places;
    this.name = name;
  }

  get definition(): FunctionDefinition {
    return {
      ...functionDefinition('/p', { name: this.name, platform: 'knative', handler: 'index.handle' }),
      process: usualProcess('knative', 'nodejs'),
      memoryMB: 256,
      timeoutMs: 30_000,
      ...this.changes,
    };
  }

  target(): Promise<DeployTarget> {
    const { server, gateway, registry, baseImage, token = secrets.token, docker } = this.places;
    const kubeconfig = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [{ name: 'here', cluster: { server } }],
      users: [{ name: 'me', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'here', user: 'me', namespace: 'shop' } }],
    });
    const file = (path: string, text: string | undefined) => (asked: string) =>
      Promise.resolve(asked === path ? text : undefined);
    const settings = {
      registry: `${registry}/team`,
      baseImage,
      ...(gateway && { gateway }),
      ...this.settings,
    };
    return openKnative(
      'prod',
      settings,
      { functions: () => Promise.resolve([this.definition]) },
      {
        kube: { env: {}, home: '/home', read: file(join('/home', '.kube', 'config'), kubeconfig) },
        registry: {
          env: {},
          home: '/home',
          read: file(join('/home', '.docker', 'config.json'), docker),
          ask: () => Promise.resolve(undefined),
        },
        pollMs: 2,
      },
    );
  }

  engine(): DeployEngine {
    const { definition, environment, event } = this;
    const input: DeployInput = { definition, environment, runnable: true, findings: [], event };
    const start = { entry: 'index.js', loader: 'script', exportName: 'handle' } as const;
    const files = [builtFile('index.js', Buffer.from(this.code))];
    return new DeployEngine({
      read: () => Promise.resolve([input]),
      archive: () => Promise.resolve(createArchive(files, start, [])),
      platform: ({ platform }) => findPlatform(platform),
      target: () => this.target(),
      rehearse: () => Promise.resolve(this.here),
      now: () => 0,
    });
  }

  async plan(): Promise<FunctionPlan> {
    const plan = await this.engine().plan('prod');
    this.told.push(plan);
    return plan.functions[0]!;
  }

  async deploy(options: Partial<ApplyOptions> = {}): Promise<DeployResult['functions'][number]> {
    const engine = this.engine();
    const progress: DeployProgress[] = [];
    const plan: DeployPlan = await engine.plan('prod');
    this.told.push(plan);
    try {
      const result = await engine.apply(plan.id, {
        signal: new AbortController().signal,
        ...options,
        onProgress: (step) => {
          progress.push(step);
          options.onProgress?.(step);
        },
      });
      this.told.push(progress, result);
      return result.functions[0]!;
    } catch (error) {
      this.told.push(progress, String(error));
      throw error;
    }
  }

  async rollBack(to?: string): Promise<DeployResult['functions'][number]> {
    const result = await this.engine().rollBack('prod', this.name, to);
    this.told.push(result);
    return result.functions[0]!;
  }
}
