import { PorchlightError } from '../../model/errors.ts';
import { AnswerTooLong, isConnectionError, isTlsError, type HttpAnswer } from '../../support/httpExchange.ts';
import { loginCommand } from './credentials.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

const service = 'OpenFaaS';

/** An answer that says no: a status, and words in plain text. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly status: number;
  readonly detail: string;
  /** For how long to wait before it is asked again, in milliseconds, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor({ status, headers, body }: HttpAnswer) {
    super(`HTTP ${status}`);
    this.status = status;
    const text = body.toString('utf8').trim();
    const { location } = headers;
    // A proxy in between answers with a page.
    const said = text === '' || text.startsWith('<') ? 'No reason was given.' : text;
    this.detail = sentence(
      typeof location === 'string' ? `It leads to ${location}. Name that as gateway:` : said,
    );
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }

  /** The same request may do better later. */
  get passing(): boolean {
    return this.status === 429 || (this.status >= 500 && this.status !== 501);
  }

  /** What is asked for is not there, or not offered by this gateway. */
  get absent(): boolean {
    return this.status === 404 || this.status === 405 || this.status === 501;
  }
}

export interface RefusedCall {
  action: string | Phrase;
  gateway: string;
  /** Whether credentials were shown. */
  known: boolean;
  /** Takes secrets out of what the gateway says. */
  hide(text: string): string;
}

/** What to tell of an error of a call. */
export function refusal(error: unknown, { action, gateway, known, hide }: RefusedCall): unknown {
  if (error instanceof GatewayRefusal) {
    const { status } = error;
    const code = error.message;
    const detail = hide(error.detail);
    const cause = { cause: error };
    if (status === 401 && !known) {
      const remedy = phrase('Run {command}, or set OPENFAAS_PASSWORD.', { command: loginCommand(gateway) });
      return new PorchlightError('CREDENTIALS_MISSING', { service, remedy }, cause);
    }
    if (status === 401 || status === 403) {
      const remedy = phrase('Log in again: {command}.', { command: loginCommand(gateway) });
      return new PorchlightError('CREDENTIALS_REFUSED', { service, code, detail, remedy }, cause);
    }
    return new PorchlightError('CLOUD_REFUSED', { service, action, code, detail }, cause);
  }
  if (error instanceof AnswerTooLong) return badAnswer(action, error.message);
  if (isTlsError(error)) {
    const why = hide(error.message || String(error.code));
    const detail = phrase('{why} Name the authority that signed its certificate as ca: of the target.', {
      why: sentence(why),
    });
    const facts = { service, endpoint: gateway, action, detail };
    return new PorchlightError('CLOUD_UNREACHABLE', facts, { cause: error });
  }
  if (!isConnectionError(error)) return error;
  const detail = sentence(hide(error.message || String(error.code)));
  const facts = { service, endpoint: gateway, action, detail };
  return new PorchlightError('CLOUD_UNREACHABLE', facts, { cause: error });
}

/** An answer that is not as documented. */
export function badAnswer(action: string | Phrase, detail: string | Phrase): PorchlightError {
  return new PorchlightError('CLOUD_REFUSED', { service, action, code: 'BadAnswer', detail });
}

/** Text from outside as one bounded sentence. */
function sentence(text: string): string {
  const shown = text.replace(/\s+/g, ' ').trim().slice(0, 1000);
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}
