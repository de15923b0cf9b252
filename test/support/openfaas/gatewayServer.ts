import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { deploymentFault } from './deploymentRules.ts';

/** A function as the gateway holds it. */
export interface HeldFunction {
  service: string;
  image: string;
  envVars: Record<string, string>;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  secrets: string[];
  limits?: Record<string, string>;
  requests?: Record<string, string>;
  namespace: string;
  /** Looks until it is ready. */
  startsIn: number;
  /** Looks until it is gone; it goes as soon as this is set. */
  goesIn?: number;
}

/** Status, headers and body of an answer. */
export interface Answered {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * A gateway with the provider of the community edition, as their sources say it (openfaas/faas, openfaas/faas-netes):
 * strict about what it is sent. It tells neither constraints nor whether a file system is read-only.
 */
export interface GatewayServer {
  url: string;
  readonly functions: Map<string, HeldFunction>;
  readonly secrets: string[];
  /** Faults of requests that no client should make. */
  readonly objections: string[];
  /** Looks until a changed function is ready, and until a removed one is gone. */
  slow: number;
  /** Most functions it takes. */
  most: number;
  /** Whether an image is public, which is looked at before anything is changed. */
  isPublic(image: string): boolean;
  /** What functions answer, by image. */
  answers(call: {
    service: string;
    image: string;
    method: string;
    url: string;
    body: string;
  }): Promise<Answered> | Answered;
  close(): Promise<void>;
}

const namespace = 'openfaas-fn';
const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const proOnly = /^com\.openfaas\.scale\.(zero-duration|target|type)$/;

/** Starts it on a free port of loopback; `authorization` is what requests have to show. */
export async function startGateway(authorization: string): Promise<GatewayServer> {
  const gateway: Omit<GatewayServer, 'url' | 'close'> = {
    functions: new Map(),
    secrets: ['api-key'],
    objections: [],
    slow: 0,
    most: 15,
    isPublic: () => true,
    answers: () => ({ status: 200, body: '1' }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      void Promise.resolve(handle(gateway, request, body, authorization)).then((answer) =>
        send(response, answer),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return Object.assign(gateway, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answered): void {
  response.writeHead(status, headers);
  response.end(body);
}

type State = Omit<GatewayServer, 'url' | 'close'>;

function handle(
  state: State,
  request: IncomingMessage,
  body: string,
  authorization: string,
): Promise<Answered> | Answered {
  const url = new URL(request.url!, 'http://gateway');
  const path = url.pathname;
  const call = /^\/function\/([^/]+)(\/.*)?$/.exec(path);
  if (call) return invoke(state, call[1]!, request.method!, `${call[2] ?? '/'}${url.search}`, body);
  if (request.headers.authorization !== authorization) return { status: 401, body: 'invalid credentials\n' };
  const where = url.searchParams.get('namespace') || namespace;
  if (where !== namespace) return { status: 400, body: `namespace must be: ${namespace}\n` };
  const one = /^\/system\/function\/([^/]+)$/.exec(path)?.[1];
  const what = `${request.method} ${one === undefined ? path : '/system/function/{name}'}`;
  switch (what) {
    case 'GET /system/function/{name}':
      return look(state, one!);
    case 'POST /system/functions':
    case 'PUT /system/functions':
      return deploy(state, body, request.method === 'PUT');
    case 'DELETE /system/functions':
      return remove(state, body);
    case 'GET /system/secrets':
      return json(state.secrets.map((name) => ({ name, namespace })));
    case 'GET /system/namespaces':
      return json([namespace]);
    case 'GET /system/logs':
      return { status: 200, body: logLine(url.searchParams.get('name') ?? '') };
    default:
      state.objections.push(what);
      return { status: 404, body: 'not found' };
  }
}

function json(value: unknown): Answered {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}

function look(state: State, name: string): Answered {
  const found = state.functions.get(name);
  if (found?.goesIn !== undefined && found.goesIn-- <= 0) state.functions.delete(name);
  const held = state.functions.get(name);
  if (!held) return { status: 404, body: `function ${name} not found` };
  const available = held.startsIn-- <= 0 ? 1 : 0;
  const { service, image, envVars, labels, annotations, secrets, limits, requests } = held;
  return json({
    ...{ name: service, image, namespace, envVars, annotations, secrets },
    labels: { ...labels, faas_function: service, uid: '123' },
    ...(limits && { limits: canonical(limits) }),
    ...(requests && { requests: canonical(requests) }),
    ...{ replicas: 1, availableReplicas: available, invocationCount: 0, createdAt: '2026-01-02T03:04:05Z' },
  });
}

function logLine(name: string): string {
  const line = {
    ...{ name, namespace, instance: `${name}-5c9f7-x2x4z` },
    ...{ timestamp: '2026-01-02T03:04:06.5Z', text: 'cannot start\n' },
  };
  return `${JSON.stringify(line)}\n`;
}

/** Amounts as Kubernetes tells them; both are told when one is set. */
function canonical(given: Record<string, string>): Record<string, string> {
  const cpu = given['cpu'] ?? '0';
  const memory = given['memory'] ?? '0';
  return { cpu: cpu === '0.5' ? '500m' : cpu, memory: memory === '1024Mi' ? '1Gi' : memory };
}

function deploy(state: State, body: string, replace: boolean): Answered {
  const sent = JSON.parse(body) as Record<string, unknown>;
  const fault = deploymentFault(sent);
  if (fault !== undefined) state.objections.push(fault);
  const { service, image, labels, annotations, envVars, secrets, limits, requests } =
    sent as unknown as HeldFunction;
  const refuse = (text: string): Answered => ({ status: 400, body: `${text}\n` });
  if (!validName.test(service)) {
    return refuse(`validation failed: service: (${service}) is invalid, must be a valid DNS entry`);
  }
  const pro = Object.keys(labels).find((label) => proOnly.test(label));
  if (pro) return refuse(`validation failed: ${pro} not available for Community Edition`);
  const missing = secrets.find((secret) => !state.secrets.includes(secret));
  if (missing) return refuse(`unable to fetch secrets: secret "${missing}" not found`);
  const before = state.functions.get(service);
  if (replace && !before) return { status: 404, body: 'unable update Deployment: not found' };
  if (!state.isPublic(image)) {
    // The handler of changes logs this and answers nothing, which HTTP tells as 200.
    return replace
      ? { status: 200 }
      : refuse('the Community Edition license agreement only supports public images');
  }
  if (!replace && before) return { status: 500, body: 'unable create Deployment: already exists' };
  if (!replace && state.functions.size + 1 > state.most) {
    return refuse(`unable to create function, maximum: ${state.most}, visit https://openfaas.com/pricing`);
  }
  state.functions.set(service, {
    ...{ service, image, labels, envVars, secrets, namespace, startsIn: state.slow },
    annotations: { 'prometheus.io.scrape': 'false', ...annotations },
    ...(limits && { limits }),
    ...(requests && { requests }),
  });
  return { status: 202 };
}

function remove(state: State, body: string): Answered {
  const { functionName } = JSON.parse(body) as { functionName?: string };
  if (!functionName) return { status: 400 };
  const found = state.functions.get(functionName);
  if (!found) return { status: 404, body: 'not found' };
  if (state.slow > 0) found.goesIn = state.slow;
  else state.functions.delete(functionName);
  return { status: 202 };
}

function invoke(
  state: State,
  name: string,
  method: string,
  url: string,
  body: string,
): Promise<Answered> | Answered {
  const service = name.replace(new RegExp(`\\.${namespace}$`), '');
  const found = state.functions.get(service);
  if (!found) {
    const text = `error finding function ${name}: server returned non-200 status code (404) for function, ${name}`;
    return { status: 404, body: text };
  }
  return state.answers({ service, image: found.image, method, url, body });
}
