import type { Platform } from '../../model/platform.ts';
import { platformDefaults } from '../../model/platformDefaults.ts';
import { webEvent } from '../../model/webMessage.ts';
import { isWeb, noContract } from '../web.ts';
import { callContext, context, newRequestId } from './context.ts';
import { environment, isReservedVariable, offers } from './environment.ts';
import { errorBody, fault } from './faults.ts';
import { httpAuth } from './httpAuth.ts';
import { httpEventV1 } from './httpEventV1.ts';
import { httpEventV2 } from './httpEventV2.ts';
import { httpResponse, throttled } from './httpResponse.ts';
import { httpStream } from './httpStream.ts';
import { invokeApi } from './invokeApi.ts';
import { sqsTrigger } from './sqsTrigger.ts';
import { endLines, failureLines, lifeCycleLines, startLines } from './logLines.ts';
import { loadNote } from './runtimePackages.ts';
import { storage } from './storage.ts';
import { timer } from './timer.ts';

const id = 'aws-lambda';
const { memoryBounds, timeoutBounds, initTimeoutMs, environmentBytes } = platformDefaults(id);

/** The API's own bound, framing included (runtime API, `RequestEntityTooLarge`). */
const payloadBytes = 6_291_556;

const megabyte = 1024 * 1024;

/** AWS Lambda. */
export const awsLambda: Platform = {
  id,
  displayName: 'AWS Lambda',
  limits: {
    memoryMB: memoryBounds,
    timeoutMs: timeoutBounds,
    requestBytes: payloadBytes,
    responseBytes: payloadBytes,
    // Service model of the SDK, InvokeWithResponseStream; developer guide "Bandwidth limits for response streaming".
    streamedBytes: 200 * megabyte,
    streamPace: { freeBytes: 6 * megabyte, bytesPerSecond: 2 * megabyte },
    environmentBytes,
    initTimeoutMs,
    initRetried: true,
  },
  contracts: { nodejs: 'aws-lambda.nodejs.cjs', python: 'aws-lambda.python.contract.py', custom: noContract },
  offers,
  jsonEvents: true,
  newRequestId,
  environment,
  isReservedVariable,
  context,
  callContext,
  // As the REPORT line has it: initialization is shown beside the duration, not billed with it.
  billedMs: (durationMs) => Math.ceil(durationMs),
  startLines,
  endLines,
  lifeCycleLines,
  failureLines,
  loadNote,
  // The time an internal extension gives a runtime (developer guide "Execution environment lifecycle").
  termination: {
    graceMs: 500,
    note: 'SIGTERM: its handlers get 500 ms. In the cloud Lambda sends SIGTERM only to functions with an extension; others end without notice.',
  },
  fault,
  errorBody,
  httpEvent(request, trigger, definition, facts) {
    if (isWeb(trigger)) return webEvent(request, trigger.mount);
    const all = { request, trigger, definition, facts };
    const event = trigger.shape === 'rest-api' ? httpEventV1(all) : httpEventV2(all);
    return Buffer.from(JSON.stringify(event), 'utf8');
  },
  httpResponse,
  httpStream,
  httpAuth,
  throttled,
  sources: { timer, storage, queue: sqsTrigger },
  invokeApi,
};
