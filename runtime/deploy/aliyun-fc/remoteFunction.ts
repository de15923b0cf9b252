import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { defaultPort, programOf, withArtifactsDir } from '../../model/program.ts';
import type { ArchiveStart } from '../../packaging/archive.ts';
import { stated } from '../settings.ts';
import type { FcFunction } from './answers.ts';
import type { FcSettings } from './settings.ts';

/** What the cloud fills in where a deploy says nothing. */
const defaultDiskMB = 512;
/** What a hook gets where nothing is stated (FC documentation "Life-cycle hooks"). */
const defaultHookSeconds = 3;

/** The handler string by which Function Compute finds what the archive starts with: its module without ending, and the export. */
export function handlerOf({ entry, exportName }: Pick<ArchiveStart, 'entry' | 'exportName'>): string {
  return `${entry.replace(/\.(js|mjs|cjs|py|php)$/, '')}.${exportName}`;
}

/** A program's handler is any text. */
function handlerText(definition: FunctionDefinition, start: ArchiveStart): string {
  return start.program === undefined ? handlerOf(start) : definition.handler;
}

/** How Function Compute starts a program, relative to the package, and knows that it serves. */
interface CustomRuntime {
  command?: string[] | undefined;
  args?: string[] | undefined;
  port?: number | undefined;
  healthCheckConfig?: { httpGetUrl?: string | undefined } | undefined;
}

function customRuntimeOf(
  definition: FunctionDefinition,
  start: ArchiveStart | undefined,
): CustomRuntime | undefined {
  if (start?.program === undefined) return undefined;
  const { command, port, healthPath } = programOf(definition);
  const [, ...args] = command.map((part) => withArtifactsDir(part, '.'));
  return {
    command: [start.program === 'packed' ? `./${start.entry}` : start.entry],
    ...(args.length > 0 && { args }),
    port,
    ...(healthPath !== undefined && { healthCheckConfig: { httpGetUrl: healthPath } }),
  };
}

/** As one text, for comparing; `9000` is what the cloud fills in. */
function customRuntimeText(found: CustomRuntime | undefined): string | undefined {
  if (!found) return undefined;
  const { command = [], args = [], port = defaultPort, healthCheckConfig } = found;
  const health = healthCheckConfig?.httpGetUrl ? [`ready at ${healthCheckConfig.httpGetUrl}`] : [];
  return [JSON.stringify([...command, ...args]), `port ${port}`, ...health].join(', ');
}

/** The fields that a deploy sets and compares (see `DeployTarget.settings`); triggers are compared beside them. */
export function desiredFields(
  definition: FunctionDefinition,
  start: ArchiveStart | undefined,
  { cpu, role, layers }: FcSettings,
): Record<string, string> {
  const { initializer, preStop } = hooksOf(definition, start);
  return stated({
    runtime: definition.runtime,
    handler: start ? handlerText(definition, start) : definition.handler,
    program: customRuntimeText(customRuntimeOf(definition, start)),
    initializer: hookText(initializer),
    preStop: hookText(preStop),
    memoryMB: definition.memoryMB,
    timeoutMs: wholeSeconds(definition.timeoutMs) * 1000,
    temporaryMB: definition.temporaryMB ?? defaultDiskMB,
    instanceConcurrency: concurrencyOf(definition),
    description: definition.description || undefined,
    cpu,
    role,
    layers: layers === undefined ? undefined : layers.join(', ') || undefined,
  });
}

/** The same fields of a function as the cloud tells of it. */
export function remoteFields(found: FcFunction, { cpu, role, layers }: FcSettings): Record<string, string> {
  const { initializer, preStop } = found.instanceLifecycleConfig ?? {};
  return stated({
    runtime: found.runtime,
    handler: found.handler,
    program: customRuntimeText(found.customRuntimeConfig),
    initializer: hookText(initializer),
    preStop: hookText(preStop),
    memoryMB: found.memorySize,
    timeoutMs: found.timeout === undefined ? undefined : found.timeout * 1000,
    temporaryMB: found.diskSize ?? defaultDiskMB,
    instanceConcurrency: found.runtime?.startsWith('custom') ? (found.instanceConcurrency ?? 1) : undefined,
    description: found.description || undefined,
    cpu: cpu === undefined ? undefined : found.cpu,
    role: role === undefined ? undefined : found.role,
    layers: layers === undefined ? undefined : layersOf(found).join(', ') || undefined,
  });
}

/**
 * Members of `CreateFunction` and `UpdateFunction` that follow from a definition. What is not among them (networks, log
 * stores, mounts) stays as it is there: an update changes only what it names.
 */
export function configurationOf(
  definition: FunctionDefinition,
  start: ArchiveStart,
  environment: Record<string, string>,
  { cpu, role, layers }: FcSettings,
) {
  const customRuntime = customRuntimeOf(definition, start);
  const concurrency = concurrencyOf(definition);
  return {
    // Checked before: without one nothing is sent.
    runtime: definition.runtime!,
    handler: handlerText(definition, start),
    memorySize: definition.memoryMB,
    timeout: wholeSeconds(definition.timeoutMs),
    diskSize: definition.temporaryMB ?? defaultDiskMB,
    ...(concurrency !== undefined && { instanceConcurrency: concurrency }),
    description: definition.description ?? '',
    // A given object replaces the whole: variables that are gone from the project are gone there.
    environmentVariables: environment,
    instanceLifecycleConfig: hooksOf(definition, start),
    ...(customRuntime && { customRuntimeConfig: customRuntime }),
    ...(cpu !== undefined && { cpu }),
    ...(role !== undefined && { role }),
    ...(layers !== undefined && { layers }),
  };
}

export type FcConfiguration = ReturnType<typeof configurationOf>;

/** The members that are not as they should be. */
export function differences(wanted: FcConfiguration, now: FcFunction): Partial<FcConfiguration> {
  const { initializer, preStop } = now.instanceLifecycleConfig ?? {};
  const plain = {
    ...now,
    description: now.description ?? '',
    diskSize: now.diskSize ?? defaultDiskMB,
    instanceConcurrency: now.instanceConcurrency ?? 1,
    environmentVariables: sorted(now.environmentVariables ?? {}),
    instanceLifecycleConfig: [hookText(initializer), hookText(preStop)],
    layers: layersOf(now),
    customRuntimeConfig: customRuntimeText(now.customRuntimeConfig),
  };
  const { instanceLifecycleConfig: hooks } = wanted;
  const compared = {
    ...wanted,
    environmentVariables: sorted(wanted.environmentVariables),
    instanceLifecycleConfig: [hookText(hooks.initializer), hookText(hooks.preStop)],
    customRuntimeConfig: customRuntimeText(wanted.customRuntimeConfig),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([key]) =>
        JSON.stringify(Reflect.get(compared, key)) !== JSON.stringify(Reflect.get(plain, key) as unknown),
    ),
  );
}

/**
 * The processors that an amount of memory needs, where those that are set do not go with it: one for 1 to 4 GB (FC
 * documentation "Limits").
 */
export function fittingCpu(memoryMB: number, cpu: number | undefined): number | undefined {
  if (cpu === undefined) return undefined;
  const step = (value: number, round: (value: number) => number): number =>
    Number((round(Number((value / 0.05).toFixed(6))) * 0.05).toFixed(2));
  const least = Math.max(0.05, step(memoryMB / 1024 / 4, Math.ceil));
  const most = Math.min(16, Math.max(least, step(memoryMB / 1024, Math.floor)));
  return cpu < least ? least : cpu > most ? most : undefined;
}

interface Hook {
  handler?: string | undefined;
  timeout?: number | undefined;
}

function hooksOf(
  definition: FunctionDefinition,
  start: ArchiveStart | undefined,
): { initializer?: Hook; preStop?: Hook } {
  const hook = (name: 'initializer' | 'preStop'): Hook | undefined => {
    const stated = definition[name];
    if (!stated) return undefined;
    const built = start?.[name];
    return { handler: built ? handlerOf(built) : stated.handler, timeout: wholeSeconds(stated.timeoutMs) };
  };
  const [initializer, preStop] = [hook('initializer'), hook('preStop')];
  return { ...(initializer && { initializer }), ...(preStop && { preStop }) };
}

/** Emptied hooks are none. */
function hookText(hook: Hook | undefined): string | undefined {
  return hook?.handler ? `${hook.handler}, ${hook.timeout ?? defaultHookSeconds} s` : undefined;
}

/** They are stated as ARNs, and told with their sizes. */
function layersOf({ layers = [] }: FcFunction): string[] {
  return layers.flatMap((layer) => (typeof layer === 'string' ? layer : (layer.arn ?? [])));
}

function sorted(record: Record<string, string>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Invocations that an instance of a custom runtime gets at a time, which for one that is used once is one. Undefined of built-in
 * runtimes, which handle one (FC documentation "Instance concurrency").
 */
export function concurrencyOf({
  runtime,
  process,
}: Pick<FunctionDefinition, 'runtime' | 'process'>): number | undefined {
  if (!runtime?.startsWith('custom')) return undefined;
  return process.model === 'ephemeral' ? 1 : process.concurrency;
}

/** The C library of a custom runtime's system, behind `2.`: that of its release of Debian. */
export function glibcOf(runtime: string | undefined): number | undefined {
  const release = /^custom\.debian(\d+)$/.exec(runtime ?? '')?.[1];
  return { 10: 28, 11: 31, 12: 36 }[Number(release)];
}

/** Function Compute counts whole seconds. */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
