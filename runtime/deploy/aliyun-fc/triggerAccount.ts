import { platformDefaults } from '../../model/platformDefaults.ts';

/** What stands for the account on this machine. */
const placeholder = new RegExp(`(?<!\\d)${platformDefaults('aliyun-fc').accountId}(?!\\d)`, 'g');

/** A value in which the account's number stands for this machine's; undefined where it is needed and not known. */
export function withAccount<T>(value: T, accountId: string | undefined): T | undefined {
  const text = JSON.stringify(value);
  if (text.search(placeholder) < 0) return value;
  if (accountId === undefined) return undefined;
  return JSON.parse(text.replace(placeholder, () => accountId)) as T;
}
