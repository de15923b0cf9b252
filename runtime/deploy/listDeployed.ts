import type { DeployedFunction } from '../model/deploy.ts';
import type { DeployTarget } from './target.ts';
import type { TargetContext } from './targetContext.ts';

/** What of a project's functions is deployed on a target that is elsewhere: those of its platforms that serve there. */
export async function listDeployed(
  target: Pick<DeployTarget, 'name' | 'platforms' | 'urls'>,
  context: TargetContext,
  versionsOf: (name: string) => Promise<DeployedFunction['versions']>,
): Promise<DeployedFunction[]> {
  const names = (await context.functions())
    .filter(({ platform }) => target.platforms?.includes(platform) ?? true)
    .map(({ name }) => name);
  const deployed = await Promise.all(
    names.map(async (name): Promise<DeployedFunction> => {
      const [versions, urls] = await Promise.all([versionsOf(name), target.urls(name)]);
      return { function: name, target: target.name, versions, urls };
    }),
  );
  return deployed.filter(({ versions }) => versions.some(({ current }) => current));
}
