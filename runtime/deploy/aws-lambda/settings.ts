import { awsLambdaTarget } from '../../model/projectFiles/targetSchema.ts';
import { checkTarget } from '../checkTarget.ts';

/** Settings of a target of type `aws-lambda`, with what is not stated filled in. */
export interface AwsSettings {
  /** Absent: that of the profile or the environment. */
  region?: string | undefined;
  profile?: string | undefined;
  role?: string | undefined;
  alias: string;
  prefix: string;
  bucket?: string | undefined;
  architecture: 'x86_64' | 'arm64';
  layers: string[];
  url: 'public' | 'iam' | 'none';
  endpoint?: string | undefined;
}

/** Reads what `targets.<name>` says; a `TARGET_SETTING` with the first thing that is wrong. */
export function readSettings(target: string, stated: Record<string, unknown>): AwsSettings {
  const output = checkTarget(target, awsLambdaTarget, { ...stated, type: 'aws-lambda' });
  const { type: _type, verifyWith: _verifyWith, alias, prefix, architecture, layers, url, ...rest } = output;
  return {
    ...rest,
    alias: alias ?? 'live',
    prefix: prefix ?? '',
    architecture: architecture ?? 'x86_64',
    layers: layers ?? [],
    // Open to everybody only where somebody said so.
    url: url ?? 'iam',
  };
}
