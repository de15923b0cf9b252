import { PorchlightError } from '../../model/errors.ts';
import type { DeployTarget } from '../target.ts';
import type { TargetContext } from '../targetContext.ts';
import { AwsLambdaTarget } from './awsLambdaTarget.ts';
import { LambdaApi } from './lambdaApi.ts';
import { loadSdk, type AwsSdk } from './loadSdk.ts';
import { readSettings, type AwsSettings } from './settings.ts';
import { phrase } from '../../support/l10n.ts';

/** Opens a target of type `aws-lambda` with what `targets.<name>` states. Nothing is asked of AWS yet. */
export async function openAwsLambda(
  name: string,
  stated: Record<string, unknown>,
  context: TargetContext,
  { directBytes }: { directBytes?: number } = {},
): Promise<DeployTarget> {
  const settings = readSettings(name, stated);
  const sdk = await loadSdk();
  const region = settings.region ?? (await configuredRegion(name, sdk, settings));
  const { profile, endpoint } = settings;
  const api = new LambdaApi({ sdk, region, profile, endpoint });
  return new AwsLambdaTarget({ name, api, settings, context, directBytes });
}

/** The region of the environment (`AWS_REGION`) or of the profile. */
async function configuredRegion(target: string, sdk: AwsSdk, { profile }: AwsSettings): Promise<string> {
  try {
    return await new sdk.LambdaClient(profile === undefined ? {} : { profile }).config.region();
  } catch (error) {
    const detail = phrase('no region is set: neither here nor in AWS_REGION or the profile.');
    throw new PorchlightError('TARGET_SETTING', { target, detail }, { cause: error });
  }
}
