import { PorchlightError } from '../../model/errors.ts';
import type { DeployTarget } from '../target.ts';
import type { TargetContext } from '../targetContext.ts';
import { AliyunFcTarget } from './aliyunFcTarget.ts';
import type { CredentialPlaces } from './credentials/credentials.ts';
import { readCredentials } from './credentials/readCredentials.ts';
import { FcApi } from './fcApi.ts';
import { readSettings, type FcSettings } from './settings.ts';
import { phrase } from '../../support/l10n.ts';

/** Opens a target of type `aliyun-fc` with what `targets.<name>` states. Nothing is asked of the cloud yet. */
export async function openAliyunFc(
  name: string,
  stated: Record<string, unknown>,
  context: TargetContext,
  {
    places,
    pollMs,
    logEndpoint,
    directBytes,
  }: { places?: CredentialPlaces; pollMs?: number; logEndpoint?: string; directBytes?: number } = {},
): Promise<DeployTarget> {
  const settings = readSettings(name, stated);
  const { accountId, ...credentials } = readCredentials(settings, places);
  const region = settings.region ?? (await regionOf(name, context)) ?? credentials.region;
  if (region === undefined) {
    const detail = phrase('no region is set: neither here nor by its functions or the profile.');
    throw new PorchlightError('TARGET_SETTING', { target: name, detail });
  }
  const endpoint = endpointOf(name, region, settings);
  const { id, secret, securityToken } = credentials;
  const api = new FcApi({
    endpoint,
    key: { id, secret, securityToken },
    ...(pollMs !== undefined && { pollMs }),
  });
  const account = { region, accountId: settings.accountId ?? accountId };
  const logs = { key: { id, secret, securityToken }, region, endpoint: logEndpoint };
  return new AliyunFcTarget({ name, api, settings, account, context, logs, directBytes });
}

/** The region in which the project says its functions are. */
async function regionOf(target: string, context: TargetContext): Promise<string | undefined> {
  const functions = (await context.functions()).filter(({ platform }) => platform === 'aliyun-fc');
  const regions = [...new Set(functions.map(({ region }) => region))];
  if (regions.length <= 1) return regions[0];
  const detail = phrase('its functions are of several regions ({regions}): name one as region:.', {
    regions: regions.join(', '),
  });
  throw new PorchlightError('TARGET_SETTING', { target, detail });
}

/** As stated, as `FC_CLIENT_CUSTOM_ENDPOINT` says, or the region's. */
function endpointOf(target: string, region: string, { endpoint }: FcSettings): string {
  const custom = process.env['FC_CLIENT_CUSTOM_ENDPOINT']?.trim();
  const stated = endpoint ?? (custom && !/^https?:/.test(custom) ? `https://${custom}` : custom);
  if (!stated) return `https://fcv3.${region}.aliyuncs.com`;
  if (URL.canParse(stated)) return stated;
  const detail = phrase('{stated} (endpoint, FC_CLIENT_CUSTOM_ENDPOINT) is no address.', { stated });
  throw new PorchlightError('TARGET_SETTING', { target, detail });
}
