import { findAlias } from './alias.ts';
import type { Place } from './domains.ts';
import { functionPath, type FcApi } from './fcApi.ts';

/*
 * Domains have neither tags nor descriptions. Those that a deploy made stand in the description of the alias, before the
 * versions that served: these alone are taken away with their last route.
 */

const mark = /\s*\[made ([\w .-]*)\]/;
const servedAtEnd = /\s*\[served [\w .-]*\]$/;
/** The rest of the 256 characters is for the versions that served. */
const mostCharacters = 160;

/** Names of the domains that deploys made for an alias. */
export function madeIn(description: string | undefined): string[] {
  return (mark.exec(description ?? '')?.[1] ?? '').split(' ').filter(Boolean);
}

/** A description that names a domain as well; the same where there is no room for it. */
export function withMade(description: string | undefined, domain: string): string {
  const before = description ?? '';
  const made = [...new Set([...madeIn(before), domain])];
  const served = servedAtEnd.exec(before)?.[0].trim() ?? '';
  const text = before.replace(servedAtEnd, '').replace(mark, '');
  const noted = `${text} [made ${made.join(' ')}]`.trim();
  return noted.length > mostCharacters ? before : `${noted} ${served}`.trim();
}

/** Notes that a deploy made a domain. */
export async function noteDomain(api: FcApi, place: Place, domain: string): Promise<void> {
  const found = await findAlias(api, place);
  if (!found || madeIn(found.description).includes(domain)) return;
  const body = {
    versionId: found.version,
    additionalVersionWeight: found.weights ?? {},
    description: withMade(found.description, domain),
  };
  const path = functionPath(place.name, 'aliases', place.alias);
  await api.call({ operation: 'UpdateAlias', method: 'PUT', path, body }, { fresh: true });
}
