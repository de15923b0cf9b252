import type { IncomingHttpHeaders } from 'node:http';
import { readFormMember } from './formBody.ts';
import { shapeFaults } from './shapeFaults.ts';
import type { Operation, ServiceModel, ServiceModels, Shape } from './serviceModel.ts';
import { readXml } from './xmlBody.ts';

/** A request as it arrived. */
export interface SeenRequest {
  method: string;
  /** Path with query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What the model of its service objects to in a request, each with operation and place. */
export function requestFaults(models: ServiceModels, request: SeenRequest): string[] {
  const what = `${request.method} ${request.url}`;
  const scope = /Credential=[^/]+\/\d{8}\/[\w-]+\/([\w-]+)\/aws4_request/.exec(
    String(request.headers.authorization ?? ''),
  );
  if (!scope) return [`${what}: is not signed`];
  const model = models.get(scope[1]!);
  if (!model) return [`${what}: there is no model of ${scope[1]}`];
  const parsed = read(model, request);
  if (typeof parsed === 'string') return [`${what}: ${parsed}`];
  const { operation, input, texts } = parsed;
  if (!operation.input) return Object.keys(input).length > 0 ? [`${operation.name}: takes no input`] : [];
  return shapeFaults(model, operation.input.shape, input, { texts }).map(
    (text) => `${operation.name}: ${text}`,
  );
}

interface Parsed {
  operation: Operation;
  input: Record<string, unknown>;
  texts: boolean;
}

function read(model: ServiceModel, request: SeenRequest): Parsed | string {
  switch (model.metadata.protocol) {
    case 'query':
      return readForm(model, request);
    case 'rest-json':
    case 'rest-xml':
      return readRest(model, request);
    case 'json':
      return readTarget(model, request);
    default:
      return `the protocol ${model.metadata.protocol} is not known here`;
  }
}

/** `X-Amz-Target: Prefix.Operation`, everything in a JSON body. */
function readTarget(model: ServiceModel, { headers, body }: SeenRequest): Parsed | string {
  const name = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1)!;
  const operation = model.operations[name];
  return operation ? { operation, input: parse(body), texts: false } : `there is no operation ${name}`;
}

/** `Action=Operation&Member=…`. */
function readForm(model: ServiceModel, { body }: SeenRequest): Parsed | string {
  const form = new Map(new URLSearchParams(body.toString('utf8')));
  const name = form.get('Action') ?? '';
  const operation = model.operations[name];
  if (!operation) return `there is no operation ${name}`;
  form.delete('Action');
  form.delete('Version');
  const members = operation.input ? (model.shapes[operation.input.shape]!.members ?? {}) : {};
  const input: Record<string, unknown> = {};
  for (const [member, { shape }] of Object.entries(members)) {
    const value = readFormMember(model, shape, member, form);
    if (value !== undefined) input[member] = value;
  }
  const [unread] = form.keys();
  return unread === undefined ? { operation, input, texts: true } : `${name} has no member ${unread}`;
}

/** Parts of the path, the query, headers, and a body: of one member as it is, or of the others as JSON. */
function readRest(model: ServiceModel, request: SeenRequest): Parsed | string {
  const found = Object.values(model.operations)
    .map((operation) => ({ operation, parts: matchUri(operation, request) }))
    .filter(({ parts }) => parts !== undefined)
    // The one that S3's clients name, or that says most of the path and the query.
    .sort((a, b) => rank(b.operation, request) - rank(a.operation, request))[0];
  if (!found) return 'no operation has this path';
  const { operation, parts } = found;
  const shape = operation.input ? model.shapes[operation.input.shape]! : { type: 'structure' };
  const input: Record<string, unknown> = {};
  const objections = readPlaces(shape, request, parts!, input);
  if (objections !== undefined) return `${operation.name}: ${objections}`;
  // Numbers outside of the body are text; those in it are checked as they are.
  for (const [name, { location, shape: of }] of Object.entries(shape.members ?? {})) {
    if (location && /^(integer|long|double|float)$/.test(model.shapes[of]!.type) && name in input)
      input[name] = Number(input[name]);
    if (location && model.shapes[of]!.type === 'boolean' && name in input)
      input[name] = input[name] === 'true';
  }
  const { body } = request;
  if (shape.payload !== undefined && body.length > 0) {
    const of = shape.members![shape.payload]!.shape;
    if (model.shapes[of]!.type === 'blob') input[shape.payload] = body;
    else if (model.metadata.protocol === 'rest-xml')
      input[shape.payload] = readXml(model, of, body.toString('utf8'));
  } else if (body.length > 0 && model.metadata.protocol === 'rest-json') {
    const sent = parse(body);
    const displaced = Object.keys(sent).find((name) => shape.members?.[name]?.location !== undefined);
    if (displaced !== undefined) return `${operation.name}: ${displaced} stands in the body`;
    Object.assign(input, sent);
  }
  return { operation, input, texts: false };
}

function rank({ name, http, deprecated }: Operation, { url }: SeenRequest): number {
  return http.requestUri.length + (url.endsWith(`x-id=${name}`) ? 1000 : 0) - (deprecated ? 0.5 : 0);
}

/** The parts of a path that an operation names; undefined when it is another operation's. */
function matchUri({ http }: Operation, { method, url }: SeenRequest): Map<string, string> | undefined {
  if (http.method !== method) return undefined;
  const [wantedPath = '', wantedQuery = ''] = http.requestUri.split('?');
  const { pathname, searchParams } = new URL(url, 'http://aws');
  for (const [name, value] of new URLSearchParams(wantedQuery))
    if (!searchParams.has(name) || (value !== '' && searchParams.get(name) !== value)) return undefined;
  const names: string[] = [];
  const pattern = wantedPath.replace(/\/$/, '').replace(/\{([^}]+)\}/g, (_, name: string) => {
    names.push(name.replace('+', ''));
    return name.endsWith('+') ? '(.+)' : '([^/]+)';
  });
  const match = new RegExp(`^${pattern}/?$`).exec(pathname);
  return match ? new Map(names.map((name, at) => [name, decodeURIComponent(match[at + 1]!)])) : undefined;
}

/** Fills in what stands outside of the body; an objection to a query that the operation does not have. */
function readPlaces(
  { members = {} }: Shape,
  { url, headers }: SeenRequest,
  parts: Map<string, string>,
  input: Record<string, unknown>,
): string | undefined {
  const { searchParams } = new URL(url, 'http://aws');
  const known = new Set<string>();
  for (const [name, { location, locationName = name }] of Object.entries(members)) {
    const value =
      location === 'uri'
        ? parts.get(locationName)
        : location === 'querystring'
          ? (searchParams.get(locationName) ?? undefined)
          : location === 'header'
            ? headers[locationName.toLowerCase()]
            : undefined;
    if (location === 'querystring') known.add(locationName);
    if (value !== undefined) input[name] = value;
  }
  // S3's own: `x-id` names the operation.
  const unknown = [...searchParams.keys()].find(
    (name) => !known.has(name) && name !== 'x-id' && searchParams.get(name) !== '',
  );
  return unknown === undefined ? undefined : `has no query ${unknown}`;
}

function parse(body: Buffer): Record<string, unknown> {
  return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Record<string, unknown>);
}
