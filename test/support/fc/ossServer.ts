import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { crc64OfBytes } from './zipChecksum.ts';
import type { KnownKey } from './checkSignature.ts';

/** Object storage as its documentation says it: buckets by path, V4 signatures, contents checked by their MD5. */
export interface OssServer {
  url: string;
  /** By `bucket/object`. */
  readonly objects: Map<string, Buffer>;
  close(): Promise<void>;
}

/** Starts it on a free port of loopback; requests have to be signed with the key. */
export async function startOssServer(key: KnownKey, region: string): Promise<OssServer> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const body = Buffer.concat(chunks);
      const refuse = (status: number, code: string): void => {
        response.writeHead(status, { 'Content-Type': 'application/xml' });
        response.end(
          request.method === 'HEAD'
            ? ''
            : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message><RequestId>r-2</RequestId></Error>`,
        );
      };
      const fault = signatureFault(request, body, key, region);
      if (fault) return refuse(403, fault);
      const name = decodeURIComponent(request.url!.slice(1));
      const stored = objects.get(name);
      if (request.method === 'PUT') objects.set(name, body);
      else if (request.method !== 'HEAD') return refuse(405, 'MethodNotAllowed');
      else if (!stored) return refuse(404, 'NoSuchKey');
      response.writeHead(200, { 'x-oss-hash-crc64ecma': crc64OfBytes(stored ?? body) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    objects,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What is wrong with a request, as the service's code; written from the documentation, not from our client. */
function signatureFault(
  request: IncomingMessage,
  body: Buffer,
  key: KnownKey,
  region: string,
): string | undefined {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const date = header('x-oss-date');
  if (!/^\d{8}T\d{6}Z$/.test(date)) return 'InvalidArgument';
  const credential = `${key.id}/${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
  const given = /^OSS4-HMAC-SHA256 Credential=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    header('authorization'),
  );
  if (!given || given[1] !== credential) return 'InvalidAccessKeyId';
  if (header('x-oss-security-token') !== (key.securityToken ?? '')) return 'SecurityTokenExpired';
  if (header('x-oss-content-sha256') !== 'UNSIGNED-PAYLOAD') return 'InvalidArgument';
  const [path = '', query = ''] = request.url!.split('?');
  const signed = Object.keys(request.headers)
    .filter((name) => /^(x-oss-.*|content-type|content-md5)$/.test(name))
    .sort();
  const lines = signed.map((name) => `${name}:${header(name)}\n`).join('');
  const canonical = `${request.method}\n${path}\n${query}\n${lines}\n\nUNSIGNED-PAYLOAD`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = `OSS4-HMAC-SHA256\n${date}\n${credential.slice(key.id.length + 1)}\n${hash}`;
  let signing: Buffer = Buffer.from(`aliyun_v4${key.secret}`);
  for (const part of [date.slice(0, 8), region, 'oss', 'aliyun_v4_request'])
    signing = createHmac('sha256', signing).update(part).digest();
  const expected = createHmac('sha256', signing).update(text).digest();
  if (!timingSafeEqual(expected, Buffer.from(given[2]!, 'hex'))) return 'SignatureDoesNotMatch';
  const md5 = createHash('md5').update(body).digest('base64');
  return body.length > 0 && header('content-md5') !== md5 ? 'InvalidDigest' : undefined;
}
