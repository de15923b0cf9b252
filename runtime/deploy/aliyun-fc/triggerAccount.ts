import { platformDefaults } from '../../model/platformDefaults.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** What stands for the account on this machine. */
const placeholder = new RegExp(`(?<!\\d)${platformDefaults('aliyun-fc').accountId}(?!\\d)`, 'g');

/** A value in which the account's number stands for this machine's; undefined where it is needed and not known. */
export function withAccount<T>(value: T, accountId: string | undefined): T | undefined {
  const text = JSON.stringify(value);
  if (text.search(placeholder) < 0) return value;
  if (accountId === undefined) return undefined;
  return JSON.parse(text.replace(placeholder, () => accountId)) as T;
}

/** Why a trigger is not made of which the account's number is a part. */
export function accountMissing(type: string): Phrase {
  return phrase('({type}) is not set up: name the number of the account as accountId: of the target.', {
    type,
  });
}

/** ARN of a topic of MNS. */
export function topicArn(region: string, accountId: string, name: string): string {
  return `acs:mns:${region}:${accountId}:/topics/${name}`;
}
