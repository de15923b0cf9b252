import type { Platform } from '../../model/platform.ts';
import { headerObject } from '../../support/httpHeaders.ts';
import { apiGatewayShape } from './apiGateway.ts';
import { acceptedCall, readCall } from './invokeApi.ts';
import { refusalOf } from './invokeRefusals.ts';

/**
 * Requests to an HTTP trigger that are handled asynchronously: those with `X-Fc-Invocation-Type: Async`, and optionally an
 * `X-Fc-Async-Task-Id` (FC documentation "HTTP trigger invocation"). They are answered and bounded as by the invoke API.
 */
export const httpAsync: NonNullable<Platform['httpAsync']> = ({ rawHeaders }, { shape }) => {
  const asks = ([name, value]: [string, string]) => value === 'Async' && isTypeHeader(name);
  if (shape === apiGatewayShape || !rawHeaders.some(asks)) return undefined;
  const call = readCall({ query: new URLSearchParams(), headers: headerObject(rawHeaders) }, undefined);
  return {
    call,
    refuse: (refusal, requestId) => refusalOf(refusal, requestId, { named: '', keys: 'fc3' }),
    accepted: acceptedCall,
  };
};

function isTypeHeader(name: string): boolean {
  return name.toLowerCase() === 'x-fc-invocation-type';
}
