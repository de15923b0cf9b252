import type { RemoteLogLine } from '../../model/deploy.ts';
import { logsClient } from './clients.ts';
import type { LambdaApi } from './lambdaApi.ts';

/** Pages of up to 10,000 lines or 1 MB (CloudWatch Logs, `FilterLogEvents`). */
const largestPages = 50;

/** Lines that a function has written since a time. None where it has not run yet: its log begins with the first call. */
export async function readLogs(
  api: LambdaApi,
  name: string,
  since: number,
  signal: AbortSignal,
): Promise<RemoteLogLine[]> {
  const { sdk } = api;
  const lines: RemoteLogLine[] = [];
  try {
    const found = await api.find('GetFunction', (lambda) =>
      lambda.send(new sdk.GetFunctionCommand({ FunctionName: name }), { abortSignal: signal }),
    );
    const logGroupName = found?.Configuration?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
    let nextToken: string | undefined;
    for (let page = 0; page < largestPages; page++) {
      const answer = await logsClient(api).send(
        new sdk.FilterLogEventsCommand({ logGroupName, startTime: since, ...(nextToken && { nextToken }) }),
        { abortSignal: signal },
      );
      for (const { eventId, timestamp, logStreamName, message } of answer.events ?? []) {
        const time = timestamp ?? 0;
        const text = (message ?? '').replace(/\r?\n$/, '');
        const instance = logStreamName ?? '';
        lines.push({ id: eventId ?? `${instance} ${time} ${text}`, time, instance, text });
      }
      nextToken = answer.nextToken;
      if (!nextToken) break;
    }
    return lines;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return lines;
    throw api.refusal('FilterLogEvents', error, 'logs');
  }
}
