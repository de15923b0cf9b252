import { channel } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { callerHeader, gatewayVariable } from '../../protocol/instance/caller.ts';

/*
 * Requests of user code to the gateway say which invocation sends them, whatever client is used. Neither `http` nor
 * `fetch` is loaded for that: as long as a function calls nobody, three subscriptions are all it costs.
 */

interface UndiciRequest {
  origin: string | URL;
  addHeader(name: string, value: string): void;
  /** Milliseconds, 0 for no limit; neither set: the client's 300 s. */
  headersTimeout?: number | null;
  bodyTimeout?: number | null;
}

interface ClientRequest {
  headersSent: boolean;
  /** The header block once it is written; set before `headersSent` is. */
  _header?: unknown;
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): void;
}

/** `current` gives the invocation that is being handled where it is called. */
export function nameCaller(current: () => { id: string; debugged: boolean } | undefined): void {
  const port = portOf(process.env[gatewayVariable]);
  if (port === undefined) return;
  const isGateway = loopbackWith(port);
  channel('undici:request:create').subscribe((message) => {
    const { request } = message as { request: UndiciRequest };
    const call = current();
    if (!call || !isGateway(String(request.origin).replace(/^http:\/\//, ''))) return;
    request.addHeader(callerHeader, call.id);
    if (!call.debugged) return;
    // Somebody may look at a stopped function for longer than `fetch` waits for an answer.
    request.headersTimeout ??= 0;
    request.bodyTimeout ??= 0;
  });
  const mark = (request: ClientRequest): void => {
    const id = current()?.id;
    // Headers given as a list are written at once: such a request stays without.
    if (id === undefined || request.headersSent || request._header) return;
    if (isGateway(String(request.getHeader('host') ?? ''))) request.setHeader(callerHeader, id);
  };
  if (tellsOfRequests(process.versions.node)) {
    channel('http.client.request.created').subscribe((message) =>
      mark((message as { request: ClientRequest }).request),
    );
  } else watchFirstSocket(mark);
}

function portOf(url: string | undefined): string | undefined {
  return /^http:\/\/127\.0\.0\.1:(\d+)$/.exec(url ?? '')?.[1];
}

function loopbackWith(port: string): (authority: string) => boolean {
  const form = new RegExp(`^(?:127(?:\\.\\d{1,3}){3}|(?:[a-z0-9-]+\\.)*localhost|\\[::1\\]):${port}$`, 'i');
  return (authority) => form.test(authority);
}

/** `http.client.request.created` is published since 22.12 and 23.2. */
function tellsOfRequests(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 2) || (major === 22 && minor >= 12);
}

/**
 * Older versions tell of the socket only, which the first request opens while it is being made: `http` is loaded by
 * then, and the headers of that very request are still to be written.
 */
function watchFirstSocket(mark: (request: ClientRequest) => void): void {
  const sockets = channel('net.client.socket');
  const onSocket = (): void => {
    const loaded = (process as unknown as { moduleLoadList?: string[] }).moduleLoadList;
    if (!loaded?.includes('NativeModule http')) return;
    sockets.unsubscribe(onSocket);
    const http = createRequire(__filename)('node:http') as { ClientRequest: { prototype: object } };
    const prototype = http.ClientRequest.prototype as { _implicitHeader?: () => void };
    const original = prototype._implicitHeader;
    if (!original) return;
    prototype._implicitHeader = function (this: ClientRequest): void {
      mark(this);
      Reflect.apply(original, this, []);
    };
  };
  sockets.subscribe(onSocket);
}
