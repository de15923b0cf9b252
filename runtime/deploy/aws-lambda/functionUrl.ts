import type { FunctionUrlConfig } from '@aws-sdk/client-lambda';
import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { LambdaApi } from './lambdaApi.ts';
import type { AwsSettings } from './settings.ts';
import { permit } from './triggers/permissions.ts';

/** A function's URL as a project wants it, as the API takes it; what is not in it stays as it is there. */
export type DesiredUrl = Pick<FunctionUrlConfig, 'Cors' | 'InvokeMode'> & { AuthType: 'AWS_IAM' | 'NONE' };

/** The URL of a function's alias as it is there. */
export type RemoteUrl = Pick<FunctionUrlConfig, 'FunctionUrl' | 'AuthType' | 'Cors' | 'InvokeMode'>;

/** Undefined where nothing calls the function by HTTP, or its address is made elsewhere. */
export function desiredUrl(
  { triggers }: Pick<FunctionDefinition, 'triggers'>,
  { url }: Pick<AwsSettings, 'url'>,
): DesiredUrl | undefined {
  const http = triggers.filter((trigger): trigger is HttpTrigger => trigger.kind === 'http');
  if (url === 'none' || http.length === 0) return undefined;
  const streams = http.find((trigger) => trigger.streams !== undefined)?.streams;
  // Where the cloud leaves answers alone, the function itself says what pages may do.
  const cors = http.find((trigger) => trigger.cors?.answers)?.cors;
  return {
    AuthType: url === 'public' ? 'NONE' : 'AWS_IAM',
    ...(streams !== undefined && { InvokeMode: streams ? 'RESPONSE_STREAM' : 'BUFFERED' }),
    ...(cors && {
      Cors: {
        AllowOrigins: cors.origins,
        // Preflights are answered by themselves; the API takes no word as long as OPTIONS.
        AllowMethods: cors.methods.filter((method) => method !== 'OPTIONS'),
        AllowHeaders: cors.headers,
        ExposeHeaders: cors.exposed,
        AllowCredentials: cors.credentials,
        ...(cors.maxAgeS !== undefined && { MaxAge: cors.maxAgeS }),
      },
    }),
  };
}

export async function findUrl(api: LambdaApi, name: string, alias: string): Promise<RemoteUrl | undefined> {
  const found = await api.find('GetFunctionUrlConfig', (lambda) =>
    lambda.send(new api.sdk.GetFunctionUrlConfigCommand({ FunctionName: name, Qualifier: alias })),
  );
  return found?.FunctionUrl ? found : undefined;
}

/** As one text, for comparing: of what is there, as much as is wanted. */
export function urlText(
  url: Partial<RemoteUrl> | undefined,
  wanted: DesiredUrl | undefined,
): string | undefined {
  if (!url || !wanted) return undefined;
  const { AuthType = 'AWS_IAM', InvokeMode, Cors } = url;
  const streams = wanted.InvokeMode !== undefined && InvokeMode === 'RESPONSE_STREAM';
  return [
    AuthType,
    ...(streams ? ['streamed'] : []),
    ...(wanted.Cors ? [`CORS ${corsText(Cors ?? {})}`] : []),
  ].join(', ');
}

function corsText(cors: NonNullable<FunctionUrlConfig['Cors']>): string {
  const lists = [cors.AllowOrigins, cors.AllowMethods, cors.AllowHeaders, cors.ExposeHeaders];
  const texts = lists.map((list) => [...(list ?? [])].sort().join(',') || '-');
  return [...texts, ...(cors.AllowCredentials ? ['credentials'] : []), `${cors.MaxAge ?? 0} s`].join(' ');
}

/** Gives the alias a URL as it is wanted. An open one also needs that everybody is permitted. */
export async function provideUrl(
  api: LambdaApi,
  { name, alias }: { name: string; alias: string },
  wanted: DesiredUrl,
  before: RemoteUrl | undefined,
): Promise<void> {
  const input = { FunctionName: name, Qualifier: alias, ...wanted };
  const there = before ?? (await create(api, input));
  if (there && urlText(there, wanted) !== urlText(wanted, wanted)) {
    await api.change('UpdateFunctionUrlConfig', (lambda) =>
      lambda.send(new api.sdk.UpdateFunctionUrlConfigCommand(input)),
    );
  }
  if (wanted.AuthType === 'NONE') await permitEverybody(api, name, alias);
}

/** Makes a URL; gives one that is there all the same, as an answer may have been lost. */
async function create(
  api: LambdaApi,
  input: DesiredUrl & { FunctionName: string; Qualifier: string },
): Promise<RemoteUrl | undefined> {
  const { FunctionName: name, Qualifier: alias } = input;
  let there: RemoteUrl | undefined;
  try {
    await api.change(
      'CreateFunctionUrlConfig',
      (lambda) => lambda.send(new api.sdk.CreateFunctionUrlConfigCommand(input)),
      undefined,
      { fresh: true, made: async () => (there = await findUrl(api, name, alias)) !== undefined },
    );
    return undefined;
  } catch (error) {
    if (!there) throw error;
    return there;
  }
}

async function permitEverybody(api: LambdaApi, name: string, alias: string): Promise<void> {
  const common = { FunctionName: name, Qualifier: alias, Principal: '*' };
  await permit(api, {
    ...common,
    StatementId: 'porchlight-url',
    Action: 'lambda:InvokeFunctionUrl',
    FunctionUrlAuthType: 'NONE',
  });
  // Since late 2025 the function behind the URL has to be permitted as well.
  await permit(api, {
    ...common,
    StatementId: 'porchlight-url-invoke',
    Action: 'lambda:InvokeFunction',
    InvokedViaFunctionUrl: true,
  });
}
