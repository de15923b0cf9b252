import { platformDefaults } from '../../../model/platformDefaults.ts';

/** The function's alias, to which everything that is set up brings what comes. */
export interface Place {
  name: string;
  alias: string;
}

/** Where the function is. */
export interface Account {
  region: string;
  /** Unknown until a role or the function says it. */
  accountId: string | undefined;
}

/** An alias of a known account. */
export interface Destination extends Place {
  region: string;
  partition: string;
  accountId: string;
  /** ARN of the alias. */
  arn: string;
}

export function destinationOf({ name, alias }: Place, region: string, accountId: string): Destination {
  const partition = partitionOf(region);
  const arn = `arn:${partition}:lambda:${region}:${accountId}:function:${name}:${alias}`;
  return { name, alias, region, partition, accountId, arn };
}

export function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** An ARN in which what stands for the account on this machine is the account, and its region that of the function. */
export function inAccount(arn: string, { region, accountId }: Destination): string {
  const [, partition, service, where, whose, ...rest] = arn.split(':');
  if (whose !== platformDefaults('aws-lambda').accountId) return arn;
  return ['arn', partition, service, where === '' ? '' : region, accountId, ...rest].join(':');
}
