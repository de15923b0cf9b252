import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { ApiCatalog } from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';
import { platformDefaults } from '../../model/platformDefaults.ts';
import { shownRuntime } from '../../model/usualRuntimes.ts';
import { functionArn, logGroupName } from './context.ts';
import { readFunctionName } from './functionName.ts';
import { refusalOf } from './invokeRefusals.ts';

/*
 * What clients ask of functions before they invoke them (API reference "ListFunctions", "GetFunction",
 * "GetFunctionConfiguration"): whether they are there and active, as SDKs' waiters do.
 */

const all = /^\/2015-03-31\/functions\/?$/;
const one = /^\/2015-03-31\/functions\/([^/]+)(\/configuration)?\/?$/;

/** The address a path is. */
export function catalogAt(path: string): ApiCatalog | undefined {
  if (all.test(path)) {
    return {
      refuse: (refusal, requestId) => refusalOf(refusal, requestId, ''),
      answer: (functions, requestId) => json({ Functions: functions.map(configuration) }, requestId),
    };
  }
  const [, name, alone] = one.exec(path) ?? [];
  if (name === undefined) return undefined;
  const named = readFunctionName(decoded(name));
  return {
    names: named ? [named.name] : [],
    refuse: (refusal, requestId) => refusalOf(refusal, requestId, decoded(name)),
    answer: ([found], requestId) => {
      const told = configuration(found!);
      return json(alone === undefined ? { Configuration: told, Code: {}, Tags: {} } : told, requestId);
    },
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Variables are left out, as there may be secrets among them; so is what only a cloud has, such as a role. */
function configuration(definition: FunctionDefinition): object {
  return {
    FunctionName: definition.name,
    FunctionArn: functionArn(definition),
    Runtime: shownRuntime(definition),
    Handler: definition.handler,
    Description: definition.description ?? '',
    Timeout: Math.round(definition.timeoutMs / 1000),
    MemorySize: definition.memoryMB,
    EphemeralStorage: { Size: definition.temporaryMB ?? platformDefaults('aws-lambda').temporaryMB },
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupName(definition) },
  };
}

function json(value: object, requestId: string): GatewayResponse {
  return {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', requestId],
    ],
    body: Buffer.from(JSON.stringify(value), 'utf8'),
  };
}
