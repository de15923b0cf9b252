import * as v from 'valibot';
import { PorchlightError } from '../../../model/errors.ts';
import {
  AnswerTooLong,
  isConnectionError,
  isTlsError,
  type HttpAnswer,
} from '../../../support/httpExchange.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** A text; what is of another kind is no fault of the rest. */
const text = v.fallback(v.optional(v.string()), undefined);
const errorBody = v.looseObject({
  errors: v.fallback(v.optional(v.array(v.looseObject({ code: text, message: text }))), undefined),
  // Token servers word theirs so.
  details: text,
  error_description: text,
});

/** An answer that says no, as a registry words it (OCI distribution specification, "Error Codes"). */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** For how long to wait before it is asked again, in milliseconds, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor({ status, headers, body }: HttpAnswer) {
    const { code, detail } = saidIn(body);
    super(code ?? `HTTP ${status}`);
    this.status = status;
    this.code = code ?? `HTTP ${status}`;
    this.detail = detail ?? 'No reason was given.';
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  }

  /** The same may do better later. */
  get passing(): boolean {
    return this.status === 429 || this.status === 408 || (this.status >= 500 && this.status !== 501);
  }
}

/** What to tell of an error in asking a registry. `hide` takes secrets out of what it says. */
export function refusal(
  error: unknown,
  about: {
    registry: string;
    action: string | Phrase;
    hasCredentials?: boolean;
    hide?: (text: string) => string;
  },
): unknown {
  const { registry, action, hasCredentials = false, hide = (text: string) => text } = about;
  if (error instanceof RegistryRefusal) {
    const { status, code } = error;
    const detail = sentence(hide(error.detail));
    if (status !== 401 && status !== 403 && code !== 'DENIED' && code !== 'UNAUTHORIZED') {
      const facts = { service: registry, action, code, detail };
      return new PorchlightError('CLOUD_REFUSED', facts, { cause: error });
    }
    if (!hasCredentials) {
      const remedy = phrase('It refuses {action} without ({code}). Run docker login {registry}.', {
        action,
        code,
        registry,
      });
      return new PorchlightError('CREDENTIALS_MISSING', { service: registry, remedy }, { cause: error });
    }
    const remedy = phrase(
      'They are refused for {action}: log in with docker login {registry}, as somebody who has the right.',
      { action, registry },
    );
    return new PorchlightError(
      'CREDENTIALS_REFUSED',
      { service: registry, code, detail, remedy },
      { cause: error },
    );
  }
  if (error instanceof PorchlightError || !(error instanceof Error)) return error;
  if (error instanceof SyntaxError) return refused(registry, action, phrase('its answer is no JSON.'));
  if (error instanceof AnswerTooLong) return refused(registry, action, error.message);
  if (!isConnectionError(error) && !isTlsError(error)) return error;
  const facts = {
    service: phrase('The registry'),
    endpoint: registry,
    action,
    detail: sentence(hide(textOf(error))),
  };
  return new PorchlightError('CLOUD_UNREACHABLE', facts, { cause: error });
}

/** An answer that is not as the protocol has it. */
export function refused(registry: string, action: string | Phrase, detail: string | Phrase): PorchlightError {
  return new PorchlightError('CLOUD_REFUSED', { service: registry, action, code: 'BadAnswer', detail });
}

function textOf(error: NodeJS.ErrnoException): string {
  return error.message || error.code || 'the connection failed';
}

function saidIn(body: Buffer): { code?: string | undefined; detail?: string | undefined } {
  try {
    const { success, output } = v.safeParse(errorBody, JSON.parse(body.toString('utf8')));
    if (!success) return {};
    const first = output.errors?.[0];
    return {
      code: first?.code?.slice(0, 100),
      detail: (first?.message ?? output.error_description ?? output.details)?.slice(0, 1000),
    };
  } catch {
    // A proxy in between speaks HTML.
    return {};
  }
}

/** Text from outside as one sentence. */
function sentence(text: string): string {
  const shown = text.trim();
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}
