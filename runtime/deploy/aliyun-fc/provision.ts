import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { fcProvision, type FcProvision } from './answers.ts';
import type { Place } from './domains.ts';
import { functionPath, type FcApi } from './fcApi.ts';

type Provision = NonNullable<FunctionDefinition['provision']>;

/** Instances that the cloud is to keep for the alias; undefined where nothing is stated, and what is set there stays. */
export function desiredProvision({
  provision,
  process,
}: Pick<FunctionDefinition, 'provision' | 'process'>): Provision | undefined {
  return provision ?? (process.minInstances > 0 ? { defaultTarget: process.minInstances } : undefined);
}

export function findProvision(api: FcApi, { name, alias }: Place): Promise<FcProvision | undefined> {
  const path = functionPath(name, 'provision-config');
  const query = { qualifier: alias };
  return api.find(fcProvision, { operation: 'GetProvisionConfig', method: 'GET', path, query });
}

/** Instances that are kept there; 0 where nothing says so. */
export function provisionedThere(found: FcProvision | undefined): number {
  return found?.defaultTarget ?? found?.target ?? 0;
}

/** As one text, for comparing: of what is there the same members as of what is stated. */
export function provisionText(wanted: Provision, found: FcProvision | Provision): string {
  const { defaultTarget: _, ...rest } = wanted;
  const more = Object.keys(rest)
    .sort()
    .map((key) => [key, found[key]] as const)
    .filter(([, value]) => value !== undefined && value !== false && !isEmpty(value))
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return [`${provisionedThere(found)} instances`, ...more].join(', ');
}

export async function provideProvision(api: FcApi, { name, alias }: Place, wanted: Provision): Promise<void> {
  await api.call(
    {
      operation: 'PutProvisionConfig',
      method: 'PUT',
      path: functionPath(name, 'provision-config'),
      query: { qualifier: alias },
      body: wanted,
    },
    { fresh: true },
  );
}

/** Keeps none any more: the cloud keeps an alias for which there are some. */
export function removeProvision(api: FcApi, { name, alias }: Place): Promise<void> {
  const path = functionPath(name, 'provision-config');
  return api.remove({ operation: 'DeleteProvisionConfig', path, query: { qualifier: alias } });
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
