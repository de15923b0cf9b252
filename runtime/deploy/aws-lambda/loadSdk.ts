import { loadBundle } from '../../support/loadBundle.ts';
import type * as awsSdk from './aws.sdk.ts';

export type AwsSdk = typeof awsSdk;

let loading: Promise<AwsSdk> | undefined;

/** Loads the AWS SDK when it is first needed: it takes a tenth of a second and some megabytes. */
export function loadSdk(): Promise<AwsSdk> {
  return (loading ??= loadBundle('aws.sdk.cjs', () => import('./aws.sdk.ts')));
}
