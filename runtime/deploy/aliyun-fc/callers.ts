import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { FcDomain, FcProvision, FcTrigger } from './answers.ts';
import type { DesiredTriggers } from './desiredTriggers.ts';
import { findDomain, provideRoute, remoteRouteText, routeText, type Place } from './domains.ts';
import type { FcApi } from './fcApi.ts';
import { noteDomain } from './madeDomains.ts';
import { outdatedTriggers } from './ownTriggers.ts';
import { desiredProvision, findProvision, provideProvision, provisionText } from './provision.ts';
import { listTriggers, provideTrigger, removeTrigger } from './triggers.ts';
import { remoteTriggerText, triggerText } from './triggerTexts.ts';

/* What is set up around an alias: triggers, routes of domains, instances that are kept for it. */

/** What a project wants of it. */
export interface DesiredCallers extends DesiredTriggers {
  provision: FunctionDefinition['provision'];
}

/** What is there of it. */
export interface RemoteCallers {
  triggers: FcTrigger[];
  /** By name: those that the project states. */
  domains: Map<string, FcDomain | undefined>;
  provision: FcProvision | undefined;
}

/** One round trip. */
export async function findCallers(
  api: FcApi,
  place: Place,
  { routes }: DesiredTriggers,
): Promise<RemoteCallers> {
  const names = [...new Set(routes.map(({ domain }) => domain))];
  const [triggers, provision, domains] = await Promise.all([
    listTriggers(api, place.name),
    findProvision(api, place),
    Promise.all(names.map(async (name) => [name, await findDomain(api, name)] as const)),
  ]);
  return { triggers, provision, domains: new Map(domains) };
}

/** As texts that are compared. */
export function desiredTexts({ triggers, routes, provision }: DesiredCallers): Record<string, string> {
  return Object.fromEntries([
    ...triggers.map((trigger) => [`triggers.${trigger.name}`, triggerText(trigger)] as const),
    ...routes.map((route) => [`triggers.${route.name}`, routeText(route)] as const),
    ...(provision ? [['provision', provisionText(provision, provision)] as const] : []),
  ]);
}

/** The same of what is there. What is neither stated nor made by a deploy is not ours. */
export function remoteTexts(
  remote: RemoteCallers,
  desired: DesiredCallers,
  place: Place,
): Record<string, string> {
  const texts: [string, string | undefined][] = [
    ...desired.triggers.map((wanted): [string, string | undefined] => {
      const found = remote.triggers.find(({ triggerName }) => triggerName === wanted.name);
      return [`triggers.${wanted.name}`, found && remoteTriggerText(found, place.alias, wanted)];
    }),
    ...outdatedTriggers(remote.triggers, desired, place.alias).map((found): [string, string | undefined] => [
      `triggers.${found.triggerName}`,
      remoteTriggerText(found, place.alias),
    ]),
    ...desired.routes.map((route): [string, string | undefined] => [
      `triggers.${route.name}`,
      remoteRouteText(remote.domains.get(route.domain), route, place),
    ]),
  ];
  if (desired.provision)
    texts.push(['provision', remote.provision && provisionText(desired.provision, remote.provision)]);
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export function desiredCallers(
  definition: Pick<FunctionDefinition, 'provision' | 'process'>,
  triggers: DesiredTriggers,
): DesiredCallers {
  return { ...triggers, provision: desiredProvision(definition) };
}

/** Sets up what is not as it is wanted; what goes wrong is told, and the next deploy completes it. */
export async function provideCallers(
  api: FcApi,
  place: Place,
  desired: DesiredCallers,
  before: RemoteCallers,
): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (
    what: string,
    work: () => Promise<void>,
    then = 'Deploy again to complete it.',
  ): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      problems.push(`${what}: ${detail} ${then}`);
    }
  };
  // First: a function has one HTTP trigger, which may have another name now.
  for (const { triggerName } of outdatedTriggers(before.triggers, desired, place.alias))
    await attempt(`Its trigger ${triggerName} is not taken away`, () =>
      removeTrigger(api, place.name, triggerName),
    );
  for (const trigger of desired.triggers) {
    const there = before.triggers.find(({ triggerName }) => triggerName === trigger.name);
    await attempt(`Its trigger ${trigger.name} is not set up`, () =>
      provideTrigger(api, place, trigger, there),
    );
  }
  const madeDomains: string[] = [];
  for (const route of desired.routes) {
    const there = remoteRouteText(before.domains.get(route.domain), route, place);
    if (there === routeText(route)) continue;
    await attempt(`Its route ${route.domain}${route.path} is not set up`, async () => {
      if (await provideRoute(api, place, route)) madeDomains.push(route.domain);
    });
  }
  for (const domain of madeDomains)
    await attempt(
      `Its domain ${domain} was made, but not noted`,
      () => noteDomain(api, place, domain),
      'It will stay when the function is removed.',
    );
  const { provision } = desired;
  const wanted = desiredTexts(desired)['provision'];
  if (provision && remoteTexts(before, desired, place)['provision'] !== wanted)
    await attempt('The instances to keep are not set up', () => provideProvision(api, place, provision));
  return problems;
}

/** Addresses of the alias. */
export function urlsOf({ triggers, domains }: RemoteCallers, { name, alias }: Place): string[] {
  const own = triggers
    .filter(({ qualifier }) => qualifier === alias)
    .flatMap(({ httpTrigger }) => httpTrigger?.urlInternet ?? []);
  const routed = [...domains.values()].flatMap((domain) =>
    (domain?.routeConfig?.routes ?? [])
      .filter((route) => route.functionName === name && route.qualifier === alias)
      .map(({ path = '' }) => {
        const scheme = domain?.protocol?.includes('HTTPS') ? 'https' : 'http';
        return `${scheme}://${domain?.domainName}${path.replace(/\*$/, '')}`;
      }),
  );
  return [...own, ...routed];
}
