import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { ApiCatalog } from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';
import { shownRuntime } from '../../model/usualRuntimes.ts';
import { cloudName } from './cloudName.ts';
import { refusalOf } from './invokeRefusals.ts';

/* What clients ask of functions before they call them (API of 3.0, "ListFunctions", "GetFunction"). */

const all = /^\/2023-03-30\/functions\/?$/;
const one = /^\/2023-03-30\/functions\/([^/]+)\/?$/;

/** The address a path is. */
export function catalogAt(path: string): ApiCatalog | undefined {
  const isAll = all.test(path);
  const segment = isAll ? '' : one.exec(path)?.[1];
  if (segment === undefined) return undefined;
  const named = decoded(segment);
  return {
    ...(!isAll && { names: [named] }),
    refuse: (refusal, requestId) => refusalOf(refusal, requestId, { named, keys: 'fc3' }),
    answer: (functions, requestId) =>
      json(isAll ? { functions: functions.map(told) } : told(functions[0]!), requestId),
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Variables are left out, as there may be secrets among them. */
function told(definition: FunctionDefinition): object {
  const { region, accountId, handler, description = '', memoryMB, timeoutMs, process } = definition;
  const functionName = cloudName(definition);
  return {
    functionName,
    functionArn: `acs:fc:${region}:${accountId}:functions/${functionName}`,
    description,
    runtime: shownRuntime(definition),
    handler,
    timeout: Math.round(timeoutMs / 1000),
    memorySize: memoryMB,
    instanceConcurrency: process.concurrency,
    state: 'Active',
    lastUpdateStatus: 'Successful',
  };
}

function json(value: object, requestId: string): GatewayResponse {
  return {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-fc-request-id', requestId],
    ],
    body: Buffer.from(JSON.stringify(value), 'utf8'),
  };
}
