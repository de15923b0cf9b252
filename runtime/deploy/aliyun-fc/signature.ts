import { createHash, createHmac } from 'node:crypto';

/** Who signs. None of it may be told to anybody but the cloud. */
export interface AccessKey {
  id: string;
  secret: string;
  /** Of temporary credentials. */
  securityToken?: string | undefined;
}

export interface UnsignedRequest {
  method: string;
  /** Percent-encoded. */
  path: string;
  query: Record<string, string>;
  /** Lower-case names; `host`, `content-type` and all that begin with `x-acs-` are signed. */
  headers: Record<string, string>;
  /** Hex SHA-256 of the body. */
  bodySha256: string;
}

const algorithm = 'ACS3-HMAC-SHA256';

/**
 * The `Authorization` header of a request (Alibaba Cloud documentation "Request structure and signature v3",
 * ACS3-HMAC-SHA256).
 */
export function authorization(request: UnsignedRequest, key: AccessKey): string {
  const { method, path, query, headers, bodySha256 } = request;
  const signed = Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-') || name === 'host' || name === 'content-type')
    .sort();
  const lines = signed.map((name) => `${name}:${headers[name]!.trim()}\n`).join('');
  const names = signed.join(';');
  const canonical = [method, canonicalPath(path), queryText(query), lines, names, bodySha256].join('\n');
  const text = `${algorithm}\n${sha256(canonical)}`;
  const signature = createHmac('sha256', key.secret).update(text).digest('hex');
  return `${algorithm} Credential=${key.id},SignedHeaders=${names},Signature=${signature}`;
}

/** A query as it is signed and sent: sorted by name. */
export function queryText(query: Record<string, string>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${name}=${encode(query[name]!)}`)
    .join('&');
}

/** Percent-encoding of all but letters, digits and `-_.~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function canonicalPath(path: string): string {
  return path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
}
