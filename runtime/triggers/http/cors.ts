import type { CorsSettings } from '../../model/functionDefinition.ts';
import type { GatewayResponse } from '../../model/platform.ts';

/* What browsers are told about requests of pages from other origins, as the trigger's cloud does it. */

/** The answer to a preflight: the function does not hear of it. */
export function preflightAnswer(cors: CorsSettings, origin: string | undefined): GatewayResponse {
  const allowed = allowedOrigin(cors, origin);
  const headers: [string, string][] = [];
  const add = (name: string, values: readonly string[]) => {
    if (values.length > 0) headers.push([name, values.join(',')]);
  };
  if (allowed !== undefined) {
    headers.push(['Access-Control-Allow-Origin', allowed]);
    if (cors.credentials) headers.push(['Access-Control-Allow-Credentials', 'true']);
    add('Access-Control-Allow-Methods', cors.methods);
    add('Access-Control-Allow-Headers', cors.headers);
    if (cors.maxAgeS !== undefined) headers.push(['Access-Control-Max-Age', String(cors.maxAgeS)]);
    if (allowed !== '*') headers.push(['Vary', 'Origin']);
  }
  // A REST API answers by a mock integration, whose status is 200.
  return { status: cors.answers ? 204 : 200, headers, body: new Uint8Array() };
}

/** A function's answer with the headers its cloud adds: what the function says of them itself does not count then. */
export function withCors<T extends Pick<GatewayResponse, 'headers'>>(
  response: T,
  cors: CorsSettings | undefined,
  origin: string | undefined,
): T {
  if (!cors?.answers) return response;
  const headers = response.headers.filter(([name]) => !/^access-control-/i.test(name));
  const allowed = origin === undefined ? undefined : allowedOrigin(cors, origin);
  if (allowed !== undefined) {
    headers.push(['Access-Control-Allow-Origin', allowed]);
    if (cors.credentials) headers.push(['Access-Control-Allow-Credentials', 'true']);
    if (cors.exposed.length > 0) headers.push(['Access-Control-Expose-Headers', cors.exposed.join(',')]);
    if (allowed !== '*') headers.push(['Vary', 'Origin']);
  }
  return { ...response, headers };
}

/** What `Access-Control-Allow-Origin` says to an origin; undefined when it is not allowed. */
function allowedOrigin(
  { origins, credentials }: CorsSettings,
  origin: string | undefined,
): string | undefined {
  if (origins.includes('*') && !credentials) return '*';
  if (origin === undefined) return origins[0];
  const fits = origins.some((each) => each === '*' || each === origin || fitsWildcard(each, origin));
  return fits ? origin : undefined;
}

/** `https://*.example.com`, or `https://*`. */
function fitsWildcard(pattern: string, origin: string): boolean {
  const [before, after] = pattern.split('*');
  if (before === undefined || after === undefined) return false;
  return origin.startsWith(before) && origin.endsWith(after) && origin.length > before.length + after.length;
}
