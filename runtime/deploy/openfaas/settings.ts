import { openfaasTarget } from '../../model/projectFiles/targetSchema.ts';
import { checkTarget } from '../checkTarget.ts';
import type { Architecture } from '../images/imageRequest.ts';

/** Settings of a target of type `openfaas`, with what is not stated filled in. */
export interface OpenFaasSettings {
  /** Absent: that of the functions, then `OPENFAAS_URL`, then this machine's. */
  gateway?: string | undefined;
  /** Absent: that of the function, then the gateway's own. */
  namespace?: string | undefined;
  prefix: string;
  /** Where images go, e.g. `ghcr.io/me`; absent: where the function's `image` says. */
  registry?: string | undefined;
  /** Absent: by the function's runtime. */
  baseImage?: string | undefined;
  /** Has Docker Hub's images. */
  mirror?: string | undefined;
  architecture: Architecture;
  /** Path of a PEM file. */
  ca?: string | undefined;
  insecure: boolean;
}

/** Reads what `targets.<name>` says; a `TARGET_SETTING` with the first thing that is wrong. */
export function readSettings(target: string, stated: Record<string, unknown>): OpenFaasSettings {
  const output = checkTarget(target, openfaasTarget, { ...stated, type: 'openfaas' });
  const { type: _type, prefix, architecture, insecure, ...rest } = output;
  return {
    ...rest,
    prefix: prefix ?? '',
    architecture: architecture ?? 'amd64',
    insecure: insecure ?? false,
  };
}
