import { openfaasTarget } from '../../model/projectFiles/openfaasTargetSchema.ts';
import { checkTarget } from '../checkTarget.ts';
import type { ImageSettings } from '../images/settings.ts';

/** Settings of a target of type `openfaas`, with what is not stated filled in. */
export interface OpenFaasSettings extends ImageSettings {
  /** Absent: that of the functions, then `OPENFAAS_URL`, then this machine's. */
  gateway?: string | undefined;
  /** Absent: that of the function, then the gateway's own. */
  namespace?: string | undefined;
  prefix: string;
  /** Path of a PEM file. */
  ca?: string | undefined;
  insecure: boolean;
}

/** Reads what `targets.<name>` says; a `TARGET_SETTING` with the first thing that is wrong. */
export function readSettings(target: string, stated: Record<string, unknown>): OpenFaasSettings {
  const output = checkTarget(target, openfaasTarget, { ...stated, type: 'openfaas' });
  const { type: _type, verifyWith: _verifyWith, prefix, insecure, ...rest } = output;
  return { ...rest, prefix: prefix ?? '', insecure: insecure ?? false };
}
