import type { TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';
import type { LanguageId, PlatformId, ProcessModel } from '../../../../runtime/model/words.ts';
import type { KnownFunction } from '../workspace.ts';

/** What its project file says of a function, as far as rules about its code need it. */
export interface FunctionFacts {
  name: string;
  platform: PlatformId;
  language: LanguageId;
  model: ProcessModel;
  maxInstances: number;
  timeoutMs: number;
  codeRoot: string;
  triggers: TriggerDefinition[];
  /** The major version of the runtime that the project file names, e.g. 20 of `nodejs20.x`. */
  runtimeVersion: number | undefined;
  /** Gets `(req, resp, context)`: an HTTP trigger of Function Compute 2.0. */
  answersByResponse: boolean;
  /** The file runs as it is written: its folder in the cloud is the one it has here. */
  runsInPlace: boolean;
  /** Variables that something gives the function, with or without a value here. */
  environment: ReadonlySet<string>;
  /** Its code takes variables from somewhere else: which ones only running it would tell. */
  environmentIsOpen: boolean;
  /** What cold starts spend on packages, in milliseconds, as far as a profile tells. */
  importCosts: ReadonlyMap<string, number>;
}

/** Facts of a function from its definition. */
export function factsOf(
  { definition }: Pick<KnownFunction, 'definition'>,
  more: Pick<FunctionFacts, 'environment' | 'environmentIsOpen' | 'runsInPlace' | 'importCosts'>,
): FunctionFacts {
  const { name, platform, language, process, timeoutMs, codeRoot, triggers, runtime } = definition;
  const version = /^nodejs(\d+)/.exec(runtime ?? '')?.[1];
  return {
    name,
    platform,
    language,
    model: process.model,
    maxInstances: process.maxInstances,
    timeoutMs,
    codeRoot,
    triggers,
    runtimeVersion: version === undefined ? undefined : Number(version),
    answersByResponse: triggers.some((trigger) => trigger.kind === 'http' && trigger.shape === 'fc2'),
    ...more,
  };
}

/** Whether handlers of a function may answer by a callback, and how its platform takes what they return. */
export function callbackFacts(facts: FunctionFacts): { allowed: boolean; required: boolean } {
  const { platform, runtimeVersion } = facts;
  if (facts.answersByResponse) return { allowed: false, required: false };
  // Runtime interface client 4, which comes with Node.js 24, refuses handlers with a callback.
  if (platform === 'aws-lambda') return { allowed: (runtimeVersion ?? 20) < 24, required: false };
  // Up to Node.js 16 the value of a promise is ignored (FC documentation "Request handlers", Node.js).
  const old = platform === 'aliyun-fc' && runtimeVersion !== undefined && runtimeVersion <= 16;
  return { allowed: platform === 'aliyun-fc', required: old };
}
