import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { isProgram } from '../../model/program.ts';
import { platformDefaults, usualProcess } from '../../model/platformDefaults.ts';
import { portOfProgram, usualPort } from '../images/programImage.ts';
import { stated } from '../settings.ts';
import { servingContainer, type Container, type EnvVariable, type Probe, type Template } from './objects.ts';
import type { KnativeSettings } from './settings.ts';

const autoscaling = 'autoscaling.knative.dev';
/** What we note of a revision, for the next plan to compare by. */
export const notes = {
  package: 'porchlight.dev/package',
  image: 'porchlight.dev/image',
  base: 'porchlight.dev/base',
} as const;

export const visibilityLabel = 'networking.knative.dev/visibility';
/** Bounds of the autoscaler's window, in seconds (`config-autoscaler`). */
const window = { min: 6, max: 3600 };
const mostConcurrency = 1000;

/** What a revision is to be, as far as a deploy knows of it. */
export interface DesiredRevision {
  /** Image by digest. */
  image: string;
  tag: string;
  base: string;
  packageHash: string;
  definition: FunctionDefinition;
  environment: Record<string, string>;
  settings: KnativeSettings;
}

/** How a revision runs, from what the function says of its instances. */
interface Running {
  containerConcurrency: number;
  timeoutSeconds: number;
  minScale: number | undefined;
  maxScale: number;
  windowSeconds: number | undefined;
  memory: string | undefined;
  port: number;
  liveness: string | undefined;
  readiness: string | undefined;
}

/**
 * The process model in the words of Knative's autoscaler. Instances that are used once get one request at a time and the shortest
 * window; they are not ended after each. A hard limit is set only where the function wants another number than the autoscaler
 * aims at anyway.
 */
function running(definition: FunctionDefinition, environment: Record<string, string>): Running {
  const { process, memoryMB, timeoutMs, platform, language, program, healthEndpoints } = definition;
  const usual = usualProcess(platform, language);
  const once = process.model === 'ephemeral';
  const alike = process.concurrency === usual.concurrency && usual.concurrency > 1;
  const idle = Math.min(Math.max(Math.round(process.idleTimeoutMs / 1000), window.min), window.max);
  const handled = !isProgram(definition);
  return {
    containerConcurrency: once ? 1 : alike ? 0 : Math.min(process.concurrency, mostConcurrency),
    timeoutSeconds: Math.ceil(timeoutMs / 1000),
    minScale: process.minInstances || undefined,
    maxScale: process.maxInstances,
    windowSeconds: once ? window.min : process.idleTimeoutMs === usual.idleTimeoutMs ? undefined : idle,
    memory: memoryMB === platformDefaults(platform).memoryMB ? undefined : memoryText(memoryMB),
    port: portOfProgram(definition),
    liveness:
      healthEndpoints?.liveness ?? (handled ? environment['LIVENESS_URL'] || '/health/liveness' : undefined),
    readiness:
      healthEndpoints?.readiness ??
      (handled ? environment['READINESS_URL'] || '/health/readiness' : program?.healthPath),
  };
}

/** A template with what is desired in it; what a deploy does not know of stays. */
export function withDesired(before: Template | undefined, desired: DesiredRevision): Template {
  const { definition, environment, settings, image } = desired;
  const run = running(definition, environment);
  const known = before?.spec ?? { containers: [{}] };
  const serving = servingContainer(known);
  const annotations = {
    ...before?.metadata?.annotations,
    [`${autoscaling}/min-scale`]: textOf(run.minScale),
    [`${autoscaling}/max-scale`]: textOf(run.maxScale),
    [`${autoscaling}/window`]: run.windowSeconds === undefined ? undefined : `${run.windowSeconds}s`,
    [notes.package]: desired.packageHash,
    [notes.image]: desired.tag,
    [notes.base]: desired.base,
  };
  const limits = {
    ...serving.resources?.limits,
    memory: run.memory,
    ...(settings.cpu !== undefined && { cpu: cpuText(settings.cpu) }),
  };
  const container: Container = {
    ...serving,
    image,
    ports: portsOf(serving, run.port),
    env: variablesOf(serving.env ?? [], definition, environment),
    resources: { ...serving.resources, limits: defined(limits) },
    readinessProbe: probeAt(serving.readinessProbe, run.readiness),
    livenessProbe: probeAt(serving.livenessProbe, run.liveness),
  };
  return {
    ...before,
    metadata: { ...before?.metadata, annotations: defined(annotations) },
    spec: {
      ...known,
      containers: known.containers.map((each) => (each === serving ? defined(container) : each)),
      containerConcurrency: run.containerConcurrency,
      timeoutSeconds: run.timeoutSeconds,
      ...(settings.serviceAccount !== undefined && { serviceAccountName: settings.serviceAccount }),
      ...(settings.pullSecret !== undefined && { imagePullSecrets: [{ name: settings.pullSecret }] }),
    },
  };
}

/** What versions are compared by, of what is desired. `planned`: the image, where it is known. */
export function desiredFields(
  definition: FunctionDefinition,
  settings: KnativeSettings,
  environment: Record<string, string>,
  planned: { tag: string; base: string } | undefined,
): Record<string, string> {
  const { minScale, ...run } = running(definition, environment);
  return stated({
    ...run,
    minScale: minScale ?? 0,
    cpu: settings.cpu === undefined ? undefined : cpuText(settings.cpu),
    serviceAccount: settings.serviceAccount,
    pullSecret: settings.pullSecret,
    visibility: settings.visibility,
    image: planned?.tag,
    baseImage: planned?.base,
  });
}

/** The same of what is there. */
export function remoteFields(
  { metadata, spec }: Template,
  serviceLabels: Record<string, string> | undefined,
  settings: KnativeSettings,
): Record<string, string> {
  const annotations = metadata?.annotations ?? {};
  const container = servingContainer(spec);
  const limits = container.resources?.limits ?? {};
  const seconds = Number(/^(\d+)s$/.exec(annotations[`${autoscaling}/window`] ?? '')?.[1] ?? Number.NaN);
  return stated({
    containerConcurrency: spec.containerConcurrency ?? 0,
    timeoutSeconds: spec.timeoutSeconds ?? 300,
    minScale: Number(annotations[`${autoscaling}/min-scale`] ?? 0),
    maxScale: Number(annotations[`${autoscaling}/max-scale`] ?? 0),
    windowSeconds: Number.isNaN(seconds) ? undefined : seconds,
    memory: limits['memory'] === undefined ? undefined : String(limits['memory']),
    port: container.ports?.[0]?.containerPort ?? usualPort,
    liveness: container.livenessProbe?.httpGet?.path,
    readiness: container.readinessProbe?.httpGet?.path,
    // What is not stated stays there, and is not compared.
    cpu: settings.cpu === undefined ? undefined : String(limits['cpu'] ?? ''),
    serviceAccount: settings.serviceAccount === undefined ? undefined : (spec.serviceAccountName ?? ''),
    pullSecret:
      settings.pullSecret === undefined
        ? undefined
        : (spec.imagePullSecrets ?? []).map(({ name }) => name ?? '').join(', '),
    visibility: serviceLabels?.[visibilityLabel] === 'cluster-local' ? 'cluster' : 'public',
    image: annotations[notes.image],
    baseImage: annotations[notes.base],
  });
}

/** Variables with plain values; those of secrets and config maps are known to the cluster alone. */
export function remoteEnvironment({ spec }: Pick<Template, 'spec'>): Record<string, string> {
  const plain = (servingContainer(spec).env ?? []).filter(({ valueFrom }) => valueFrom === undefined);
  return Object.fromEntries(plain.map(({ name, value }) => [name, value ?? '']));
}

/** Values of `func.yaml` that are in the cluster: `{{ secret:name:key }}`. */
const reference = /^\{\{\s*(secret|configMap)\s*:\s*([^\s:{}]+)\s*:\s*([^\s{}]+)\s*\}\}$/;

function variablesOf(
  before: EnvVariable[],
  { unresolvedEnv = {} }: FunctionDefinition,
  environment: Record<string, string>,
): EnvVariable[] {
  const given = Object.entries(environment).map(([name, value]): EnvVariable => ({ name, value }));
  const referring = Object.entries(unresolvedEnv).flatMap(([name, { expression }]): EnvVariable[] => {
    const [, kind, source, key] = reference.exec(expression) ?? [];
    if (kind === undefined || Object.hasOwn(environment, name)) return [];
    const ref = { name: source, key };
    return [{ name, valueFrom: kind === 'secret' ? { secretKeyRef: ref } : { configMapKeyRef: ref } }];
  });
  const own = new Set([...given, ...referring].map(({ name }) => name));
  const kept = before.filter(({ name, valueFrom }) => valueFrom !== undefined && !own.has(name));
  return [...given, ...referring, ...kept].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function portsOf({ ports }: Container, port: number): Container['ports'] {
  const first = ports?.[0];
  return first?.containerPort === port
    ? ports
    : [{ ...(first?.name && { name: first.name }), containerPort: port }];
}

/** A probe that asks a path; its times stay as they are there. */
function probeAt(before: Probe, path: string | undefined): Probe {
  // One of another kind is somebody's own.
  if (path === undefined) return before?.httpGet ? undefined : before;
  return before?.httpGet?.path === path ? before : { httpGet: { path } };
}

/** As Kubernetes writes amounts, whatever they were written like. */
function memoryText(megabytes: number): string {
  return megabytes % 1024 === 0 ? `${megabytes / 1024}Gi` : `${megabytes}Mi`;
}

function cpuText(stated: string): string {
  const thousandths = Math.round(stated.endsWith('m') ? Number(stated.slice(0, -1)) : Number(stated) * 1000);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function defined<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
