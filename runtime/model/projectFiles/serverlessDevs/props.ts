import * as v from 'valibot';
import { asyncInvokeKeys } from '../readAsyncInvoke.ts';
import { numeric, textual } from '../readSettings.ts';

/** A life-cycle hook. */
export const hook = v.looseObject(
  { handler: v.optional(textual), timeout: v.optional(numeric) },
  'expected { handler, timeout }.',
);

/** The props of component `fc3` that matter on this machine (its JSON schema; names as Serverless Devs spells them). */
export const props = v.looseObject(
  {
    functionName: v.optional(textual),
    runtime: v.optional(textual),
    region: v.optional(textual),
    description: v.optional(v.nullable(textual)),
    code: v.optional(
      v.union(
        [v.string(), v.looseObject({ src: v.optional(v.string()) })],
        'expected a folder, or { src: folder }.',
      ),
    ),
    handler: v.optional(v.nullable(textual)),
    memorySize: v.optional(numeric),
    diskSize: v.optional(numeric),
    timeout: v.optional(numeric),
    instanceConcurrency: v.optional(numeric),
    customRuntimeConfig: v.optional(
      v.looseObject(
        {
          command: v.optional(v.union([textual, v.array(textual)], 'expected a list.')),
          args: v.optional(v.union([textual, v.array(textual)], 'expected a list.')),
          port: v.optional(numeric),
          healthCheckConfig: v.optional(v.looseObject({ httpGetUrl: v.optional(textual) })),
        },
        'expected { command, args, port }.',
      ),
    ),
    provisionConfig: v.optional(
      v.looseObject({ defaultTarget: v.optional(numeric) }, 'expected { defaultTarget }.'),
    ),
    instanceLifecycleConfig: v.optional(
      v.looseObject(
        { initializer: v.optional(hook), preFreeze: v.optional(hook), preStop: v.optional(hook) },
        'expected { initializer, preFreeze, preStop }.',
      ),
    ),
    triggers: v.optional(v.union([v.array(v.unknown()), v.string()], 'expected a list of triggers.')),
  },
  'expected settings of a function.',
);

/** Names of those that are read. */
export const usedProps = [...Object.keys(props.entries), 'customDomain', ...asyncInvokeKeys.serverlessDevs];
