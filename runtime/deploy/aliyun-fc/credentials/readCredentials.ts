import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { PorchlightError } from '../../../model/errors.ts';
import { alibabaCloudEnvironment, aliyunProfile } from './aliyunCli.ts';
import type { CredentialPlaces, Credentials } from './credentials.ts';
import { sharedCredentials } from './sharedCredentials.ts';
import { serverlessDevsEnvironment, serverlessDevsFile } from './serverlessDevs.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

export interface CredentialChoice {
  /** Alias of Serverless Devs. */
  access?: string | undefined;
  /** Profile of Alibaba Cloud's command line. */
  profile?: string | undefined;
}

/**
 * The credentials to sign with: the environment of Serverless Devs, its file, `ALIBABA_CLOUD_*`, the files of the command
 * line and of the SDKs; what is named is looked for where such a name belongs. A `CREDENTIALS_MISSING` says what to do; no error holds
 * a value.
 */
export function readCredentials(
  { access, profile }: CredentialChoice,
  places: CredentialPlaces = machine(),
): Credentials {
  if (profile !== undefined) {
    return (
      aliyunProfile(places, profile) ??
      sharedCredentials(places, profile) ??
      missing(
        phrase('There is no profile "{profile}" in ~/.aliyun/config.json or ~/.alibabacloud/credentials.', {
          profile,
        }),
      )
    );
  }
  const found = serverlessDevsEnvironment(places, access) ?? serverlessDevsFile(places, access);
  if (found) return found;
  if (access !== undefined)
    missing(phrase('There is no alias "{access}" in ~/.s/access.yaml: run s config add.', { access }));
  return (
    alibabaCloudEnvironment(places) ??
    aliyunProfile(places, undefined) ??
    sharedCredentials(places) ??
    missing(
      phrase(
        'Run s config add or aliyun configure, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or name an access alias or a profile for the target.',
      ),
    )
  );
}

function machine(): CredentialPlaces {
  return {
    env: process.env,
    home: homedir(),
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        const { code = 'unreadable' } = error as NodeJS.ErrnoException;
        return missing(phrase('{path} cannot be read ({code}).', { path, code }));
      }
    },
  };
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service: 'Alibaba Cloud', remedy });
}
