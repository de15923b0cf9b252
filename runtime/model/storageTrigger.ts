import type { OtherTrigger } from './functionDefinition.ts';
import { nearest } from './nearest.ts';
import type { ObjectChange, SourceProblem, StorageSettings } from './sourceContracts.ts';

/* What storage triggers of all platforms have in common. */

/** Which operations of a platform create and remove objects; what a file here stands for comes first. */
export type StorageOperations = Record<
  ObjectChange['kind'],
  { group: string; operations: readonly string[] }
>;

/** Bucket of a trigger: named, or by the resource that its expression names, which has its name from the cloud. */
export function bucketOf({ config, unresolved }: OtherTrigger, key: string): string | undefined {
  const stated = config[key] ?? config['bucket'];
  if (typeof stated === 'string' && stated.trim() !== '') return stated.trim();
  const expression = unresolved?.[key];
  return /(?:Ref|GetAtt|Sub)\W+([A-Za-z0-9]+)/.exec(expression ?? '')?.[1]?.toLowerCase();
}

/**
 * Reads event types such as `oss:ObjectCreated:*`, or `created` and `removed`. A trigger that listens only to operations
 * that no file does, e.g. multipart uploads, is told of files under the first of them.
 */
export function readEventTypes(
  stated: unknown,
  { prefix, operations, key }: { prefix: string; operations: StorageOperations; key: string },
): { names: StorageSettings['names']; problems: SourceProblem[] } {
  const list: unknown[] = Array.isArray(stated) ? stated : stated === undefined ? ['created'] : [stated];
  const problems: SourceProblem[] = [];
  const found: Record<ObjectChange['kind'], string[]> = { created: [], removed: [] };
  for (const each of list) {
    const text = String(each);
    const kind = (['created', 'removed'] as const).find((candidate) => {
      const { group, operations: names } = operations[candidate];
      const known = [candidate, `${prefix}${group}:*`, ...names.map((name) => `${prefix}${group}:${name}`)];
      return known.includes(text);
    });
    if (kind) {
      const operation = text.split(':')[2];
      found[kind].push(
        operation === undefined || operation === '*' ? operations[kind].operations[0]! : operation,
      );
    } else {
      const known = Object.values(operations).flatMap(({ group, operations: names }) =>
        ['*', ...names].map((name) => `${prefix}${group}:${name}`),
      );
      const near = nearest(text, known);
      const detail = `"${text}" is not raised by files here${near ? `; did you mean "${near}"?` : '. It can only be sent by hand.'}`;
      problems.push({ severity: 'warning', key, detail });
    }
  }
  const names: StorageSettings['names'] = {};
  for (const kind of ['created', 'removed'] as const) {
    const { group, operations: known } = operations[kind];
    const operation = found[kind].includes(known[0]!) ? known[0] : found[kind][0];
    if (operation !== undefined) names[kind] = `${group}:${operation}`;
  }
  return { names, problems };
}

/** Whether a trigger hears of an object of this key. */
export function acceptsKey(
  { prefix, suffix }: Pick<StorageSettings, 'prefix' | 'suffix'>,
  key: string,
): boolean {
  return key.startsWith(prefix) && key.endsWith(suffix);
}

/** Text of a setting, or none. */
export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
