import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FcRefused, FcState, type Invoked } from './fcState.ts';
import { signatureFault, type KnownKey } from './checkSignature.ts';

/** Function Compute's management API as its documentation says it, strict about what it is sent. */
export interface FcServer {
  url: string;
  readonly state: FcState;
  /** Faults of requests that no client should make, e.g. unknown fields. */
  readonly objections: string[];
  close(): Promise<void>;
}

type Route = [method: string, path: RegExp, operation: string];

const fn = '/functions/([^/]+)';
const routes: Route[] = [
  ['POST', /^\/functions$/, 'CreateFunction'],
  ['GET', new RegExp(`^${fn}$`), 'GetFunction'],
  ['PUT', new RegExp(`^${fn}$`), 'UpdateFunction'],
  ['DELETE', new RegExp(`^${fn}$`), 'DeleteFunction'],
  ['POST', new RegExp(`^${fn}/versions$`), 'PublishFunctionVersion'],
  ['GET', new RegExp(`^${fn}/versions$`), 'ListFunctionVersions'],
  ['DELETE', new RegExp(`^${fn}/versions/([^/]+)$`), 'DeleteFunctionVersion'],
  ['POST', new RegExp(`^${fn}/aliases$`), 'CreateAlias'],
  ['GET', new RegExp(`^${fn}/aliases$`), 'ListAliases'],
  ['GET', new RegExp(`^${fn}/aliases/([^/]+)$`), 'GetAlias'],
  ['PUT', new RegExp(`^${fn}/aliases/([^/]+)$`), 'UpdateAlias'],
  ['DELETE', new RegExp(`^${fn}/aliases/([^/]+)$`), 'DeleteAlias'],
  ['POST', new RegExp(`^${fn}/triggers$`), 'CreateTrigger'],
  ['GET', new RegExp(`^${fn}/triggers$`), 'ListTriggers'],
  ['PUT', new RegExp(`^${fn}/triggers/([^/]+)$`), 'UpdateTrigger'],
  ['DELETE', new RegExp(`^${fn}/triggers/([^/]+)$`), 'DeleteTrigger'],
  ['GET', new RegExp(`^${fn}/provision-config$`), 'GetProvisionConfig'],
  ['PUT', new RegExp(`^${fn}/provision-config$`), 'PutProvisionConfig'],
  ['DELETE', new RegExp(`^${fn}/provision-config$`), 'DeleteProvisionConfig'],
  ['POST', /^\/custom-domains$/, 'CreateCustomDomain'],
  ['GET', /^\/custom-domains$/, 'ListCustomDomains'],
  ['DELETE', /^\/custom-domains\/([^/]+)$/, 'DeleteCustomDomain'],
  ['GET', /^\/custom-domains\/([^/]+)$/, 'GetCustomDomain'],
  ['PUT', /^\/custom-domains\/([^/]+)$/, 'UpdateCustomDomain'],
  ['POST', new RegExp(`^${fn}/invocations$`), 'InvokeFunction'],
];

/** Starts it on a free port of loopback; requests have to be signed with the key. */
export async function startFcServer(key: KnownKey): Promise<FcServer> {
  const state = new FcState();
  const objections: string[] = [];
  const nonces = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      try {
        const body = Buffer.concat(chunks);
        const fault = signatureFault(request, body, key, nonces);
        if (fault) throw new FcRefused(/^InvalidAccessKeyId/.test(fault) ? 404 : 403, fault);
        answer(response, handle(state, request, body));
      } catch (error) {
        const refused = error instanceof FcRefused ? error : new FcRefused(500, 'InternalServerError');
        if (!(error instanceof FcRefused)) objections.push(String(error));
        if (refused.code === 'InvalidArgument') objections.push(refused.message);
        const text = { Code: refused.code, Message: refused.message, RequestId: 'request-1' };
        answer(response, { status: refused.status, body: text });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    objections,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function handle(state: FcState, request: IncomingMessage, body: Buffer): Invoked {
  const url = new URL(request.url!, 'http://fc');
  const path = /^\/2023-03-30(\/.*)$/.exec(url.pathname)?.[1] ?? '';
  const route = routes.find(([method, pattern]) => method === request.method && pattern.test(path));
  if (!route || request.headers['x-acs-version'] !== '2023-03-30')
    throw new FcRefused(
      400,
      'PathNotSupported',
      `'${url.pathname}' against '${request.method}' is not supported`,
    );
  const [, pattern, operation] = route;
  if (request.headers['x-acs-action'] !== operation) throw new FcRefused(400, 'InvalidArgument', operation);
  if (body.length >= 100_000_000) throw new FcRefused(400, 'EntityTooLarge');
  const names = pattern.exec(path)!.slice(1).map(decodeURIComponent);
  const query = Object.fromEntries(url.searchParams);
  if (operation === 'InvokeFunction') return state.invoke(names[0]!, query['qualifier'], body);
  const sent = body.length > 0 ? (JSON.parse(body.toString('utf8')) as Record<string, unknown>) : {};
  return { status: 200, body: state.handle(operation, names, query, sent) };
}

function answer(response: ServerResponse, { status, headers, body }: Invoked): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
