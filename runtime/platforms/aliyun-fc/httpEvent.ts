import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { GatewayRequest, InvocationFacts } from '../../model/platform.ts';
import {
  decodePath,
  groupPairs,
  joinGroups,
  mediaType,
  queryPairs,
  splitTarget,
  utf8Text,
} from '../../support/httpText.ts';

/** Bodies that arrive as text (FC documentation "HTTP trigger invocation"); all others are base64. */
const textTypes = new Set([
  'application/json',
  'application/ld+json',
  'application/xhtml+xml',
  'application/xml',
  'application/atom+xml',
  'application/javascript',
]);

/** The event of a Function Compute 3.0 HTTP trigger, for built-in runtimes. */
export function httpEvent(
  request: GatewayRequest,
  trigger: HttpTrigger,
  definition: FunctionDefinition,
  facts: InvocationFacts & { at: Date },
): Uint8Array {
  const { path, query } = splitTarget(request.url);
  const rawPath = withoutMount(path, trigger.mount);
  const headers = joinGroups(groupPairs(request.rawHeaders, canonical), ',');
  const { body, isBase64Encoded } = encodeBody(request.body, headers['Content-Type']);
  const domainName = headers['Host'] ?? `${definition.name}.${definition.region}.fcapp.run`;
  const event = {
    version: 'v1',
    rawPath,
    body,
    isBase64Encoded,
    headers,
    queryParameters: joinGroups(
      groupPairs(queryPairs(query), (name) => name),
      ',',
    ),
    requestContext: {
      accountId: definition.accountId,
      domainName,
      domainPrefix: domainName.split('.', 1)[0]!,
      http: {
        method: request.method,
        path: decodePath(rawPath),
        protocol: 'HTTP/1.1',
        sourceIp: request.remoteAddress.replace(/^::ffff:/, ''),
        userAgent: headers['User-Agent'] ?? '',
      },
      requestId: facts.requestId,
      time: facts.at.toISOString().replace(/\.\d+Z$/, 'Z'),
      timeEpoch: String(facts.at.getTime()),
    },
  };
  return Buffer.from(JSON.stringify(event), 'utf8');
}

/** The path as the trigger's own domain would show it. */
function withoutMount(path: string, mount: string | undefined): string {
  return mount !== undefined && (path === mount || path.startsWith(`${mount}/`))
    ? path.slice(mount.length) || '/'
    : path;
}

/** `content-type` as `Content-Type`. */
export function canonical(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** A body as text where its content type says so, otherwise as base64. */
export function encodeBody(
  bytes: Uint8Array,
  contentType: string | undefined,
): { body: string; isBase64Encoded: boolean } {
  const type = mediaType(contentType);
  const text = type.startsWith('text/') || textTypes.has(type) ? utf8Text(bytes) : undefined;
  return text === undefined
    ? { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
}
