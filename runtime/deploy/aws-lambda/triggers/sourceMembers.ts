import { isDeepStrictEqual } from 'node:util';
import { parseDuration } from '../../../model/units.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

export type Members = Record<string, unknown>;

/** What holds where nothing is stated; sending it again takes back what was stated before. */
const defaults: Members = {
  Enabled: true,
  MaximumBatchingWindowInSeconds: 0,
  FilterCriteria: {},
  FunctionResponseTypes: [],
  ScalingConfig: {},
  ParallelizationFactor: 1,
  BisectBatchOnFunctionError: false,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  TumblingWindowInSeconds: 0,
  DestinationConfig: { OnFailure: {} },
};

/** Members that can be changed, apart from the batch size; the others are of a new mapping alone. */
const changeable = [
  ...Object.keys(defaults),
  ...['SourceAccessConfigurations', 'ProvisionedPollerConfig', 'KMSKeyArn', 'MetricsConfig', 'LoggingConfig'],
  'BatchSize',
];
const ofNewOnes = ['StartingPosition', 'StartingPositionTimestamp', 'Topics', 'Queues'];

const numbers = new Set(
  Object.keys(defaults)
    .filter((name) => typeof defaults[name] === 'number')
    .concat('BatchSize'),
);
const truths = new Set(['Enabled', 'BisectBatchOnFunctionError']);

/** Other words for the same: those of `porchlight.yaml`, of the Serverless Framework, and SAM's where the API differs. */
const otherWords: Record<string, string> = {
  batchSize: 'BatchSize',
  enabled: 'Enabled',
  MaximumBatchingWindow: 'MaximumBatchingWindowInSeconds',
  BatchWindow: 'MaximumBatchingWindowInSeconds',
  KmsKeyArn: 'KMSKeyArn',
  Arn: '',
};

/** The members of a mapping that a trigger's settings state; a text says which of them cannot be sent. */
export function membersOf(config: Members): Members | Phrase {
  const members: Members = {};
  for (const [key, value] of Object.entries(config)) {
    const name = otherWords[key] ?? key;
    if (value === undefined || value === null || ![...changeable, ...ofNewOnes].includes(name)) continue;
    const read = typed(name, value);
    if (read === undefined)
      return phrase('{key}: {value} is no value for it.', {
        key,
        value: JSON.stringify(value)?.slice(0, 80),
      });
    members[name] = read;
  }
  const { window, maxConcurrency = config['MaximumConcurrency'], partialFailures } = config;
  if (window !== undefined) {
    const ms = parseDuration(window as string | number);
    if (ms === undefined || ms % 1000 !== 0)
      return phrase('window: {window} is no whole number of seconds.', { window: String(window) });
    members['MaximumBatchingWindowInSeconds'] = ms / 1000;
  }
  if (maxConcurrency !== undefined) members['ScalingConfig'] = { MaximumConcurrency: Number(maxConcurrency) };
  const responses = partialFailures === true ? 'ReportBatchItemFailures' : config['FunctionResponseType'];
  if (responses !== undefined) members['FunctionResponseTypes'] = [responses].flat();
  const filters = config['FilterPatterns'] ?? filtersIn(members['FilterCriteria']);
  if (Array.isArray(filters) && filters.length > 0)
    members['FilterCriteria'] = { Filters: filters.map((filter) => ({ Pattern: patternText(filter) })) };
  const onFailure = (members['DestinationConfig'] as { OnFailure?: { Destination?: unknown } } | undefined)
    ?.OnFailure?.Destination;
  // SAM also says of which kind the destination is, which its ARN says anyway.
  if (onFailure !== undefined) members['DestinationConfig'] = { OnFailure: { Destination: onFailure } };
  return members;
}

function typed(name: string, value: unknown): unknown {
  if (numbers.has(name)) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return Number.isInteger(number) ? number : undefined;
  }
  if (truths.has(name))
    return typeof value === 'boolean'
      ? value
      : value === 'true'
        ? true
        : value === 'false'
          ? false
          : undefined;
  if (name === 'Topics' || name === 'Queues' || name === 'FunctionResponseTypes') return [value].flat();
  if (name === 'StartingPositionTimestamp') {
    const date = new Date(typeof value === 'number' ? value * 1000 : String(value));
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  return value;
}

function filtersIn(criteria: unknown): unknown[] {
  const filters = (criteria as { Filters?: unknown } | undefined)?.Filters;
  return Array.isArray(filters) ? (filters as { Pattern?: unknown }[]).map(({ Pattern }) => Pattern) : [];
}

/** Patterns are JSON in a text. */
function patternText(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
}

/** Members that are not as they are wanted, with what to send: what is no longer stated gets its default. */
export function differing(wanted: Members, now: Members, batchSize: number): Members {
  const usual: Members = { ...defaults, BatchSize: batchSize };
  const changed = changeable.filter(
    (name) =>
      (name in usual || wanted[name] !== undefined) &&
      !isDeepStrictEqual(plain(wanted[name] ?? usual[name]), plain(now[name] ?? usual[name])),
  );
  return Object.fromEntries(changed.map((name) => [name, wanted[name] ?? usual[name]]));
}

/** What of a mapping is not as usual, as one text for comparing: a stated one and one of the cloud alike. */
export function membersText(members: Members, batchSize: number): string {
  const usual: Members = { ...defaults, BatchSize: batchSize };
  return changeable
    .filter(
      (name) =>
        members[name] !== undefined &&
        members[name] !== null &&
        !isDeepStrictEqual(plain(members[name]), plain(usual[name])),
    )
    .sort()
    .map((name) => `${name} ${textOf(plain(members[name]))}`)
    .join(', ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A value without what has no value in it: AWS tells empty objects where nothing is stated. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(plain);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, part]): [string, unknown] => [key, plain(part)])
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
