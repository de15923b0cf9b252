import * as v from 'valibot';

/* What is read of a gateway's answers (openfaas/faas-provider, `types`); the rest is ignored. */

/** Fields without a value come as null or not at all. */
const optional = <T extends v.GenericSchema>(schema: T) =>
  v.optional(
    v.pipe(
      v.nullish(schema),
      v.transform((value) => value ?? undefined),
    ),
  );
const texts = optional(v.record(v.string(), v.string()));
const list = optional(v.array(v.string()));
const amounts = optional(v.record(v.string(), v.unknown()));

/** `FunctionStatus`. What a provider does not tell is absent: that of the community edition has no constraints. */
export const functionStatus = v.looseObject({
  name: v.string(),
  image: v.string(),
  namespace: optional(v.string()),
  envProcess: optional(v.string()),
  envVars: texts,
  constraints: list,
  secrets: list,
  labels: texts,
  annotations: texts,
  limits: amounts,
  requests: amounts,
  readOnlyRootFilesystem: optional(v.boolean()),
  replicas: optional(v.number()),
  availableReplicas: optional(v.number()),
  createdAt: optional(v.string()),
});
export type FunctionStatus = v.InferOutput<typeof functionStatus>;

export const secretNames = v.nullable(v.array(v.looseObject({ name: v.string() })));
export const namespaceNames = v.nullable(v.array(v.string()));
/** One line of `/system/logs`. */
export const logLine = v.looseObject({
  timestamp: optional(v.string()),
  instance: optional(v.string()),
  text: v.string(),
});
