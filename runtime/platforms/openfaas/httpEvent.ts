import type { GatewayRequest, InvocationFacts } from '../../model/platform.ts';
import { webEvent } from '../../model/webMessage.ts';
import { callIdOf, headerOf, startTime } from './callHeaders.ts';

/**
 * A request as the gateway passes it on: as it was sent, with the headers the gateway adds (`X-Call-Id`, `X-Start-Time` in
 * nanoseconds, `X-Forwarded-For`, `X-Forwarded-Host`). `mount`: `/function/<name>`, which the function does not see.
 */
export function httpEvent(
  request: GatewayRequest,
  mount: string | undefined,
  { requestId, at }: InvocationFacts & { at: Date },
): Uint8Array {
  const sent = (name: string) => headerOf(request.rawHeaders, name);
  const client = request.remoteAddress.replace(/^::ffff:/, '');
  const added: [string, string][] = [
    ['X-Call-Id', callIdOf(request.rawHeaders, requestId)],
    ['X-Start-Time', startTime(at)],
    ['X-Forwarded-For', client],
    ['X-Forwarded-Host', sent('x-forwarded-host') ?? sent('host') ?? 'localhost'],
  ];
  const names = new Set(added.map(([name]) => name.toLowerCase()));
  const kept = request.rawHeaders.filter(([name]) => !names.has(name.toLowerCase()));
  return webEvent({ ...request, rawHeaders: [...kept, ...added] }, mount);
}
