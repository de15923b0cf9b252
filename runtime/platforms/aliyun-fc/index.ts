import type { Platform } from '../../model/platform.ts';
import { platformDefaults } from '../../model/platformDefaults.ts';
import { asItComes } from '../../model/resultStream.ts';
import { webEvent } from '../../model/webMessage.ts';
import { isWeb, noContract, webAnswer } from '../web.ts';
import { apiGatewayEvent, apiGatewayResponse, apiGatewayShape } from './apiGateway.ts';
import { callContext, context, newRequestId } from './context.ts';
import { environment, isReservedVariable, offers } from './environment.ts';
import { errorBody, fault } from './faults.ts';
import { httpAsync } from './httpAsync.ts';
import { httpAuth } from './httpAuth.ts';
import { httpEvent } from './httpEvent.ts';
import { http2Event, http2Response, http2Stream, isHttp2 } from './http2.ts';
import { failed, headersFit, httpRefusal, httpResponse, throttled } from './httpResponse.ts';
import { messageTriggers } from './messageTriggers.ts';
import { invokeApi } from './invokeApi.ts';
import { endLines, failureLines, lifeCycleLines, startLines } from './logLines.ts';
import { storage } from './storage.ts';
import { timer } from './timer.ts';

const id = 'aliyun-fc';
const { memoryBounds, timeoutBounds, initTimeoutMs, environmentBytes } = platformDefaults(id);
const megabyte = 1024 * 1024;

/** Alibaba Cloud Function Compute 3.0, and 2.0 where a function is of a service. */
export const aliyunFc: Platform = {
  id,
  displayName: 'Alibaba Function Compute',
  limits: {
    memoryMB: memoryBounds,
    timeoutMs: timeoutBounds,
    requestBytes: 32 * megabyte,
    pathBytes: 4096,
    responseBytes: 32 * megabyte,
    environmentBytes,
    initTimeoutMs,
    // An instance whose initializer failed is given up; the next call creates another.
    initRetried: false,
  },
  contracts: {
    nodejs: 'aliyun-fc.nodejs.cjs',
    python: 'aliyun-fc.python.contract.py',
    php: 'aliyun-fc.php.contract.php',
    custom: noContract,
  },
  offers,
  jsonEvents: false,
  newRequestId,
  environment,
  isReservedVariable,
  context,
  callContext,
  // Hooks are billed as invocations of their own, loading is not billed.
  billedMs: (durationMs) => Math.ceil(durationMs),
  startLines,
  endLines,
  lifeCycleLines,
  failureLines,
  fault,
  errorBody,
  httpEvent(request, trigger, definition, facts) {
    if (isWeb(trigger)) return webEvent(request, trigger.mount);
    if (trigger.shape === apiGatewayShape) return apiGatewayEvent(request);
    return isHttp2(trigger) ? http2Event(request, trigger) : httpEvent(request, trigger, definition, facts);
  },
  httpResponse(outcome, trigger, facts) {
    if (trigger.shape === apiGatewayShape) return apiGatewayResponse(outcome, facts);
    const own = isWeb(trigger) ? webAnswer(outcome, ['X-Fc-Request-Id', facts.requestId]) : undefined;
    if (own) return headersFit(own.headers) ? own : failed(['X-Fc-Request-Id', facts.requestId]);
    return isHttp2(trigger) ? http2Response(outcome, facts) : httpResponse(outcome, facts);
  },
  // Servers can ("Streaming" in the documentation of custom runtimes), and handlers of 2.0 that send a stream.
  httpStream(start, trigger, { requestId }) {
    const { web } = start;
    if (isHttp2(trigger)) return http2Stream(start, { requestId });
    return web && isWeb(trigger) && headersFit(web.headers)
      ? asItComes({ status: web.status, headers: [...web.headers, ['X-Fc-Request-Id', requestId]] }, true)
      : undefined;
  },
  httpRefusal,
  httpAuth,
  httpAsync,
  throttled,
  sources: { timer, storage, queue: messageTriggers },
  invokeApi,
};
