import * as v from 'valibot';
import { nearest } from '../../nearest.ts';
import type { ProblemList } from '../problemList.ts';
import { numeric, textual } from '../readSettings.ts';
import { entriesOf, type Tree } from '../tree.ts';

/* Settings of a `serverless.yml`, as the framework's reference of it names them ("Serverless.yml Reference", provider aws). */

const concurrency = v.union(
  [numeric, v.looseObject({ executions: v.optional(numeric) })],
  'expected a number.',
);

/** Settings of a function that matter on this machine, those it has from its provider included. */
export const functionSettings = v.looseObject(
  {
    handler: v.optional(v.nullable(textual)),
    image: v.optional(v.nullable(v.union([v.string(), v.looseObject({})], 'expected an image.'))),
    name: v.optional(v.nullable(textual)),
    description: v.optional(v.nullable(textual)),
    runtime: v.optional(textual),
    memorySize: v.optional(numeric),
    timeout: v.optional(numeric),
    ephemeralStorageSize: v.optional(numeric),
    reservedConcurrency: v.optional(v.nullable(numeric)),
    provisionedConcurrency: v.optional(v.nullable(concurrency)),
    capacityProvider: v.optional(
      v.looseObject({ maxConcurrency: v.optional(numeric) }, 'expected { name }.'),
    ),
    package: v.optional(
      v.looseObject({ artifact: v.optional(v.string()) }, 'expected { artifact } or { patterns }.'),
    ),
    url: v.optional(v.nullable(v.union([v.boolean(), v.looseObject({})], 'expected true or { cors }.'))),
    events: v.optional(v.nullable(v.union([v.array(v.unknown()), v.string()], 'expected a list of events.'))),
    layers: v.optional(v.nullable(v.array(v.unknown(), 'expected a list of layers.'))),
    // Function Compute
    initializer: v.optional(v.nullable(textual)),
    initializationTimeout: v.optional(numeric),
  },
  'expected settings of a function.',
);

export type FunctionSettings = v.InferOutput<typeof functionSettings>;

export const usedFunctionKeys = [...Object.keys(functionSettings.entries)];

/** What a function has of its provider when it does not say so itself. */
export const inheritedKeys = ['runtime', 'memorySize', 'timeout', 'layers'];

/** Keys of functions that are of no consequence here: rights, networks, log retention, and the like. */
export const otherFunctionKeys = [
  'architecture',
  'awsKmsKeyArn',
  'condition',
  'dependsOn',
  'destinations',
  'disableLogs',
  'durableConfig',
  'environment',
  'fileSystemConfig',
  'iam',
  'kmsKeyArn',
  'logDataProtectionPolicy',
  'logRetentionInDays',
  'logs',
  'maximumEventAge',
  'maximumRetryAttempts',
  'onError',
  'recursiveLoop',
  'role',
  'runtimeManagement',
  'snapStart',
  'tags',
  'tenancy',
  'tracing',
  'versionFunction',
  'vpc',
  // Of plugins that many projects have.
  'alarms',
  'dashboard',
  'iamRoleStatements',
  'iamRoleStatementsInherit',
  'iamRoleStatementsName',
  'prune',
  'skipEsbuild',
  'warmup',
];

/** Keys of the file itself. */
export const topKeys = [
  'app',
  'build',
  'configValidationMode',
  'configurationVersion',
  'console',
  'custom',
  'dashboard',
  'deprecationNotificationMode',
  'disabledDeprecations',
  'frameworkVersion',
  'functions',
  'layers',
  'licenseKey',
  'org',
  'outputs',
  'package',
  'params',
  'plugins',
  'provider',
  'resources',
  'service',
  'stages',
  'state',
  'tenant',
  'unresolvedVariablesNotificationMode',
  'useDotenv',
  'variablesResolutionMode',
  // Of plugins that many projects have.
  'appSync',
  'constructs',
  'resolvers',
  'stepFunctions',
];

/**
 * Tells keys that nothing knows. A plugin may bring keys of its own: with some, only those that look like a slip of a
 * known one are told as such.
 */
export function tellUnknownKeys(
  tree: Tree | undefined,
  of: 'file' | 'function',
  plugins: readonly string[],
  problems: ProblemList,
  about: { function?: string } = {},
): void {
  const known = of === 'file' ? topKeys : [...usedFunctionKeys, ...otherFunctionKeys];
  for (const [name, , key] of entriesOf(tree)) {
    // `x-` holds what YAML's anchors refer to.
    if (known.includes(name) || name.startsWith('x-')) continue;
    const like = nearest(name, known);
    const severity = like === undefined && plugins.length > 0 ? 'info' : 'warning';
    problems.add(severity, 'SETTING_UNKNOWN', { key: name, nearest: like }, key, about);
  }
}
