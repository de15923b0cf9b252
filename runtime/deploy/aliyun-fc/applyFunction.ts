import { isDeepStrictEqual } from 'node:util';
import { PorchlightError } from '../../model/errors.ts';
import type { FcFunction } from './answers.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isRefusal } from './refusal.ts';
import { differences, fittingCpu, type FcConfiguration } from './remoteFunction.ts';
import { listVersions, publishVersion } from './versions.ts';

/** Where the code of a function comes from: the request itself, or an object of OSS. */
export type CodeSource = { zip: Uint8Array } | { ossBucketName: string; ossObjectName: string };

export interface FunctionChange {
  name: string;
  configuration: FcConfiguration;
  code: CodeSource;
  /** CRC-64 of the ZIP file. */
  checksum: string;
}

/** The function as it is changed (its unpublished state), once its last change is done; undefined when there is none. */
export async function latest(api: FcApi, name: string, signal: AbortSignal): Promise<FcFunction | undefined> {
  return (await api.findFunction(name, undefined, signal)) && api.atRest(name, signal);
}

/** Replaces the code of an existing function, unless it has that code already. */
export async function updateCode(
  api: FcApi,
  change: FunctionChange,
  now: FcFunction,
  signal: AbortSignal,
): Promise<FcFunction> {
  if (now.codeChecksum === change.checksum && !hasFailed(now)) return now;
  await update(api, change.name, { code: codeOf(change) }, signal);
  return api.settled(change.name, signal);
}

/**
 * Makes a function what it should be and publishes that as a version; callers of an alias notice nothing. What is as it
 * should be is left alone, so that it can be done again after it was interrupted anywhere.
 */
export async function publish(
  api: FcApi,
  change: FunctionChange,
  signal: AbortSignal,
): Promise<{ version: string; made: boolean }> {
  const { name, checksum } = change;
  const now = (await latest(api, name, signal)) ?? (await create(api, change, signal));
  await updateConfiguration(api, change, await updateCode(api, change, now, signal), signal);
  const ready = await latest(api, name, signal);
  // Another code would be verified and served otherwise.
  if (ready?.codeChecksum !== undefined && ready.codeChecksum !== checksum)
    throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
  const newest = ready && (await publishedAlready(api, name, ready, signal));
  if (newest !== undefined) return { version: newest, made: false };
  const published = await publishVersion(api, { name, checksum, signal });
  await api.settled(name, signal, published.version);
  return published;
}

/** What says how a function is doing, rather than what it is. */
const passing =
  /^(functionArn|functionId|createdTime|lastModifiedTime|state|lastUpdateStatus|versionId|invocationRestriction|lockInfo|resourceGroupId$|tags$)/;

/**
 * The newest version, when nothing of the function was changed since: after a canary or an interruption it is served,
 * rather than a copy, which would be what a roll-back finds.
 */
async function publishedAlready(
  api: FcApi,
  name: string,
  now: FcFunction,
  signal: AbortSignal,
): Promise<string | undefined> {
  const newest = (await listVersions(api, name, signal))[0]?.versionId;
  const found = newest === undefined ? undefined : await api.findFunction(name, newest, signal);
  return found && isDeepStrictEqual(contentOf(found), contentOf(now)) ? newest : undefined;
}

function contentOf(found: FcFunction): unknown {
  const content = Object.entries(found).filter(([key]) => !passing.test(key));
  // What has no value and what is not there are the same.
  return JSON.parse(JSON.stringify(Object.fromEntries(content)));
}

async function create(api: FcApi, change: FunctionChange, signal: AbortSignal): Promise<FcFunction> {
  const { name, configuration } = change;
  const { instanceLifecycleConfig: hooks, ...rest } = configuration;
  const body = {
    functionName: name,
    ...rest,
    ...(Object.keys(hooks).length > 0 && { instanceLifecycleConfig: hooks }),
    code: codeOf(change),
  };
  try {
    await api.call({ operation: 'CreateFunction', method: 'POST', path: '/functions', body, signal });
  } catch (error) {
    // An answer was lost, or somebody else was faster: then it is brought up to date.
    if (!isRefusal(error, /^FunctionAlreadyExists$/)) throw error;
  }
  return api.settled(name, signal);
}

async function updateConfiguration(
  api: FcApi,
  { name, configuration }: FunctionChange,
  now: FcFunction,
  signal: AbortSignal,
): Promise<void> {
  const changed = hasFailed(now) ? configuration : differences(configuration, now);
  if (Object.keys(changed).length === 0) return;
  const cpu = configuration.cpu === undefined ? fittingCpu(configuration.memorySize, now.cpu) : undefined;
  await update(api, name, { ...changed, ...(cpu !== undefined && { cpu }) }, signal);
  await api.settled(name, signal);
}

/** Its last change came to nothing: what is told of it may be what was wanted rather than what is. */
function hasFailed({ state, lastUpdateStatus }: FcFunction): boolean {
  return state === 'Failed' || lastUpdateStatus === 'Failed';
}

async function update(api: FcApi, name: string, body: object, signal: AbortSignal): Promise<void> {
  try {
    const path = functionPath(name);
    await api.call({ operation: 'UpdateFunction', method: 'PUT', path, body, signal });
  } catch (error) {
    if (!isRefusal(error, /^PreconditionFailed/)) throw error;
    throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name }, { cause: error });
  }
}

function codeOf({ code, checksum }: FunctionChange) {
  if (!('zip' in code)) return { ...code, checksum };
  const { buffer, byteOffset, byteLength } = code.zip;
  return { zipFile: Buffer.from(buffer, byteOffset, byteLength).toString('base64'), checksum };
}
