import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An event of a log, as `FilterLogEvents` gives it. */
export interface LogEvent {
  eventId: string;
  logStreamName: string;
  timestamp: number;
  message: string;
}

/** One function of Lambda that is there with its alias, and its log in CloudWatch Logs; nothing is ever changed. */
export interface LogServer {
  url: string;
  /** Of the newest pages first; what is added comes with the next look. */
  events: LogEvent[];
  /** Answers the next look at the log with a refusal. */
  refuseNext(code: string, message: string): void;
  close(): void;
}

/** Starts it on loopback. Answers are those of Lambda's and CloudWatch Logs' API references, as far as looking needs them. */
export async function startLogServer(version = '7'): Promise<LogServer> {
  const events: LogEvent[] = [];
  const refusals: { __type: string; message: string }[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const reply = (status: number, value: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    const { pathname } = new URL(request.url ?? '/', 'http://aws');
    if (request.method === 'POST' && pathname === '/') {
      const refusal = refusals.shift();
      if (refusal) return reply(400, refusal);
      const { startTime = 0 } = JSON.parse(body) as { startTime?: number };
      return reply(200, { events: events.filter(({ timestamp }) => timestamp >= startTime) });
    }
    const [, name, rest = ''] = /^\/2015-03-31\/functions\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
    const configuration = {
      FunctionName: name,
      FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}:${version}`,
      ...{
        Version: version,
        State: 'Active',
        LastUpdateStatus: 'Successful',
        CodeSha256: 'abcdef0123456789',
      },
      ...{ LastModified: '2026-11-26T09:00:00.000+0000', Runtime: 'nodejs22.x', Handler: 'index.handler' },
    };
    if (name !== undefined && rest === '') return reply(200, { Configuration: configuration, Code: {} });
    if (rest === '/versions') return reply(200, { Versions: [configuration] });
    if (rest === '/aliases/live') return reply(200, { Name: 'live', FunctionVersion: version });
    if (pathname.endsWith('/event-source-mappings/') || pathname.endsWith('/event-source-mappings'))
      return reply(200, { EventSourceMappings: [] });
    if (rest === '/invocations') {
      const report = `START RequestId: r-called Version: ${version}\n2026-11-26T09:00:00.000Z\tr-called\tINFO\tasked by hand\nEND RequestId: r-called\nREPORT RequestId: r-called\tDuration: 4.20 ms\tBilled Duration: 5 ms\tMemory Size: 128 MB\tMax Memory Used: 66 MB\t\n`;
      return reply(
        200,
        { taken: true },
        {
          'x-amzn-requestid': 'r-called',
          'x-amz-executed-version': version,
          'x-amz-log-result': Buffer.from(report).toString('base64'),
        },
      );
    }
    return reply(404, { message: 'not there' }, { 'x-amzn-errortype': 'ResourceNotFoundException' });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    refuseNext: (code, message) => void refusals.push({ __type: code, message }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Events of one stream, a millisecond after the other. */
export function logEvents(logStreamName: string, from: number, messages: readonly string[]): LogEvent[] {
  return messages.map((message, index) => ({
    eventId: `${logStreamName} ${from + index}`,
    ...{ logStreamName, message: `${message}\n` },
    timestamp: from + index,
  }));
}
