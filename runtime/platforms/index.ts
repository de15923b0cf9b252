import type { Platform } from '../model/platform.ts';
import type { PlatformId } from '../model/words.ts';
import { aliyunFc } from './aliyun-fc/index.ts';
import { awsLambda } from './aws-lambda/index.ts';
import { knative } from './knative/index.ts';
import { openfaas } from './openfaas/index.ts';

/** Every platform whose contract functions can follow here. */
export const platforms: Platform[] = [aliyunFc, awsLambda, knative, openfaas];

const byId = new Map<PlatformId, Platform>(platforms.map((platform) => [platform.id, platform]));

/** The platform with this id, if it is one we know. */
export function findPlatform(id: PlatformId): Platform | undefined {
  return byId.get(id);
}
