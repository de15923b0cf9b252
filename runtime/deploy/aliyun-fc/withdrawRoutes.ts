import { PorchlightError } from '../../model/errors.ts';
import { fcDomains, type FcDomain } from './answers.ts';
import { domainPath, findDomain, routesOf } from './domains.ts';
import type { FcApi } from './fcApi.ts';

/**
 * Takes the routes to a function out of the account's domains, for its removal. Routes to other functions stay; a domain
 * that a deploy made (`made`) goes with its last route, one that somebody else made stays.
 */
export async function withdrawRoutes(api: FcApi, name: string, made: readonly string[]): Promise<void> {
  for (const domain of await domainsOf(api, made)) {
    const routes = routesOf(domain);
    const others = routes.filter(({ functionName }) => functionName !== name);
    const { domainName, protocol } = domain;
    if (others.length === 0 && made.includes(domainName)) {
      await api.remove({ operation: 'DeleteCustomDomain', path: domainPath(domainName) });
    } else if (others.length < routes.length) {
      const body = { ...(protocol !== undefined && { protocol }), routeConfig: { routes: others } };
      const path = domainPath(domainName);
      await api.call({ operation: 'UpdateCustomDomain', method: 'PUT', path, body });
    }
  }
}

/** All that there are, or, for whoever may not list them, those that deploys made. */
async function domainsOf(api: FcApi, made: readonly string[]): Promise<FcDomain[]> {
  const request = { operation: 'ListCustomDomains', path: '/custom-domains' };
  try {
    return await api.list(request, async (page) => {
      const found = await api.find(fcDomains, page);
      return found && { items: found.customDomains, nextToken: found.nextToken };
    });
  } catch (error) {
    if (!(error instanceof PorchlightError && error.code === 'CREDENTIALS_REFUSED')) throw error;
    const found = await Promise.all(made.map((domain) => findDomain(api, domain)));
    return found.filter((domain) => domain !== undefined);
  }
}
