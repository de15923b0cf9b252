import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { GatewayRequest, InvocationFacts } from '../../model/platform.ts';
import { mediaType, utf8Text } from '../../support/httpText.ts';

/* What both payload versions have in common. */

/** Everything an HTTP event is made of. */
export interface HttpFacts {
  request: GatewayRequest;
  trigger: HttpTrigger;
  definition: FunctionDefinition;
  facts: InvocationFacts & { at: Date };
}

/** The path as the function's own domain would show it. */
export function pathBelow(path: string, mount: string | undefined): string {
  return mount !== undefined && (path === mount || path.startsWith(`${mount}/`))
    ? path.slice(mount.length) || '/'
    : path;
}

/** The time in the common log format, as `requestContext.time` has it. */
export function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

/** A caller's address without the prefix of IPv4 in IPv6. */
export function sourceIp(remoteAddress: string): string {
  return remoteAddress.replace(/^::ffff:/, '');
}

/** Whether bodies of a content type arrive as text: all others are base64, form data included. */
export function isTextType(contentType: string | undefined): boolean {
  const type = mediaType(contentType);
  return /^text\/|^application\/(json|javascript|xml)$|\+(json|xml)$/.test(type);
}

/** A body as events carry it. */
export function encodeBody(bytes: Uint8Array, asText: boolean): { body: string; isBase64Encoded: boolean } {
  const text = asText ? utf8Text(bytes) : undefined;
  return text === undefined
    ? { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
}
