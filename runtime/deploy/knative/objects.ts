import * as v from 'valibot';

/*
 * What is read of Knative's objects (`serving.knative.dev/v1`, knative/specs "Knative API Specification 1.0"). What is not read
 * is kept: an object goes back as it came but for what a deploy knows of.
 */

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
const texts = optional(v.record(v.string(), v.string()));

const metadata = v.looseObject({
  name: text,
  namespace: text,
  labels: texts,
  annotations: texts,
  generation: number,
  resourceVersion: text,
  creationTimestamp: text,
});

const envVariable = v.looseObject({ name: v.string(), value: text, valueFrom: v.optional(v.unknown()) });
export type EnvVariable = v.InferOutput<typeof envVariable>;

const probe = optional(v.looseObject({ httpGet: optional(v.looseObject({ path: text })) }));
export type Probe = v.InferOutput<typeof probe>;

const container = v.looseObject({
  name: text,
  image: text,
  env: optional(v.array(envVariable)),
  ports: optional(v.array(v.looseObject({ containerPort: number, name: text }))),
  resources: optional(
    v.looseObject({ limits: optional(v.record(v.string(), v.union([v.string(), v.number()]))) }),
  ),
  readinessProbe: probe,
  livenessProbe: probe,
});
export type Container = v.InferOutput<typeof container>;

const revisionSpec = v.looseObject({
  containers: v.pipe(v.array(container), v.minLength(1)),
  containerConcurrency: number,
  timeoutSeconds: number,
  serviceAccountName: text,
  imagePullSecrets: optional(v.array(v.looseObject({ name: text }))),
});

const template = v.looseObject({ metadata: optional(metadata), spec: revisionSpec });
export type Template = v.InferOutput<typeof template>;

const condition = v.looseObject({
  type: v.string(),
  status: v.string(),
  reason: text,
  message: text,
});
export type Condition = v.InferOutput<typeof condition>;

const trafficTarget = v.looseObject({
  revisionName: text,
  latestRevision: optional(v.boolean()),
  percent: number,
  tag: text,
  url: text,
});
export type TrafficTarget = v.InferOutput<typeof trafficTarget>;

/** A service: what is wanted, and what has come of it. */
export const knativeService = v.looseObject({
  metadata,
  spec: v.looseObject({ template, traffic: optional(v.array(trafficTarget)) }),
  status: optional(
    v.looseObject({
      observedGeneration: number,
      url: text,
      latestCreatedRevisionName: text,
      latestReadyRevisionName: text,
      conditions: optional(v.array(condition)),
      traffic: optional(v.array(trafficTarget)),
    }),
  ),
});
export type KnativeService = v.InferOutput<typeof knativeService>;

/** A revision: one state of a service's code and configuration, which stays as it is. */
export const knativeRevision = v.looseObject({
  metadata,
  spec: revisionSpec,
  status: optional(v.looseObject({ conditions: optional(v.array(condition)) })),
});
export type KnativeRevision = v.InferOutput<typeof knativeRevision>;

const podContainer = v.looseObject({
  name: v.string(),
  ports: optional(v.array(v.looseObject({ containerPort: number }))),
});

/** A pod (Kubernetes, `v1`), as far as its log is concerned. */
const pod = v.looseObject({
  metadata,
  spec: v.looseObject({ containers: v.array(podContainer) }),
  status: optional(
    v.looseObject({
      containerStatuses: optional(v.array(v.looseObject({ name: v.string(), restartCount: number }))),
    }),
  ),
});
export type Pod = v.InferOutput<typeof pod>;
export const podList = v.looseObject({ items: v.array(pod) });

export const revisionList = v.looseObject({ items: v.array(knativeRevision) });

/** The condition of a type; `Ready` says how an object is as a whole. */
export function conditionOf(
  { status }: Pick<KnativeService, 'status'> | Pick<KnativeRevision, 'status'>,
  type: string,
): Condition | undefined {
  return status?.conditions?.find((each) => each.type === type);
}

/** The container that answers requests: the one with a port, or the only one. */
export function servingContainer({ containers }: Template['spec']): Container {
  return containers.find(({ ports }) => (ports ?? []).length > 0) ?? containers[0]!;
}
