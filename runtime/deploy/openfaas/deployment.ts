import type { ContainerAmounts } from '../../model/containerSettings.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { parseQuantity, quantityMB } from '../../model/kubernetesQuantity.ts';
import { platformDefaults } from '../../model/platformDefaults.ts';
import { stated } from '../settings.ts';
import type { FunctionStatus } from './answers.ts';

/** What a function is besides its image and its variables: as the gateway takes it, and as versions are compared by. */
export interface DeployedSettings {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  secrets: string[];
  constraints: string[];
  limits?: Record<string, string>;
  requests?: Record<string, string>;
  readOnlyRootFilesystem?: boolean;
}

/** `FunctionDeployment` of the gateway's API. */
export interface FunctionDeployment extends DeployedSettings {
  service: string;
  image: string;
  namespace?: string;
  envVars: Record<string, string>;
}

const scale = 'com.openfaas.scale.';
const health = 'com.openfaas.health.';
const healthPath = `${health}http.path`;

/** What is asked whether a function is ready, unless it names another path. */
export const usualHealthPath = '/_/health';

/** The path that a function names for that. */
export function healthPathOf({ container, program }: FunctionDefinition): string | undefined {
  return container?.annotations[healthPath] ?? program?.healthPath;
}

/** What the project says of a function. */
export function desiredSettings(definition: FunctionDefinition): DeployedSettings {
  const { container, process, memoryMB, program } = definition;
  const { labels = {}, annotations = {}, secrets = [], constraints = [] } = container ?? {};
  const statedMB = quantityMB(container?.limits?.memory ?? container?.requests?.memory ?? '');
  const usual = statedMB ?? platformDefaults('openfaas').memoryMB;
  // Memory that porchlight.yaml sets lies over that of the stack file.
  const memory = memoryMB === usual ? container?.limits?.memory : `${memoryMB}Mi`;
  const limits = amountsOf({ ...container?.limits, ...(memory !== undefined && { memory }) });
  const requests = amountsOf(container?.requests);
  const scaling =
    container || process.minInstances === 0 ? {} : { [`${scale}min`]: String(process.minInstances) };
  return {
    labels: { ...scaling, ...labels },
    annotations: { ...(program?.healthPath && { [healthPath]: program.healthPath }), ...annotations },
    secrets: [...secrets].sort(),
    constraints,
    ...(limits && { limits }),
    ...(requests && { requests }),
    ...(container?.readOnlyRootFilesystem && { readOnlyRootFilesystem: true }),
  };
}

function amountsOf({ memory, cpu, gpu }: ContainerAmounts = {}): Record<string, string> | undefined {
  const given = stated({ memory, cpu, 'nvidia.com/gpu': gpu });
  return Object.keys(given).length > 0 ? given : undefined;
}

/**
 * The settings of a version that is tried out beside the one that serves: one replica, and no annotations, by which
 * connectors would find it and send it events, but those that say how it is asked whether it is ready.
 */
export function settingsForTrial({ labels, annotations, ...settings }: DeployedSettings): DeployedSettings {
  const kept = Object.entries(labels).filter(([name]) => !name.startsWith(scale));
  const asked = Object.entries(annotations).filter(([name]) => name.startsWith(health));
  return { ...settings, labels: Object.fromEntries(kept), annotations: Object.fromEntries(asked) };
}

/** Labels and annotations that providers set by themselves. */
const ofProvider =
  /^(faas_function|uid|prometheus\.io[./]scrape|com\.openfaas\.(uid|function(\..*)?)|io\.porchlight\..*|.*kubernetes\.io\/.*)$/;

/** The settings as the gateway tells them; what it does not tell is as it was deployed. */
export function remoteSettings(
  status: FunctionStatus,
  deployed: DeployedSettings | undefined,
): DeployedSettings {
  const { labels, annotations, secrets, constraints, readOnlyRootFilesystem } = status;
  const own = (texts: Record<string, string>, known: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(texts).filter(([name]) => name in known || !ofProvider.test(name)));
  const limits = remoteAmounts(status.limits);
  const requests = remoteAmounts(status.requests);
  const readOnly = readOnlyRootFilesystem ?? deployed?.readOnlyRootFilesystem;
  return {
    labels: labels ? own(labels, deployed?.labels) : (deployed?.labels ?? {}),
    annotations: annotations ? own(annotations, deployed?.annotations) : (deployed?.annotations ?? {}),
    secrets: [...(secrets ?? deployed?.secrets ?? [])].sort(),
    constraints: constraints ?? deployed?.constraints ?? [],
    ...(limits && { limits }),
    ...(requests && { requests }),
    ...(readOnly && { readOnlyRootFilesystem: true }),
  };
}

/** Amounts that are set: providers tell those that are not as 0 or nothing. */
function remoteAmounts(told: Record<string, unknown> | undefined): Record<string, string> | undefined {
  const given = Object.entries(told ?? {}).flatMap(([name, amount]): [string, string][] =>
    (typeof amount === 'string' || typeof amount === 'number') &&
    (parseQuantity(amount) ?? 1) !== 0 &&
    amount !== ''
      ? [[name, String(amount)]]
      : [],
  );
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** Flat names and values (see `DeployTarget.settings`). */
export function fieldsOf(settings: DeployedSettings, timeoutMs: number | undefined): Record<string, string> {
  const { labels, annotations, secrets, constraints, limits, requests, readOnlyRootFilesystem } = settings;
  const under = (prefix: string, texts: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(texts).map(([name, value]) => [`${prefix}.${name}`, value]));
  return stated({
    timeoutMs,
    ...under('labels', labels),
    ...under('annotations', annotations),
    ...under('limits', shownAmounts(limits)),
    ...under('requests', shownAmounts(requests)),
    secrets: secrets.join(', ') || undefined,
    constraints: constraints.join(', ') || undefined,
    readOnlyRootFilesystem: readOnlyRootFilesystem || undefined,
  });
}

/** One text for all ways to write an amount: Kubernetes tells `0.5` as `500m`, and `1024Mi` as `1Gi`. */
function shownAmounts(amounts: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => {
      const value = parseQuantity(amount);
      if (value === undefined) return [name, amount];
      return [name, name === 'memory' ? `${Number((value / 1024 ** 2).toFixed(3))}Mi` : String(value)];
    }),
  );
}
