import type { LambdaApi } from './lambdaApi.ts';
import { permit } from './triggers/permissions.ts';

type Auth = 'AWS_IAM' | 'NONE';

/** The URL of a function's alias, and who may call it. */
export interface RemoteUrl {
  url: string;
  auth: Auth;
}

export async function findUrl(api: LambdaApi, name: string, alias: string): Promise<RemoteUrl | undefined> {
  const found = await api.find('GetFunctionUrlConfig', (lambda) =>
    lambda.send(new api.sdk.GetFunctionUrlConfigCommand({ FunctionName: name, Qualifier: alias })),
  );
  return found?.FunctionUrl ? { url: found.FunctionUrl, auth: found.AuthType ?? 'AWS_IAM' } : undefined;
}

/** Gives the alias a URL that asks callers as stated. An open one also needs that everybody is permitted. */
export async function provideUrl(
  api: LambdaApi,
  name: string,
  alias: string,
  auth: Auth,
  before: RemoteUrl | undefined,
): Promise<string | undefined> {
  const { sdk } = api;
  const input = { FunctionName: name, Qualifier: alias, AuthType: auth };
  const made =
    before === undefined
      ? await api.change('CreateFunctionUrlConfig', (lambda) =>
          lambda.send(new sdk.CreateFunctionUrlConfigCommand(input)),
        )
      : before.auth === auth
        ? { FunctionUrl: before.url }
        : await api.change('UpdateFunctionUrlConfig', (lambda) =>
            lambda.send(new sdk.UpdateFunctionUrlConfigCommand(input)),
          );
  if (auth === 'NONE') await permitEverybody(api, name, alias);
  return made.FunctionUrl;
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
