import type { Platform } from '../../model/platform.ts';
import { headerObject, headerText } from '../../support/httpHeaders.ts';
import { answer } from '../httpAnswer.ts';

/** How far a request's time may be from the cloud's (FC documentation "HTTP trigger", error 403). */
const mostSkewMs = 15 * 60_000;

/** Signatures of 3.0 (ACS3) and 2.0 (`FC id:signature`). The time of either stands in one of these headers. */
const forms = [
  /^ACS3-(HMAC-SHA256|HMAC-SM3|RSA-SHA256)\s+Credential=[^,\s]+,\s*SignedHeaders=[^,\s]+,\s*Signature=[0-9a-f]+$/i,
  /^FC\s+[^:\s]+:[A-Za-z0-9+/=]+$/,
];
const dateHeaders = ['x-acs-date', 'x-fc-date', 'date'];

/**
 * What the cloud answers to callers that a trigger does not let in. A signature is judged by its form and its time: only
 * the cloud knows the keys. Statuses and codes are documented; which code belongs to a request from another time, and the
 * answer to one without a token, are not.
 */
export const httpAuth: NonNullable<Platform['httpAuth']> = ({ rawHeaders, url }, auth, facts) => {
  const headers = headerObject(rawHeaders);
  const refuse = (status: number, Code: string, Message: string) =>
    answer(status, 'application/json', JSON.stringify({ Code, Message, RequestId: facts.requestId }), [
      ['X-Fc-Request-Id', facts.requestId],
    ]);
  const missing = (name: string) =>
    refuse(400, 'MissingRequiredHeader', `required HTTP header ${name} was not specified`);
  if (auth.kind !== 'signature') {
    const { from = { header: 'authorization' } } = auth;
    const given =
      'header' in from
        ? headerText(headers, from.header)
        : new URLSearchParams(url.split('?')[1] ?? '').get(from.query);
    return given ? undefined : refuse(403, 'AccessDenied', 'the JSON Web Token of the request is missing');
  }
  const date = dateHeaders.map((name) => headerText(headers, name)).find((value) => value !== undefined);
  if (date === undefined) return missing('Date');
  const authorization = headerText(headers, 'authorization')?.trim();
  if (!authorization) return missing('Authorization');
  const skewMs = Math.abs(Date.parse(date) - facts.nowMs);
  if (!forms.some((form) => form.test(authorization)))
    return refuse(403, 'SignatureNotMatch', 'the Authorization header is no signature of Alibaba Cloud');
  return skewMs <= mostSkewMs
    ? undefined
    : refuse(403, 'SignatureNotMatch', 'the time of the request differs by more than 15 minutes');
};
