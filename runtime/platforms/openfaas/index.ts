import type { Platform } from '../../model/platform.ts';
import { platformDefaults } from '../../model/platformDefaults.ts';
import { noContract } from '../web.ts';
import { asyncApi } from './asyncApi.ts';
import { callContext, context, newRequestId } from './context.ts';
import { environment } from './environment.ts';
import { errorBody, fault } from './faults.ts';
import { callerTimeoutMs } from './callHeaders.ts';
import { httpEvent } from './httpEvent.ts';
import { unknownPath, usualPath } from './functionPath.ts';
import { httpResponse, throttled } from './httpResponse.ts';
import { failureLines } from './logLines.ts';

const id = 'openfaas';
const { memoryBounds, timeoutBounds, initTimeoutMs, environmentBytes } = platformDefaults(id);
const megabyte = 1024 * 1024;

/** OpenFaaS: functions of its classic templates, and programs behind its watchdog. */
export const openfaas: Platform = {
  id,
  displayName: 'OpenFaaS',
  limits: {
    memoryMB: memoryBounds,
    timeoutMs: timeoutBounds,
    // OpenFaaS sets none; these are what a record and a hand-over can bear.
    requestBytes: 32 * megabyte,
    responseBytes: 32 * megabyte,
    environmentBytes,
    initTimeoutMs,
    // A container that ended is started anew, but the request is not sent again.
    initRetried: false,
  },
  contracts: { nodejs: 'openfaas.nodejs.cjs', python: 'openfaas.python.contract.py', custom: noContract },
  // Templates node12 to node22 and python3-http (`PYTHON_VERSION`, 3.12 unless stated).
  offers: {
    nodejs: ['12', '14', '16', '17', '18', '20', '22'],
    python: ['3.9', '3.10', '3.11', '3.12', '3.13'],
  },
  jsonEvents: false,
  newRequestId,
  environment,
  isReservedVariable: () => false,
  context,
  callContext: (_definition, facts) => callContext(facts),
  // Nobody is billed by the call; the time is that of the handler.
  billedMs: (durationMs) => Math.ceil(durationMs),
  startLines: () => [],
  endLines: () => [],
  lifeCycleLines: () => [],
  failureLines,
  termination: {
    graceMs: 10_000,
    note: 'SIGTERM is passed on by the watchdog, which waits up to write_timeout; 10 s are given here.',
  },
  fault,
  errorBody,
  httpEvent: (request, trigger, _definition, facts) => httpEvent(request, trigger.mount, facts),
  httpResponse: (outcome, _trigger, facts) => httpResponse(outcome, facts),
  callerTimeoutMs: ({ rawHeaders }) => callerTimeoutMs(rawHeaders),
  usualPath,
  unknownPath,
  throttled,
  invokeApi: asyncApi,
};
