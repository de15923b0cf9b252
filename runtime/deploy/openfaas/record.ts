import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { FunctionStatus } from './answers.ts';
import type { DeployedSettings } from './deployment.ts';
import { jsonIn } from '../../support/jsonValue.ts';

/*
 * A gateway knows a function as it is now. What serves and what served before is kept in annotations of the function
 * itself, so that every machine that deploys knows it.
 */

const texts = v.record(v.string(), v.string());
const settings = v.object({
  labels: texts,
  annotations: texts,
  secrets: v.array(v.string()),
  constraints: v.array(v.string()),
  limits: v.exactOptional(texts),
  requests: v.exactOptional(texts),
  readOnlyRootFilesystem: v.exactOptional(v.boolean()),
});

const versionRecord = v.object({
  version: v.pipe(v.string(), v.regex(/^\d{1,9}$/)),
  /** By digest. */
  image: v.string(),
  /** What its image was made of (`PlannedImage.tag`); empty where it was not deployed from here. */
  package: v.string(),
  /** Milliseconds since the epoch. */
  createdAt: v.number(),
  timeoutMs: v.exactOptional(v.number()),
  /** Tells apart which variables it had, not their values. */
  environment: v.string(),
  settings,
});

/** A version as it was deployed. Values of variables are not in it. */
export type VersionRecord = Omit<v.InferOutput<typeof versionRecord>, 'settings'> & {
  settings: DeployedSettings;
};

const annotation = { current: 'io.porchlight.version', earlier: 'io.porchlight.others' } as const;
/** Says of which function a function is a trial. */
export const trialAnnotation = 'io.porchlight.trial';
/** Differs with every change, so that one that was taken is told from one that was not. */
export const markAnnotation = 'io.porchlight.mark';

/** Versions that are kept beside the one that serves. */
const mostOthers = 10;

export interface VersionRecords {
  current: VersionRecord;
  /** Newest first. */
  others: VersionRecord[];
}

/** What a function's annotations say; one that was not deployed from here is its version 0. */
export function readRecords(status: FunctionStatus, remote: DeployedSettings): VersionRecords {
  const { annotations = {}, image, createdAt, envVars } = status;
  const told = v.safeParse(versionRecord, jsonIn(annotations[annotation.current] ?? ''));
  const others = v.safeParse(v.array(versionRecord), jsonIn(annotations[annotation.earlier] ?? ''));
  const known = others.success ? others.output : [];
  // Somebody may have changed the function by other means since.
  if (told.success && told.output.image === image) return { current: told.output, others: known };
  const current = {
    version: '0',
    image,
    package: '',
    createdAt: Date.parse(createdAt ?? '') || 0,
    environment: fingerprint(envVars ?? {}),
    settings: remote,
  };
  const before = told.success ? [told.output, ...known] : known;
  return { current, others: before.filter(({ version }) => version !== current.version) };
}

/** The annotations that say it. */
export function recordAnnotations(
  current: VersionRecord,
  others: readonly VersionRecord[],
): Record<string, string> {
  const kept = newestFirst(others.filter(({ version }) => version !== current.version)).slice(0, mostOthers);
  return {
    [annotation.current]: JSON.stringify(current),
    [annotation.earlier]: JSON.stringify(kept),
  };
}

/** Name of the next version. */
export function nextVersion({ current, others }: VersionRecords): string {
  return String(Math.max(...[current, ...others].map(({ version }) => Number(version))) + 1);
}

export function newestFirst(records: readonly VersionRecord[]): VersionRecord[] {
  return [...records].sort((a, b) => Number(b.version) - Number(a.version));
}

/** A short text that is the same for the same variables. */
export function fingerprint(environment: Record<string, string>): string {
  const sorted = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
