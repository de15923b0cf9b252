import { openImages } from '../images/index.ts';
import type { CredentialPlaces } from '../images/registry/credentials.ts';
import type { DeployTarget } from '../target.ts';
import type { TargetContext } from '../targetContext.ts';
import { KubeApi } from './kubernetes/kubeApi.ts';
import { readKubeconfig, type KubeconfigPlaces } from './kubernetes/kubeconfig.ts';
import { KnativeTarget } from './knativeTarget.ts';
import { ServiceApi } from './serviceApi.ts';
import { readSettings } from './settings.ts';

/** What tests have of their own. */
export interface KnativePlaces {
  kube?: KubeconfigPlaces;
  registry?: CredentialPlaces;
  /** Milliseconds of the first pause before something is asked again. */
  pollMs?: number;
}

/** Opens a target of type `knative` with what `targets.<name>` states. Nothing is asked of cluster or registry yet. */
export async function openKnative(
  name: string,
  stated: Record<string, unknown>,
  context: TargetContext,
  { kube, registry, pollMs }: KnativePlaces = {},
): Promise<DeployTarget> {
  const settings = readSettings(name, stated);
  const access = await readKubeconfig(settings, kube);
  const api = new KubeApi({ access, pollMs });
  const images = openImages({
    mirror: settings.mirror,
    pauseMs: pollMs,
    ...(registry && { places: registry }),
  });
  return new KnativeTarget({
    name,
    api: (namespace) => new ServiceApi(api, namespace ?? access.namespace ?? 'default'),
    images,
    settings,
    context,
  });
}
