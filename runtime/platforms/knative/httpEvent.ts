import type { GatewayRequest } from '../../model/platform.ts';
import { webEvent } from '../../model/webMessage.ts';

/**
 * A request as it arrives at a container: as it was sent, with the headers of the ways it took (Knative runtime contract:
 * `Forwarded`, `X-Forwarded-For`, `X-Forwarded-Proto`). `mount`: the part of the path that stands for the service's domain.
 */
export function httpEvent(request: GatewayRequest, mount: string | undefined): Uint8Array {
  const client = request.remoteAddress.replace(/^::ffff:/, '');
  const before = (name: string) =>
    request.rawHeaders.filter(([header]) => header.toLowerCase() === name).map(([, value]) => value);
  const added: [string, string][] = [
    ['X-Forwarded-For', [...before('x-forwarded-for'), client].join(', ')],
    ['X-Forwarded-Proto', before('x-forwarded-proto')[0] ?? 'http'],
    ['Forwarded', [...before('forwarded'), forwarded(client)].join(', ')],
  ];
  const names = new Set(added.map(([name]) => name.toLowerCase()));
  const kept = request.rawHeaders.filter(([name]) => !names.has(name.toLowerCase()));
  return webEvent({ ...request, rawHeaders: [...kept, ...added] }, mount);
}

/** An element of `Forwarded`; IPv6 addresses stand in brackets and quotes (RFC 7239). */
function forwarded(client: string): string {
  return `for=${client.includes(':') ? `"[${client}]"` : client};proto=http`;
}
