import { join } from 'node:path';
import { PorchlightError } from '../../../model/errors.ts';
import { textIn, type CredentialPlaces, type Credentials } from './credentials.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/* Credentials as Alibaba Cloud's command line and SDKs keep them (package @alicloud/credentials). */

/** Those of `ALIBABA_CLOUD_ACCESS_KEY_ID` and its companions. */
export function alibabaCloudEnvironment({ env }: CredentialPlaces): Credentials | undefined {
  const id = textIn(env, 'ALIBABA_CLOUD_ACCESS_KEY_ID');
  const secret = textIn(env, 'ALIBABA_CLOUD_ACCESS_KEY_SECRET');
  if (id === undefined || secret === undefined) return undefined;
  return { id, secret, securityToken: textIn(env, 'ALIBABA_CLOUD_SECURITY_TOKEN') };
}

/** Those of a profile of `~/.aliyun/config.json`; without a name that of `ALIBABA_CLOUD_PROFILE`, or the current one. */
export function aliyunProfile(places: CredentialPlaces, stated: string | undefined): Credentials | undefined {
  const { env, home } = places;
  const disabled = /^(true|1)$/i.test(textIn(env, 'ALIBABA_CLOUD_CLI_PROFILE_DISABLED') ?? '');
  if (stated === undefined && disabled) return undefined;
  const file = join(home, '.aliyun', 'config.json');
  const text = places.read(file);
  if (text === undefined) return undefined;
  const config = readJson(text, file);
  const wanted = stated ?? textIn(env, 'ALIBABA_CLOUD_PROFILE') ?? textIn(config, 'current') ?? 'default';
  const list: unknown = typeof config === 'object' && config !== null && Reflect.get(config, 'profiles');
  const profile: unknown = Array.isArray(list)
    ? list.find((one: unknown) => textIn(one, 'name') === wanted)
    : undefined;
  if (profile === undefined) return undefined;
  const mode = textIn(profile, 'mode') ?? 'AK';
  if (mode !== 'AK' && mode !== 'StsToken') {
    missing(
      phrase(
        'Profile "{wanted}" of {file} is of mode {mode}, which is not followed here: name one of mode AK or StsToken, or set ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN to temporary credentials.',
        { wanted, file, mode },
      ),
    );
  }
  const [id, secret] = [textIn(profile, 'access_key_id'), textIn(profile, 'access_key_secret')];
  const securityToken = mode === 'StsToken' ? textIn(profile, 'sts_token') : undefined;
  if (id === undefined || secret === undefined || (mode === 'StsToken' && securityToken === undefined))
    missing(
      phrase('Profile "{wanted}" of {file} is not complete: run aliyun configure --profile {wanted}.', {
        wanted,
        file,
      }),
    );
  return { id, secret, securityToken, region: textIn(profile, 'region_id') };
}

function readJson(text: string, file: string): unknown {
  try {
    // Written by some editors with a mark at its beginning.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return missing(phrase('{file} is no JSON: run aliyun configure.', { file }));
  }
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service: 'Alibaba Cloud', remedy });
}
