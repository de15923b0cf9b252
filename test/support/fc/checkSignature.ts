import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface KnownKey {
  id: string;
  secret: string;
  securityToken?: string | undefined;
}

/** What is wrong with a request's signature, as the cloud's code; written from the documentation, not from our client. */
export function signatureFault(
  request: IncomingMessage,
  body: Buffer,
  key: KnownKey,
  usedNonces: Set<string>,
): string | undefined {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const given = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    header('authorization'),
  );
  if (!given) return 'IncompleteSignature';
  const [, id, list, signature] = given;
  if (id !== key.id) return 'InvalidAccessKeyId.NotFound';
  if (header('x-acs-security-token') !== (key.securityToken ?? '')) return 'InvalidSecurityToken.Malformed';
  const names = list!.split(';');
  const due = Object.keys(request.headers).filter((name) => /^x-acs-|^host$|^content-type$/.test(name));
  if (names.join() !== [...due].sort().join()) return 'IncompleteSignature';
  for (const name of ['x-acs-version', 'x-acs-action', 'x-acs-date', 'x-acs-signature-nonce'])
    if (!names.includes(name)) return 'IncompleteSignature';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(header('x-acs-date'))) return 'InvalidTimeStamp.Format';
  if (Math.abs(Date.parse(header('x-acs-date')) - Date.now()) > 15 * 60_000)
    return 'InvalidTimeStamp.Expired';
  const nonce = header('x-acs-signature-nonce');
  if (usedNonces.has(nonce)) return 'SignatureNonceUsed';
  usedNonces.add(nonce);
  const digest = createHash('sha256').update(body).digest('hex');
  if (header('x-acs-content-sha256') !== digest) return 'SignatureNotMatch';
  const [path = '', query = ''] = request.url!.split('?');
  const sortedQuery = query.split('&').sort().join('&');
  const lines = names.map((name) => `${name}:${header(name)}\n`).join('');
  const canonical = `${request.method}\n${path}\n${sortedQuery}\n${lines}\n${list}\n${digest}`;
  const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const expected = createHmac('sha256', key.secret).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(signature!, 'hex')) ? undefined : 'SignatureNotMatch';
}
