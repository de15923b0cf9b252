import { isDeepStrictEqual } from 'node:util';
import { PorchlightError } from '../../model/errors.ts';
import type { FunctionConfiguration, LambdaApi } from './lambdaApi.ts';
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
  const found = await api.find('GetFunction', (lambda) =>
    lambda.send(new api.sdk.GetFunctionCommand({ FunctionName: name })),
  );
  return found ? api.settled(name, signal) : undefined;
}

/** Replaces the code of an existing function, unless it has that code already. */
export async function updateCode(
  api: LambdaApi,
  { name, code, codeSha256, architecture }: FunctionChange,
  now: FunctionConfiguration,
  signal: AbortSignal,
): Promise<FunctionConfiguration> {
  if (now.CodeSha256 === codeSha256 && (now.Architectures?.[0] ?? 'x86_64') === architecture) return now;
  const input = { FunctionName: name, ...code, Architectures: [architecture], RevisionId: now.RevisionId };
  await guarded(name, () =>
    api.change(
      'UpdateFunctionCode',
      (lambda) => lambda.send(new api.sdk.UpdateFunctionCodeCommand(input), { abortSignal: signal }),
      signal,
    ),
  );
  return api.settled(name, signal);
}

/**
 * Makes a function what it should be and publishes that as a version; callers of an alias notice nothing. What is as it
 * should be is left alone, so that it can be done again after it was interrupted anywhere.
 */
export async function publish(api: LambdaApi, change: FunctionChange, signal: AbortSignal): Promise<string> {
  const { name, codeSha256 } = change;
  const now = await latest(api, name, signal);
  if (now) await updateConfiguration(api, change, await updateCode(api, change, now, signal), signal);
  else await create(api, change, signal);
  const published = await api.change(
    'PublishVersion',
    (lambda) =>
      lambda.send(
        new api.sdk.PublishVersionCommand({
          FunctionName: name,
          CodeSha256: codeSha256,
        }),
        { abortSignal: signal },
      ),
    signal,
  );
  const version = published.Version!;
  await api.settled(name, signal, version);
  return version;
}

async function create(api: LambdaApi, change: FunctionChange, signal: AbortSignal): Promise<void> {
  const { name, configuration, architecture, code } = change;
  const input = {
    FunctionName: name,
    Role: configuration.Role,
    ...configuration,
    Code: code,
    Architectures: [architecture],
    PackageType: 'Zip' as const,
  };
  await api.change(
    'CreateFunction',
    (lambda) => lambda.send(new api.sdk.CreateFunctionCommand(input), { abortSignal: signal }),
    signal,
  );
  await api.settled(name, signal);
}

async function updateConfiguration(
  api: LambdaApi,
  { name, configuration }: FunctionChange,
  now: FunctionConfiguration,
  signal: AbortSignal,
): Promise<void> {
  if (isAsStated(configuration, now)) return;
  const input = { FunctionName: name, ...configuration, RevisionId: now.RevisionId };
  await guarded(name, () =>
    api.change(
      'UpdateFunctionConfiguration',
      (lambda) => lambda.send(new api.sdk.UpdateFunctionConfigurationCommand(input), { abortSignal: signal }),
      signal,
    ),
  );
  await api.settled(name, signal);
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

/** The revision is the one that was looked at: what somebody else changes in between is not overwritten. */
async function guarded(name: string, change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    const code = error instanceof PorchlightError ? error.facts['code'] : undefined;
    if (code !== 'PreconditionFailedException') throw error;
    throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
  }
}
