import * as v from 'valibot';

/* What is read of the cloud's answers (API version 2023-03-30, package @alicloud/fc20230330); the rest is ignored. */

/** Fields without a value come as null or not at all. */
const optional = <T extends v.GenericSchema>(schema: T) =>
  v.optional(
    v.pipe(
      v.nullish(schema),
      v.transform((value) => value ?? undefined),
    ),
  );
const text = optional(v.string());
const number = optional(v.number());
/** Versions are numbers in texts. */
const versionId = v.pipe(v.union([v.string(), v.number()]), v.transform(String));

const hook = optional(v.looseObject({ handler: text, timeout: number }));

export const fcFunction = v.looseObject({
  functionName: v.string(),
  functionArn: text,
  runtime: text,
  handler: text,
  description: text,
  memorySize: number,
  cpu: number,
  diskSize: number,
  timeout: number,
  role: text,
  environmentVariables: optional(
    v.record(
      v.string(),
      v.pipe(
        v.nullish(v.string()),
        v.transform((value) => value ?? ''),
      ),
    ),
  ),
  layers: optional(v.array(v.union([v.string(), v.looseObject({ arn: text })]))),
  instanceLifecycleConfig: optional(v.looseObject({ initializer: hook, preStop: hook })),
  customRuntimeConfig: optional(
    v.looseObject({
      command: optional(v.array(v.string())),
      args: optional(v.array(v.string())),
      port: number,
      healthCheckConfig: optional(v.looseObject({ httpGetUrl: text })),
    }),
  ),
  codeChecksum: text,
  instanceConcurrency: number,
  state: text,
  stateReason: text,
  lastUpdateStatus: text,
  lastUpdateStatusReason: text,
});
export type FcFunction = v.InferOutput<typeof fcFunction>;

export const fcVersion = v.looseObject({ versionId, description: text, createdTime: text });
export type FcVersion = v.InferOutput<typeof fcVersion>;
export const fcVersions = v.looseObject({ versions: optional(v.array(fcVersion)), nextToken: text });

export const fcAlias = v.looseObject({
  aliasName: v.string(),
  versionId,
  description: text,
  additionalVersionWeight: optional(v.record(v.string(), v.number())),
});

export type FcAlias = v.InferOutput<typeof fcAlias>;
export const fcAliases = v.looseObject({ aliases: optional(v.array(fcAlias)), nextToken: text });

export const fcTrigger = v.looseObject({
  triggerName: v.string(),
  triggerType: v.string(),
  qualifier: text,
  triggerConfig: text,
  sourceArn: text,
  invocationRole: text,
  description: text,
  httpTrigger: optional(v.looseObject({ urlInternet: text })),
});
export type FcTrigger = v.InferOutput<typeof fcTrigger>;
export const fcTriggers = v.looseObject({ triggers: optional(v.array(fcTrigger)), nextToken: text });

export const fcProvision = v.looseObject({
  defaultTarget: number,
  /** The name it had before. */
  target: number,
});
export type FcProvision = v.InferOutput<typeof fcProvision>;

const route = v.looseObject({
  path: text,
  functionName: text,
  qualifier: text,
  methods: optional(v.array(v.string())),
  rewriteConfig: optional(v.unknown()),
});
export type FcRoute = v.InferOutput<typeof route>;
export const fcDomain = v.looseObject({
  domainName: v.string(),
  protocol: text,
  routeConfig: optional(v.looseObject({ routes: optional(v.array(route)) })),
});
export type FcDomain = v.InferOutput<typeof fcDomain>;
export const fcDomains = v.looseObject({ customDomains: optional(v.array(fcDomain)), nextToken: text });

/** A text of an answer that may be anything. */
export function textAt(told: unknown, name: string): string | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const value: unknown = Reflect.get(told, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
