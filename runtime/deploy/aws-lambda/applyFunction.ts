import { isDeepStrictEqual } from 'node:util';
import { PorchlightError } from '../../model/errors.ts';
import { badAnswer } from './awsRefusal.ts';
import { isRefusal, type FunctionConfiguration, type LambdaApi } from './lambdaApi.ts';
import type { configurationOf } from './remoteFunction.ts';

/** Where the code of a function comes from. */
export type CodeSource = { ZipFile: Uint8Array } | { S3Bucket: string; S3Key: string };

export interface FunctionChange {
  name: string;
  configuration: ReturnType<typeof configurationOf>;
  architecture: 'x86_64' | 'arm64';
  code: CodeSource;
  /** Base64 SHA-256 of the ZIP file, as AWS states it. */
  codeSha256: string;
}

/** The function as it is changed (`$LATEST`), once its last change is done; undefined when there is none. */
export async function latest(
  api: LambdaApi,
  name: string,
  signal?: AbortSignal,
): Promise<FunctionConfiguration | undefined> {
  return (await api.findFunction(name, undefined, signal)) && api.atRest(name, signal);
}

/** Replaces the code of an existing function, unless it has that code already. */
export async function updateCode(
  api: LambdaApi,
  { name, code, codeSha256, architecture }: FunctionChange,
  now: FunctionConfiguration,
  signal: AbortSignal,
): Promise<FunctionConfiguration> {
  const isDone = (found: FunctionConfiguration): boolean =>
    found.CodeSha256 === codeSha256 && (found.Architectures?.[0] ?? 'x86_64') === architecture;
  if (isDone(now) && !hasFailed(now)) return now;
  const input = { FunctionName: name, ...code, Architectures: [architecture], RevisionId: now.RevisionId };
  return guarded(api, name, { isDone, signal }, () =>
    api.change(
      'UpdateFunctionCode',
      (lambda) => lambda.send(new api.sdk.UpdateFunctionCodeCommand(input), { abortSignal: signal }),
      signal,
    ),
  );
}

/**
 * Makes a function what it should be and publishes that as a version; callers of an alias notice nothing. What is as it
 * should be is left alone, so that it can be done again after it was interrupted anywhere.
 */
export async function publish(api: LambdaApi, change: FunctionChange, signal: AbortSignal): Promise<string> {
  const { name, codeSha256 } = change;
  const now = (await latest(api, name, signal)) ?? (await create(api, change, signal));
  if (now) await updateConfiguration(api, change, await updateCode(api, change, now, signal), signal);
  const published = await api.change(
    'PublishVersion',
    (lambda) =>
      lambda.send(new api.sdk.PublishVersionCommand({ FunctionName: name, CodeSha256: codeSha256 }), {
        abortSignal: signal,
      }),
    signal,
  );
  const version = published.Version;
  if (version === undefined) throw badAnswer('PublishVersion', published.$metadata.httpStatusCode);
  await api.settled(name, signal, version);
  return version;
}

/** Makes a function; gives one that is there all the same, which has to be brought up to date. */
async function create(
  api: LambdaApi,
  change: FunctionChange,
  signal: AbortSignal,
): Promise<FunctionConfiguration | undefined> {
  const { name, configuration, architecture, code } = change;
  const input = {
    FunctionName: name,
    Role: configuration.Role,
    ...configuration,
    Code: code,
    Architectures: [architecture],
    PackageType: 'Zip' as const,
  };
  try {
    await api.change(
      'CreateFunction',
      (lambda) => lambda.send(new api.sdk.CreateFunctionCommand(input), { abortSignal: signal }),
      signal,
      { made: async () => (await api.findFunction(name, undefined, signal)) !== undefined },
    );
  } catch (error) {
    // An answer was lost, or somebody else was faster.
    if (!isRefusal(error, 'ResourceConflictException')) throw error;
    return api.atRest(name, signal);
  }
  await api.settled(name, signal);
  return undefined;
}

async function updateConfiguration(
  api: LambdaApi,
  { name, configuration }: FunctionChange,
  now: FunctionConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const isDone = (found: FunctionConfiguration): boolean => isAsStated(configuration, found);
  if (isDone(now) && !hasFailed(now)) return;
  const input = { FunctionName: name, ...configuration, RevisionId: now.RevisionId };
  await guarded(api, name, { isDone, signal }, () =>
    api.change(
      'UpdateFunctionConfiguration',
      (lambda) => lambda.send(new api.sdk.UpdateFunctionConfigurationCommand(input), { abortSignal: signal }),
      signal,
    ),
  );
}

/** Its last change came to nothing: what is told of it may be what was wanted rather than what is. */
function hasFailed({ State, LastUpdateStatus }: FunctionConfiguration): boolean {
  return State === 'Failed' || LastUpdateStatus === 'Failed';
}

function isAsStated(configuration: FunctionChange['configuration'], now: FunctionConfiguration): boolean {
  const { Layers, Environment, EphemeralStorage, ...plain } = configuration;
  return (
    Object.entries(plain).every(([key, value]) => (now[key as keyof typeof plain] ?? '') === value) &&
    (now.EphemeralStorage?.Size ?? EphemeralStorage.Size) === EphemeralStorage.Size &&
    isDeepStrictEqual(
      (now.Layers ?? []).map(({ Arn }) => Arn),
      Layers,
    ) &&
    isDeepStrictEqual({ ...now.Environment?.Variables }, Environment.Variables)
  );
}

/**
 * Makes a change and waits until it is taken over. The revision is the one that was looked at: what somebody else changes
 * in between is not overwritten. A change of ours whose answer was lost is met by its own repetition.
 */
async function guarded(
  api: LambdaApi,
  name: string,
  { isDone, signal }: { isDone(found: FunctionConfiguration): boolean; signal: AbortSignal },
  change: () => Promise<unknown>,
): Promise<FunctionConfiguration> {
  try {
    await change();
  } catch (error) {
    if (!isRefusal(error, 'PreconditionFailedException')) throw error;
    const found = await api.settled(name, signal);
    if (isDone(found)) return found;
    throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name }, { cause: error });
  }
  return api.settled(name, signal);
}
