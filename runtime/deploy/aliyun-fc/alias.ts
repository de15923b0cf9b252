import { aliasMove, type AliasState } from '../aliasMove.ts';
import { fcAlias, fcAliases, type FcAlias } from './answers.ts';
import type { Place } from './domains.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isRefusal } from './refusal.ts';
import type { Phrase } from '../../support/l10n.ts';

/** The alias of a function as it is there; undefined when there is none. */
export async function findAlias(api: FcApi, { name, alias }: Place): Promise<AliasState | undefined> {
  const path = functionPath(name, 'aliases', alias);
  const found = await api.find(fcAlias, { operation: 'GetAlias', method: 'GET', path });
  if (!found) return undefined;
  const { versionId: version, description, additionalVersionWeight: weights } = found;
  return { version, description, weights };
}

/** Every alias of a function, for taking it away. */
export async function listAliases(api: FcApi, name: string): Promise<FcAlias[]> {
  const request = { operation: 'ListAliases', path: functionPath(name, 'aliases') };
  return api.list(request, async (page) => {
    const found = await api.find(fcAliases, page);
    return found && { items: found.aliases, nextToken: found.nextToken };
  });
}

/** Moves the alias, or gives a share of its calls to a version; the answer is for the user. */
export async function moveAlias(
  api: FcApi,
  place: Place,
  version: string,
  percent: number,
): Promise<Phrase | undefined> {
  const found = await findAlias(api, place);
  const { version: main, weights, description, note } = aliasMove(found, version, percent);
  const body = { versionId: main, additionalVersionWeight: weights, description };
  if (!found && (await create(api, place, body))) return note;
  const path = functionPath(place.name, 'aliases', place.alias);
  await api.call({ operation: 'UpdateAlias', method: 'PUT', path, body }, { fresh: true });
  return note;
}

/** Makes the alias; false where it is there all the same, as an answer was lost: it may have been made for another version. */
async function create(
  api: FcApi,
  { name, alias }: Place,
  { versionId, description }: { versionId: string; description: string | undefined },
): Promise<boolean> {
  const path = functionPath(name, 'aliases');
  const body = { aliasName: alias, versionId, description };
  try {
    await api.call({ operation: 'CreateAlias', method: 'POST', path, body }, { fresh: true });
    return true;
  } catch (error) {
    if (isRefusal(error, /^AliasAlreadyExists$/)) return false;
    throw error;
  }
}
