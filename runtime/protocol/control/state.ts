import type { HttpTrigger, OtherTrigger, ProcessSettings } from '../../model/functionDefinition.ts';
import type { LanguageId, PlatformId, SourcePosition, StartKind } from '../../model/words.ts';
import type { Facts } from '../../model/errors.ts';

/** Where one instance is in its life. */
export type InstancePhase =
  'starting' | 'prewarmed' | 'loading' | 'idle' | 'busy' | 'frozen' | 'paused' | 'stopping';

/** One live process of a function. */
export interface InstanceState {
  /** Unique within the host's life, e.g. `hello#3`. */
  id: string;
  function: string;
  sequence: number;
  pid: number;
  phase: InstancePhase;
  /** Milliseconds since the epoch. */
  startedAt: number;
  calls: number;
  /** When it will be freed unless it is called, milliseconds since the epoch. */
  freedAt?: number;
  artifact?: string;
  memoryMB?: number;
  /** Address for any Chrome DevTools Protocol client, while its inspector is open. */
  inspector?: string;
  debugged: boolean;
}

/** Median and number of the recorded, undisturbed invocations of one start kind; `wallMs` from acceptance to answer. */
export interface StartStatistics {
  count: number;
  medianMs: number;
}

export type BuildState =
  | { state: 'none' }
  | { state: 'building' }
  | { state: 'ready'; artifact: string; buildMs: number }
  /** `serving`: the artifact that goes on serving in the place of what could not be built. `facts`: as of a problem. */
  | {
      state: 'failed';
      message: string;
      code?: string;
      facts?: Facts;
      at?: SourcePosition;
      serving?: string;
    };

/** A function as clients see it: its definition without values of the environment, and what lives of it. */
export interface FunctionState {
  name: string;
  platform: PlatformId;
  platformName: string;
  language: LanguageId;
  /** Interpreter that runs it, e.g. `Node.js 20.20.2`, once known. */
  interpreter?: string;
  runtime?: string;
  handler: string;
  codeRoot: string;
  /** The file that exports the handler, once found. */
  entryFile?: string;
  declaredAt: SourcePosition;
  handlerAt?: SourcePosition;
  process: ProcessSettings;
  /** The process model as the project states it, before it was switched in a view. */
  configuredModel: ProcessSettings['model'];
  memoryMB: number;
  timeoutMs: number;
  /** Names only: values may be secret. */
  environmentNames: string[];
  triggers: (HttpTrigger | OtherTrigger)[];
  /** Absolute URLs of its HTTP triggers and its plain invoke address. */
  urls: { invoke: string; http: string[] };
  build: BuildState;
  instances: InstanceState[];
  /** What spares load before there is a call, once that is known. */
  preload?: { packages: string[]; refused: { package: string; reason: string }[] };
  queued: number;
  statistics: Partial<Record<StartKind, StartStatistics>>;
}
