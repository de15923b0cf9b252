import { fcDomain, type FcDomain, type FcRoute } from './answers.ts';
import type { DesiredRoute } from './desiredTriggers.ts';
import type { FcApi } from './fcApi.ts';
import { isRefusal } from './refusal.ts';
import { encode } from './signature.ts';

/** The alias of a function, to which routes lead. */
export interface Place {
  name: string;
  alias: string;
}

export function findDomain(api: FcApi, domain: string): Promise<FcDomain | undefined> {
  return api.find(fcDomain, { operation: 'GetCustomDomain', method: 'GET', path: domainPath(domain) });
}

/** A route as one text, for comparing; a stated one and one of the cloud alike. */
export function routeText({ domain, protocol, path, methods, rewrite }: Omit<DesiredRoute, 'name'>): string {
  const rules = rewrite === undefined ? [] : [JSON.stringify(rewrite)];
  return ['route', `${domain}${path}`, protocol, [...methods].sort().join(','), ...rules]
    .filter(Boolean)
    .join(' ');
}

/** The text of a route that is there and leads to the alias; undefined where it leads elsewhere. */
export function remoteRouteText(
  found: FcDomain | undefined,
  { path }: DesiredRoute,
  { name, alias }: Place,
): string | undefined {
  const route = routesOf(found).find((one) => one.path === path);
  if (!found || !route || route.functionName !== name || route.qualifier !== alias) return undefined;
  const { methods = [], rewriteConfig: rewrite } = route;
  const { domainName: domain, protocol = 'HTTP' } = found;
  return routeText({ domain, protocol, path, methods, ...(rewrite !== undefined && { rewrite }) });
}

/**
 * Leads a route to the alias. Other routes of the domain, and its certificate, stay as they are. Whether the domain was made
 * for it.
 */
export async function provideRoute(api: FcApi, place: Place, wanted: DesiredRoute): Promise<boolean> {
  const known = await findDomain(api, wanted.domain);
  const before = known ?? (await create(api, place, wanted));
  if (!before || remoteRouteText(before, wanted, place) === routeText(wanted))
    // Of one that was not there before, nobody else leads its only route here: an answer was lost.
    return !before || (!known && routesOf(before).length === 1);
  const { path, domain, protocol } = wanted;
  const routes = [...routesOf(before).filter((one) => one.path !== path), routeTo(place, wanted)];
  const body = { protocol, routeConfig: { routes } };
  const request = { operation: 'UpdateCustomDomain', method: 'PUT', path: domainPath(domain), body } as const;
  await api.call(request, { fresh: true });
  return false;
}

/** Makes a domain with the route; gives one that is there all the same, which has to be brought up to date. */
async function create(api: FcApi, place: Place, wanted: DesiredRoute): Promise<FcDomain | undefined> {
  const { domain: domainName, protocol } = wanted;
  const body = { domainName, protocol, routeConfig: { routes: [routeTo(place, wanted)] } };
  try {
    await api.call(
      { operation: 'CreateCustomDomain', method: 'POST', path: '/custom-domains', body },
      { fresh: true },
    );
    return undefined;
  } catch (error) {
    // An answer was lost, or another function of the project made it meanwhile; unless it is of another account.
    const there = isRefusal(error, /AlreadyExists$/) && (await findDomain(api, domainName));
    if (!there) throw error;
    return there;
  }
}

function routeTo({ name, alias }: Place, { path, methods, rewrite }: DesiredRoute): object {
  return {
    path,
    functionName: name,
    qualifier: alias,
    ...(methods.length > 0 && { methods }),
    ...(rewrite !== undefined && { rewriteConfig: rewrite }),
  };
}

export function routesOf(found: FcDomain | undefined): FcRoute[] {
  return found?.routeConfig?.routes ?? [];
}

/** Path of a domain. */
export function domainPath(domain: string): string {
  return `/custom-domains/${encode(domain)}`;
}
