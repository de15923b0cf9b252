import { createHmac } from 'node:crypto';
import { encode, queryText, sha256, type AccessKey } from '../signature.ts';

export interface OssRequest {
  method: string;
  bucket: string;
  /** Name of the object. */
  key: string;
  query: Record<string, string>;
  /** Lower-case names; `content-type`, `content-md5` and all that begin with `x-oss-` are signed. */
  headers: Record<string, string>;
  region: string;
}

const algorithm = 'OSS4-HMAC-SHA256';
/** The only value OSS takes: contents are checked by their MD5. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

/** The `Authorization` header of a request (OSS documentation "Include a V4 signature in the Authorization header"). */
export function ossAuthorization(request: OssRequest, key: AccessKey): string {
  const { method, bucket, key: object, query, headers, region } = request;
  const lines = Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5')
    .sort()
    .map((name) => `${name}:${headers[name]!.trim()}\n`)
    .join('');
  const resource = `/${encode(bucket)}/${objectPath(object)}`;
  const canonical = [method, resource, canonicalQuery(query), lines, '', unsignedPayload].join('\n');
  const at = headers['x-oss-date']!;
  const scope = [at.slice(0, 8), region, 'oss', 'aliyun_v4_request'];
  const text = [algorithm, at, scope.join('/'), sha256(canonical)].join('\n');
  const signing = scope.reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `aliyun_v4${key.secret}`,
  );
  return `${algorithm} Credential=${key.id}/${scope.join('/')},Signature=${hmac(signing, text).toString('hex')}`;
}

/** An object's name as a path: its slashes stay. */
export function objectPath(object: string): string {
  return object.split('/').map(encode).join('/');
}

/** Names are encoded as well, and stand alone without a value. */
function canonicalQuery(query: Record<string, string>): string {
  const encoded = Object.fromEntries(Object.entries(query).map(([name, value]) => [encode(name), value]));
  return queryText(encoded)
    .split('&')
    .map((part) => part.replace(/=$/, ''))
    .join('&');
}

function hmac(secret: string | Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}
