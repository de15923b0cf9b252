import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import type { RemoteLogLine } from '../../model/deploy.ts';
import { PorchlightError } from '../../model/errors.ts';
import { exchange, isConnectionError, isTlsError } from '../../support/httpExchange.ts';
import { jsonIn } from '../../support/jsonValue.ts';
import type { FcFunction } from './answers.ts';
import { encode, type AccessKey } from './signature.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/* Functions write to Simple Log Service, which has an API and a signature of its own (its API reference, "Signatures"). */

const service = 'Simple Log Service';
const pageLines = 100;
const largestPages = 100;
const largestAnswer = 32 * 1024 * 1024;

const logConfig = v.looseObject({
  project: v.string(),
  logstore: v.string(),
  enableRequestMetrics: v.optional(v.boolean(), false),
});
const logItems = v.array(
  v.looseObject({
    __time__: v.union([v.string(), v.number()]),
    __time_ns_part__: v.optional(v.union([v.string(), v.number()])),
    message: v.optional(v.string(), ''),
    instanceID: v.optional(v.string(), ''),
    requestId: v.optional(v.string(), ''),
  }),
);
const refusalBody = v.looseObject({
  errorCode: v.optional(v.string()),
  errorMessage: v.optional(v.string()),
});

export interface LogSource {
  key: AccessKey;
  region: string;
  /** In place of `https://PROJECT.REGION.log.aliyuncs.com`, e.g. in tests. */
  endpoint?: string | undefined;
}

/** What a function has written since a time (milliseconds since the epoch). An error where it writes to no log. */
export async function readLogs(
  { key, region, endpoint }: LogSource,
  found: FcFunction,
  since: number,
  signal: AbortSignal,
): Promise<RemoteLogLine[]> {
  const { success, output: place } = v.safeParse(logConfig, found['logConfig']);
  if (!success || place.project === '' || place.logstore === '') {
    const detail = phrase('it writes to no log. Set its logConfig (s.yaml: logConfig: auto) in the cloud.');
    throw new PorchlightError('TARGET_OBJECTS', { function: found.functionName, detail });
  }
  const base = endpoint ?? `https://${place.project}.${region}.log.aliyuncs.com`;
  const path = `/logstores/${encode(place.logstore)}`;
  const read = async (topic: string): Promise<Item[]> => {
    const all: Item[] = [];
    for (let page = 0; page < largestPages; page++) {
      const query = {
        type: 'log',
        from: String(Math.floor(since / 1000)),
        to: String(Math.floor(Date.now() / 1000) + 1),
        topic,
        line: String(pageLines),
        offset: String(page * pageLines),
      };
      const items = await getLogs(base, path, query, key, signal);
      all.push(...items);
      if (items.length < pageLines) break;
    }
    return all;
  };
  const [lines, metrics] = await Promise.all([
    read(`FCLogs:${found.functionName}`),
    // The function has these where its logConfig says so.
    place.enableRequestMetrics ? read(`FCRequestMetrics:/${found.functionName}`) : [],
  ]);
  return numbered([...lines.map(lineOf), ...metrics.map(metricsOf)]);
}

type Item = v.InferOutput<typeof logItems>[number];

function lineOf(item: Item): RemoteLogLine {
  const { message, instanceID: instance, requestId } = item;
  const nanoseconds = Number(item.__time_ns_part__ ?? 0) || 0;
  const time = Number(item.__time__) * 1000 + Math.floor(nanoseconds / 1e6);
  const text = message.replace(/[\r\n]+$/, '');
  return {
    id: `${instance} ${requestId} ${time} ${nanoseconds} ${text}`,
    ...{ time, instance, text },
    ...(requestId !== '' && { requestId }),
  };
}

/** The service's own record of a request. */
function metricsOf(item: Item): RemoteLogLine {
  const { time, instance } = lineOf(item);
  return {
    id: `metrics ${item.requestId} ${time}`,
    time,
    instance,
    text: JSON.stringify(item),
    kind: 'metrics',
  };
}

/** Lines have no ids: those that are the same in all are counted, and a second is always read whole. */
function numbered(lines: RemoteLogLine[]): RemoteLogLine[] {
  const counts = new Map<string, number>();
  return lines.map((line) => {
    const count = (counts.get(line.id) ?? 0) + 1;
    counts.set(line.id, count);
    return count === 1 ? line : { ...line, id: `${line.id} (${count})` };
  });
}

async function getLogs(
  base: string,
  path: string,
  query: Record<string, string>,
  key: AccessKey,
  signal: AbortSignal,
): Promise<Item[]> {
  const headers: Record<string, string> = {
    date: new Date().toUTCString(),
    'x-log-apiversion': '0.6.0',
    'x-log-bodyrawsize': '0',
    'x-log-signaturemethod': 'hmac-sha1',
    ...(key.securityToken !== undefined && { 'x-acs-security-token': key.securityToken }),
  };
  headers['authorization'] = logAuthorization('GET', path, query, headers, key);
  const url = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const hide = (text: string): string =>
    [key.secret, key.securityToken].reduce<string>(
      (shown, secret) => (secret ? shown.replaceAll(secret, '***') : shown),
      text,
    );
  try {
    const { status, body } = await exchange({ url, method: 'GET', headers, signal }, largestAnswer);
    const answer = jsonIn(body.toString('utf8'));
    if (status === 200) {
      const { success, output } = v.safeParse(logItems, answer);
      if (success) return output;
      throw refused('BadAnswer', phrase('its answer is not as documented.'));
    }
    const { success, output } = v.safeParse(refusalBody, answer);
    const { errorCode = `HTTP ${status}`, errorMessage = 'no reason was given.' } = success ? output : {};
    throw refused(errorCode, hide(errorMessage).slice(0, 1000));
  } catch (error) {
    signal.throwIfAborted();
    if (!isConnectionError(error) && !isTlsError(error)) throw error;
    const facts = { service, endpoint: base, action: 'GetLogs', detail: hide(error.message) };
    throw new PorchlightError('CLOUD_UNREACHABLE', facts, { cause: error });
  }
}

function refused(code: string, detail: string | Phrase): PorchlightError {
  return new PorchlightError('CLOUD_REFUSED', {
    service,
    action: 'GetLogs (right log:GetLogStoreLogs)',
    code,
    detail,
  });
}

/** The `Authorization` header of a request without a body. */
export function logAuthorization(
  method: string,
  path: string,
  query: Record<string, string>,
  headers: Record<string, string>,
  { id, secret }: AccessKey,
): string {
  const own = Object.keys(headers)
    .filter((name) => /^x-(log|acs)-/.test(name))
    .sort()
    .map((name) => `${name}:${headers[name]!.trim()}\n`)
    .join('');
  const pairs = Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  const resource = pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
  const text = `${method}\n\n${headers['content-type'] ?? ''}\n${headers['date']}\n${own}${resource}`;
  return `LOG ${id}:${createHmac('sha1', secret).update(text).digest('base64')}`;
}
