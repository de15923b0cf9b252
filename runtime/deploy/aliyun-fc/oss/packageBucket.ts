import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { exchange, type HttpAnswer } from '../../../support/httpExchange.ts';
import type { FcApi } from '../fcApi.ts';
import { FcRefusal, isRefusal } from '../refusal.ts';
import { largestAnswer, type FcRequest } from '../send.ts';
import type { AccessKey } from '../signature.ts';
import { objectPath, ossAuthorization, unsignedPayload } from './ossSignature.ts';

/** A bucket of OSS through which packages go that are too large for a request. */
export interface PackageBucket {
  name: string;
  region: string;
  /** Address of OSS, without the bucket. */
  endpoint: string;
}

/** Where OSS of a region is. Within a VPC of Alibaba Cloud `oss-<region>-internal` is the same. */
export function ossEndpoint(region: string): string {
  return `https://oss-${region}.aliyuncs.com`;
}

/** The object of a package: its name is its content. */
export function objectOf(zip: Uint8Array): string {
  return `porchlight/${createHash('sha256').update(zip).digest('hex')}.zip`;
}

/** Whether the bucket has a package already, whole. `checksum`: its CRC-64. */
export async function hasObject(
  api: FcApi,
  bucket: PackageBucket,
  object: string,
  checksum: string,
): Promise<boolean> {
  try {
    const request = { operation: 'HeadObject', method: 'HEAD', service: 'OSS', path: object } as const;
    const { headers } = await api.call(request, { send: sender(bucket) });
    return headers['x-oss-hash-crc64ecma'] === checksum;
  } catch (error) {
    // Answers without a body name no code. Who may write alone is told by the upload if that is refused as well.
    if (isRefusal(error, /^HTTP (404|403)$/)) return false;
    throw error;
  }
}

/** Puts a package into the bucket; done again, it is the same object. */
export async function putObject(
  api: FcApi,
  bucket: PackageBucket,
  object: string,
  zip: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const request = { operation: 'PutObject', method: 'PUT', service: 'OSS', path: object, body: zip } as const;
  await api.call({ ...request, signal }, { send: sender(bucket) });
}

/** Signs for OSS and sends once. Refusals are XML there; they are told as those of Function Compute. */
function sender(bucket: PackageBucket) {
  return async (request: FcRequest, key: AccessKey): Promise<HttpAnswer> => {
    const { method, path: object, idleMs = 120_000, signal } = request;
    const body = request.body as Uint8Array | undefined;
    const base = addressOf(bucket);
    const headers: Record<string, string> = {
      'user-agent': 'porchlight',
      'x-oss-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      'x-oss-content-sha256': unsignedPayload,
      ...(body && { 'content-type': 'application/zip', 'content-md5': md5(body) }),
      ...(key.securityToken !== undefined && { 'x-oss-security-token': key.securityToken }),
    };
    const { name, region } = bucket;
    const unsigned = { method, bucket: name, key: object, query: {}, headers, region };
    headers['authorization'] = ossAuthorization(unsigned, key);
    const url = new URL(`${base.pathname}${objectPath(object)}`, base);
    const answer = await exchange({ url, method, headers, body, idleMs, signal }, largestAnswer);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new FcRefusal({ ...answer, body: Buffer.from(JSON.stringify(errorIn(answer.body))) });
  };
}

/** Buckets have host names of their own, except at an address without a name. */
function addressOf({ name, endpoint }: PackageBucket): URL {
  const base = new URL(endpoint);
  if (isIP(base.hostname) !== 0 || base.hostname === 'localhost') base.pathname = `/${name}/`;
  else base.host = `${name}.${base.host}`;
  return base;
}

function errorIn(body: Buffer): { Code?: string; Message?: string; RequestId?: string } {
  const text = body.toString('utf8', 0, 16 * 1024);
  const element = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const [Code, Message, RequestId] = [element('Code'), element('Message'), element('RequestId')];
  return { ...(Code && { Code }), ...(Message && { Message }), ...(RequestId && { RequestId }) };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
