import { PorchlightError } from '../../model/errors.ts';
import { AnswerTooLong, isConnectionError, isTlsError, type HttpAnswer } from '../../support/httpExchange.ts';
import { textAt } from './answers.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** An answer that says no, as the cloud words it. */
export class FcRefusal extends Error {
  override readonly name = 'FcRefusal';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** For how long to wait before it is asked again, in milliseconds, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor({ status, headers, body }: HttpAnswer) {
    const { code: told, message, request = requestIn(headers) } = errorIn(body);
    const code = told ?? `HTTP ${status}`;
    super(code);
    this.status = status;
    this.code = code;
    this.detail = `${sentence(message ?? 'No reason was given.')}${request ? ` Request ${request}.` : ''}`;
    const ms = Number(headers['x-acs-retry-after'] ?? Number.NaN);
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(ms) ? ms : Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }

  /** It was not begun: too much is asked at a time. */
  get throttled(): boolean {
    return this.status === 429 || /Throttling|^ResourceExhausted$/.test(this.code);
  }

  /** The service failed: what was asked for may have happened. Code that cannot be started is no failure of the service. */
  get failed(): boolean {
    return this.status >= 500 && !ofTheCode.has(this.code);
  }
}

/** Faults of a function's code that come with a status of the service. */
export const ofTheCode: ReadonlySet<string> = new Set(['BadResponse', 'CAExited', 'FunctionNotStarted']);

/** Whether an error of `FcApi` is a refusal with this code. */
export function isRefusal(error: unknown, code: RegExp): boolean {
  return error instanceof PorchlightError && code.test(String(error.facts['code'] ?? ''));
}

/** Whether the request may have been carried out although it failed: no answer, or one of a failing service. */
export function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof PorchlightError)) return false;
  return error.code === 'CLOUD_UNREACHABLE' || (error.cause instanceof FcRefusal && error.cause.failed);
}

/** What to tell of an error. `hide` takes secrets out of what the cloud says. */
export function refusal(
  error: unknown,
  {
    operation,
    endpoint,
    hide,
    service: of,
  }: { operation: string; endpoint: string; hide: (text: string) => string; service?: 'OSS' },
): unknown {
  const service = of ?? 'Function Compute';
  if (error instanceof FcRefusal) {
    const { status, code } = error;
    const detail = hide(error.detail);
    const remedy = remedyFor(status, code, `${of === undefined ? 'fc' : 'oss'}:${operation}`);
    if (remedy === undefined)
      return new PorchlightError(
        'CLOUD_REFUSED',
        { service, action: operation, code, detail },
        { cause: error },
      );
    const facts = { service: 'Alibaba Cloud', code, detail, remedy };
    return new PorchlightError('CREDENTIALS_REFUSED', facts, { cause: error });
  }
  if (!(error instanceof Error) || error.name === 'AbortError' || error instanceof PorchlightError)
    return error;
  if (error instanceof AnswerTooLong) return badAnswer(operation, error.message, service);
  if (!isConnectionError(error) && !isTlsError(error)) return error;
  const said = error.message || String(error.code);
  const facts = { service, endpoint, action: operation, detail: sentence(hide(said)) };
  return new PorchlightError('CLOUD_UNREACHABLE', facts, { cause: error });
}

/** What to do about credentials that are not taken; undefined for other refusals. */
function remedyFor(status: number, code: string, right: string): Phrase | undefined {
  if (/SecurityToken|Expired/i.test(code)) return phrase('Get new temporary credentials.');
  if (/AccessDenied|Forbidden|NoPermission/i.test(code))
    return phrase('They need the right {right}.', { right });
  if (
    /^InvalidAccessKeyId|Signature|InvalidTimeStamp|NonceUsed/i.test(code) ||
    status === 401 ||
    status === 403
  )
    return phrase('Check the access key, its secret, and the clock of this machine.');
  return undefined;
}

/** An answer that is not as documented. */
export function badAnswer(
  action: string | Phrase,
  detail: string | Phrase,
  service = 'Function Compute',
): PorchlightError {
  return new PorchlightError('CLOUD_REFUSED', { service, action, code: 'BadAnswer', detail });
}

/** What a body says of a refusal; functions are refused in the words of the API before this one. */
function errorIn(body: Buffer): { code?: string; message?: string; request?: string } {
  let told: unknown;
  try {
    told = JSON.parse(body.toString('utf8'));
  } catch {
    // Not the cloud's own answer: a proxy in between speaks HTML.
  }
  const code = textAt(told, 'Code') ?? textAt(told, 'ErrorCode');
  const message = textAt(told, 'Message') ?? textAt(told, 'ErrorMessage');
  const request = textAt(told, 'RequestId');
  return { ...(code && { code }), ...(message && { message }), ...(request && { request }) };
}

function requestIn(headers: HttpAnswer['headers']): string | undefined {
  const told = headers['x-acs-request-id'] ?? headers['x-fc-request-id'];
  return typeof told === 'string' ? told.slice(0, 100) : undefined;
}

/** Text from outside as one bounded sentence. */
function sentence(text: string): string {
  const shown = text.trim().slice(0, 1000);
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}
