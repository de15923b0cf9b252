import type { AsyncInvokeSettings } from './asyncInvoke.ts';
import type { ContainerSettings } from './containerSettings.ts';
import type { HttpAuth } from './httpAuth.ts';
import type { ProgramSettings } from './program.ts';
import type { TriggerRegistration } from './triggerRegistration.ts';
import type { LanguageId, PlatformId, ProcessModel, SourcePosition } from './words.ts';

/** How instances of a function live. Times in milliseconds. */
export interface ProcessSettings {
  model: ProcessModel;
  /** A resident instance is freed after being idle for this long. */
  idleTimeoutMs: number;
  /** Upper bound of live instances; further invocations queue. */
  maxInstances: number;
  /** Instances that are kept loaded whether called or not (provisioned); within `maxInstances`. */
  minInstances: number;
  /** Invocations that may wait for an instance; more are refused as the platform refuses them. */
  queue: number;
  /** Invocations one instance handles at the same time. */
  concurrency: number;
  /** Booted processes without user code that are kept ready. */
  prewarm: number;
  /** Whether an idle instance is stopped between invocations, as the clouds do. */
  freeze: boolean;
  /** Whether invocations are watched for what surprises in the cloud; `full` follows every promise as well. */
  observe: boolean | 'full';
  /** Whether compiled code is kept from one start to the next. */
  codeCache: boolean;
  /** Whether a spare loads the function's packages before there is a call. */
  preload: boolean;
}

/** What pages of other origins may do with a trigger. */
export interface CorsSettings {
  /** `*`, or origins that may hold one `*`. */
  origins: string[];
  methods: string[];
  headers: string[];
  /** Headers of an answer that pages may read. */
  exposed: string[];
  credentials: boolean;
  /** How long browsers may keep the answer to a preflight, in seconds. */
  maxAgeS?: number;
  /** The cloud also puts its headers on the function's answers, over the function's own. */
  answers: boolean;
}

/** Calls the function over HTTP: `path` may hold `{name}` and a final `{name+}` or `*`; no methods means every method. */
export interface HttpTrigger {
  kind: 'http';
  name: string;
  path: string;
  methods: string[];
  /**
   * First part of `path` that stands for the trigger's own domain in the cloud (function URL, FC HTTP trigger), e.g.
   * `/hello`; the function does not see it.
   */
  mount?: string;
  /** Whether results are passed on while they are made; absent: as is usual where the trigger is stated. */
  streams?: boolean;
  /** Which of the platform's event shapes the function gets, e.g. `function-url`, `http-api`, `rest-api`, `fc3`, `fc2`. */
  shape: string;
  /** Absent: everybody is let in. */
  auth?: HttpAuth;
  /** Absent: nothing is said to pages of other origins, unless the function says it. */
  cors?: CorsSettings;
  /** The domain of its own that `path` is a route of, where the project file says so. */
  domain?: { name: string; protocol?: string; rewrite?: unknown };
  /** Absent: the project file says nothing that its cloud alone would need. */
  registration?: TriggerRegistration;
}

/** A trigger other than HTTP: a source of its kind (`runtime/triggers`) reads what it says and brings its events. */
export interface OtherTrigger {
  kind: 'timer' | 'storage' | 'queue' | 'event';
  name: string;
  /** The trigger's own configuration, as the project file states it. */
  config: Record<string, unknown>;
  /** Where it is declared. */
  at?: SourcePosition;
  /** Where the values of `config` stand, as far as they are in a file. */
  configAt?: Record<string, SourcePosition>;
  /**
   * Expressions of values that are known in the cloud alone, e.g. `!GetAtt Orders.Arn`, by their place within `config`
   * (`Queue`, `Pattern.source.0`). They are missing there, or stand there as text.
   */
  unresolved?: Record<string, string>;
  /** Absent: the project file says nothing that its cloud alone would need. */
  registration?: TriggerRegistration;
}

export type TriggerDefinition = HttpTrigger | OtherTrigger;

/** A life-cycle hook of the platform (e.g. FC initializer): handler string as the cloud writes it. */
export interface HookDefinition {
  handler: string;
  timeoutMs: number;
}

/** How the user's tool chain asked to bundle (SAM `Metadata`); absent means the packaging's own choice. */
export interface BuildDefinition {
  method: 'esbuild';
  entryPoints: string[];
  format?: 'cjs' | 'esm';
  target?: string;
  external: string[];
  minify?: boolean;
  define?: Record<string, string>;
  loader?: Record<string, string>;
}

/** One function as its project file describes it, with every default of its platform filled in. */
export interface FunctionDefinition {
  /** Unique within the project. */
  name: string;
  /** The service it is part of (Function Compute 2.0); absent where there are none. */
  service?: string;
  platform: PlatformId;
  language: LanguageId;
  /** The platform's runtime id, e.g. `nodejs20`, when the project file names one. */
  runtime?: string;
  /** The interpreter `porchlight.yaml` asks for, over the runtime's: a version, e.g. `22` or `22.11`, or a path. */
  interpreter?: string;
  /** `file.export`, as the platform writes it. */
  handler: string;
  /** What it is called with, where its platform knows several ways and the project file says which. */
  signature?: 'http' | 'cloudevent';
  /** Absolute folder the handler string is relative to (CodeUri, `code`). */
  codeRoot: string;
  /** Absolute folders of layers that lie in the project, in their order. */
  layers?: string[];
  process: ProcessSettings;
  memoryMB: number;
  timeoutMs: number;
  /** Size of an instance's temporary folder, when the project file states one. */
  temporaryMB?: number;
  /** Environment stated in the project file; `.env` files are merged in at start. Values may be secret. */
  env: Record<string, string>;
  /** Variables the project file states with a value that is known only in the cloud; they are missing from `env`. */
  unresolvedEnv?: Record<string, { expression: string; at: SourcePosition }>;
  triggers: TriggerDefinition[];
  /** Instances that its cloud keeps ready, and when, as the cloud's API takes it. */
  provision?: { defaultTarget: number; [setting: string]: unknown };
  /** Its HTTP triggers refuse here, too, whom their cloud would not let in. */
  checksAuth?: boolean;
  /** Of its asynchronous invocations; the platform's own rules when absent. */
  asyncInvoke?: AsyncInvokeSettings;
  initializer?: HookDefinition;
  /** Runs after the answers, before the instance is frozen (Function Compute 2.0). */
  preFreeze?: HookDefinition;
  preStop?: HookDefinition;
  build?: BuildDefinition;
  /** What is run, when the function is a program. */
  program?: ProgramSettings;
  /** Paths at which its cluster asks whether it lives, and whether it is ready. */
  healthEndpoints?: { liveness?: string; readiness?: string };
  /** Image that its project file names, e.g. `ghcr.io/team/hello:latest`. */
  image?: string;
  /** Namespace of a cluster that its project file names. */
  namespace?: string;
  /** Of its container in a cluster, where the project file says something of it. */
  container?: ContainerSettings;
  region: string;
  accountId: string;
  description?: string;
  /** Where the function is declared; for a bare folder, its handler. */
  declaredAt: SourcePosition;
  /** Where the handler string stands in the project file. */
  handlerAt?: SourcePosition;
  /** Where the project file says what runs the function. */
  runtimeAt?: SourcePosition;
}

/** Defaults that hold where neither the cloud's file nor `porchlight.yaml` says otherwise. */
export const defaultProcess: ProcessSettings = {
  model: 'resident',
  idleTimeoutMs: 300_000,
  maxInstances: 10,
  minInstances: 0,
  queue: 1000,
  concurrency: 1,
  prewarm: 0,
  freeze: true,
  observe: true,
  codeCache: true,
  preload: true,
};
