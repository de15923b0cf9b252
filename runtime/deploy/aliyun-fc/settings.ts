import { aliyunFcTarget } from '../../model/projectFiles/targetSchema.ts';
import { checkTarget } from '../checkTarget.ts';

/** Settings of a target of type `aliyun-fc`, with what is not stated filled in. */
export interface FcSettings {
  /** Absent: that of the functions. */
  region?: string | undefined;
  /** Absent: that of the credentials, if they tell it. */
  accountId?: string | undefined;
  access?: string | undefined;
  profile?: string | undefined;
  /** Absent: what is set there stays; `cpu` and `layers` alike. */
  role?: string | undefined;
  triggerRole?: string | undefined;
  cpu?: number | undefined;
  layers?: string[] | undefined;
  /** Bucket of OSS for packages that are too large for a request. */
  bucket?: string | undefined;
  /** Absent: that of the region. */
  ossEndpoint?: string | undefined;
  alias: string;
  prefix: string;
  /** Absent: as the project states it, and callers sign where it says nothing. */
  url?: 'public' | 'function' | 'none' | undefined;
  endpoint?: string | undefined;
}

/** Reads what `targets.<name>` says; a `TARGET_SETTING` with the first thing that is wrong. */
export function readSettings(target: string, stated: Record<string, unknown>): FcSettings {
  const output = checkTarget(target, aliyunFcTarget, { ...stated, type: 'aliyun-fc' });
  const { type: _type, verifyWith: _verifyWith, alias, prefix, ...rest } = output;
  return { ...rest, alias: alias ?? 'live', prefix: prefix ?? '' };
}
