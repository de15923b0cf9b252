import { aliasMove, type AliasState } from '../aliasMove.ts';
import { badAnswer } from './awsRefusal.ts';
import { isRefusal, type LambdaApi } from './lambdaApi.ts';
import type { Place } from './triggers/place.ts';
import type { Phrase } from '../../support/l10n.ts';

/** The alias of a function as it is there; undefined when there is none. */
export async function findAlias(api: LambdaApi, { name, alias }: Place): Promise<AliasState | undefined> {
  const input = { FunctionName: name, Name: alias };
  const found = await api.find('GetAlias', (lambda) => lambda.send(new api.sdk.GetAliasCommand(input)));
  if (!found) return undefined;
  const { FunctionVersion: version, Description: description, RoutingConfig } = found;
  if (version === undefined) throw badAnswer('GetAlias', found.$metadata.httpStatusCode);
  return { version, description, weights: RoutingConfig?.AdditionalVersionWeights };
}

/** Moves the alias, or gives a share of its calls to a version; the answer is for the user. */
export async function moveAlias(
  api: LambdaApi,
  place: Place,
  version: string,
  percent: number,
): Promise<Phrase | undefined> {
  const found = await findAlias(api, place);
  if (!found) {
    const { description, note } = aliasMove(undefined, version, percent);
    const input = { FunctionVersion: version, Description: description };
    if (await create(api, place, input)) return note;
  }
  const { version: main, weights, description, note } = aliasMove(found, version, percent);
  const input = {
    FunctionName: place.name,
    Name: place.alias,
    FunctionVersion: main,
    RoutingConfig: { AdditionalVersionWeights: weights },
    Description: description,
  };
  await api.change('UpdateAlias', (lambda) => lambda.send(new api.sdk.UpdateAliasCommand(input)), undefined, {
    fresh: true,
  });
  return note;
}

/** Makes the alias; false where it is there all the same, as an answer was lost: it may have been made for another version. */
async function create(
  api: LambdaApi,
  place: Place,
  input: { FunctionVersion: string; Description: string | undefined },
): Promise<boolean> {
  const whole = { FunctionName: place.name, Name: place.alias, ...input };
  try {
    await api.change(
      'CreateAlias',
      (lambda) => lambda.send(new api.sdk.CreateAliasCommand(whole)),
      undefined,
      { fresh: true, made: async () => (await findAlias(api, place)) !== undefined },
    );
    return true;
  } catch (error) {
    if (isRefusal(error, 'ResourceConflictException')) return false;
    throw error;
  }
}
