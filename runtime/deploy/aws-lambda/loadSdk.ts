import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { distFile } from '../../support/installRoot.ts';
import type * as awsSdk from './aws.sdk.ts';

export type AwsSdk = typeof awsSdk;

let loading: Promise<AwsSdk> | undefined;

/** Loads the AWS SDK when it is first needed: it takes a tenth of a second and some megabytes. */
export function loadSdk(): Promise<AwsSdk> {
  return (loading ??= load());
}

/** A built product has it in a file of its own; a checkout has the packages. */
async function load(): Promise<AwsSdk> {
  const bundle = distFile('aws.sdk.cjs');
  return existsSync(bundle) ? (createRequire(bundle)(bundle) as AwsSdk) : import('./aws.sdk.ts');
}
