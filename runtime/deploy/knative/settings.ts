import { knativeTarget } from '../../model/projectFiles/clusterTargetSchema.ts';
import { checkTarget } from '../checkTarget.ts';
import type { ImageSettings } from '../images/settings.ts';

/** Settings of a target of type `knative`, with what is not stated filled in. */
export interface KnativeSettings extends ImageSettings {
  architecture: 'amd64' | 'arm64';
  context?: string | undefined;
  kubeconfig?: string | undefined;
  /** Absent: that of the function's file, then of the context. */
  namespace?: string | undefined;
  prefix: string;
  /** Absent: what is set there stays; `pullSecret` and `cpu` alike. */
  serviceAccount?: string | undefined;
  pullSecret?: string | undefined;
  cpu?: string | undefined;
  visibility: 'public' | 'cluster';
  /** Address of the cluster's ingress, where names of services are not known here. */
  gateway?: string | undefined;
}

/** Reads what `targets.<name>` says; a `TARGET_SETTING` with the first thing that is wrong. */
export function readSettings(target: string, stated: Record<string, unknown>): KnativeSettings {
  const output = checkTarget(target, knativeTarget, { ...stated, type: 'knative' });
  const { type: _type, verifyWith: _verifyWith, architecture, prefix, visibility, ...rest } = output;
  return {
    ...rest,
    architecture: architecture ?? 'amd64',
    prefix: prefix ?? '',
    visibility: visibility ?? 'public',
  };
}
