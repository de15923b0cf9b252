import { servedIn, withServed } from '../servedVersions.ts';
import { fcAlias, fcAliases, type FcAlias } from './answers.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isRefusal } from './refusal.ts';

export function findAlias(api: FcApi, name: string, alias: string): Promise<FcAlias | undefined> {
  const path = functionPath(name, 'aliases', alias);
  return api.find(fcAlias, { operation: 'GetAlias', method: 'GET', path });
}

/** Versions that the alias has pointed to; undefined where nobody wrote them down. */
export async function servedVersions(api: FcApi, name: string, alias: string): Promise<string[] | undefined> {
  return servedIn((await findAlias(api, name, alias))?.description);
}

/** Every alias of a function, for taking it away. */
export async function listAliases(api: FcApi, name: string): Promise<string[]> {
  const path = functionPath(name, 'aliases');
  const found = await api.find(fcAliases, {
    operation: 'ListAliases',
    method: 'GET',
    path,
    query: { limit: '100' },
  });
  return (found?.aliases ?? []).map(({ aliasName }) => aliasName);
}

export interface AliasMove {
  name: string;
  alias: string;
  version: string;
  /** What it points to now; undefined where there is no alias. */
  current: string | undefined;
  /** 1 to 100: share of the calls that the version gets. */
  percent: number;
}

/** Moves the alias, or gives a share of its calls to a version; the answer is for the user. */
export async function moveAlias(api: FcApi, move: AliasMove): Promise<string | undefined> {
  const { name, alias, version, current, percent } = move;
  const found = current === undefined ? undefined : await findAlias(api, name, alias);
  const description = withServed(found?.description, version, current === undefined ? [] : [current]);
  if (current === undefined) {
    const body = { aliasName: alias, versionId: version, description };
    const path = functionPath(name, 'aliases');
    try {
      await api.call({ operation: 'CreateAlias', method: 'POST', path, body }, { fresh: true });
    } catch (error) {
      // An answer was lost: it may have been made for another version.
      if (!isRefusal(error, /^AliasAlreadyExists$/)) throw error;
      await update(api, move, { versionId: version, additionalVersionWeight: {}, description });
    }
    return percent < 100 ? 'It is the first version, and gets all calls.' : undefined;
  }
  // A version that has a share of the calls only may still turn out to be bad.
  const shared = percent < 100 && current !== version;
  await update(
    api,
    move,
    shared
      ? { versionId: current, additionalVersionWeight: { [version]: percent / 100 } }
      : { versionId: version, additionalVersionWeight: {}, description },
  );
  return shared
    ? `${percent} % of the calls go to version ${version}, the others to ${current}. Deploy again without --canary to send it all of them, or roll back.`
    : undefined;
}

async function update(api: FcApi, { name, alias }: AliasMove, body: object): Promise<void> {
  const path = functionPath(name, 'aliases', alias);
  await api.call({ operation: 'UpdateAlias', method: 'PUT', path, body }, { fresh: true });
}
