import type { Platform } from '../../model/platform.ts';
import { platformDefaults } from '../../model/platformDefaults.ts';
import { noContract } from '../web.ts';
import { context, newRequestId } from './context.ts';
import { environment, isReservedVariable } from './environment.ts';
import { errorBody, fault } from './faults.ts';
import { httpEvent } from './httpEvent.ts';
import { httpResponse, throttled } from './httpResponse.ts';
import { failureLines } from './logLines.ts';

const id = 'knative';
const { memoryBounds, timeoutBounds, initTimeoutMs, environmentBytes } = platformDefaults(id);
const megabyte = 1024 * 1024;

/** Knative Serving, with functions of `func` and any container that is a web server. */
export const knative: Platform = {
  id,
  displayName: 'Knative',
  limits: {
    memoryMB: memoryBounds,
    timeoutMs: timeoutBounds,
    // Knative sets none; these are what a record and a hand-over can bear.
    requestBytes: 32 * megabyte,
    responseBytes: 32 * megabyte,
    environmentBytes,
    initTimeoutMs,
    // A container that ended is started anew, but the request is not sent again.
    initRetried: false,
  },
  contracts: { nodejs: 'knative.nodejs.cjs', python: 'knative.python.contract.py', custom: noContract },
  // What `func` builds with: Node.js 20 for faas-js-runtime 3.0, 22 and 24 for both; Python from 3.10 on (its templates).
  offers: { nodejs: ['20', '22', '24'], python: ['3.10', '3.11', '3.12', '3.13'] },
  jsonEvents: false,
  newRequestId,
  environment,
  isReservedVariable,
  context,
  callContext: (_definition, { requestId }) => ({ requestId }),
  // Nobody is billed by the call; the time is that of the handler.
  billedMs: (durationMs) => Math.ceil(durationMs),
  startLines: () => [],
  endLines: () => [],
  lifeCycleLines: () => [],
  failureLines,
  termination: {
    graceMs: 10_000,
    note: 'Knative sends SIGTERM and waits up to the time-out of the service (300 s); 10 s are given here.',
  },
  fault,
  errorBody,
  httpEvent: (request, trigger) => httpEvent(request, trigger.mount),
  httpResponse,
  throttled,
};
