import { join } from 'node:path';
import { PorchlightError } from '../../../model/errors.ts';
import { textIn, type CredentialPlaces, type Credentials } from './credentials.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/**
 * Those of a section of `~/.alibabacloud/credentials`, or of the file that `ALIBABA_CLOUD_CREDENTIALS_FILE` names (package
 * @alicloud/credentials); without a name that of `ALIBABA_CLOUD_PROFILE`, or `default`.
 */
export function sharedCredentials(places: CredentialPlaces, stated?: string): Credentials | undefined {
  const { env, home } = places;
  const file = textIn(env, 'ALIBABA_CLOUD_CREDENTIALS_FILE') ?? join(home, '.alibabacloud', 'credentials');
  const text = places.read(file);
  if (text === undefined) return undefined;
  const wanted = stated ?? textIn(env, 'ALIBABA_CLOUD_PROFILE') ?? 'default';
  const section = readSections(text).get(wanted);
  if (!section) return undefined;
  const type = textIn(section, 'type') ?? 'access_key';
  if (type !== 'access_key' && type !== 'sts') {
    missing(
      phrase(
        'Section "{wanted}" of {file} is of type {type}, which is not followed here: name one of type access_key, or set ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN to temporary credentials.',
        { wanted, file, type },
      ),
    );
  }
  const [id, secret] = [textIn(section, 'access_key_id'), textIn(section, 'access_key_secret')];
  const securityToken = textIn(section, 'security_token');
  if (id === undefined || secret === undefined || (type === 'sts' && securityToken === undefined))
    missing(
      phrase('Section "{wanted}" of {file} is not complete: it needs access_key_id and access_key_secret.', {
        wanted,
        file,
      }),
    );
  return { id, secret, securityToken };
}

/** Sections of an INI file, each with its keys; what is no such line is passed over. */
function readSections(text: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const name = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1]?.trim();
    if (name !== undefined) sections.set(name, (section = {}));
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*(?:\s[#;].*)?$/.exec(line) ?? [];
    if (key !== undefined && section) section[key] = value!;
  }
  return sections;
}

function missing(remedy: Phrase): never {
  throw new PorchlightError('CREDENTIALS_MISSING', { service: 'Alibaba Cloud', remedy });
}
