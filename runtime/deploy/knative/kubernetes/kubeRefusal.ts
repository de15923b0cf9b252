import * as v from 'valibot';
import { PorchlightError } from '../../../model/errors.ts';
import {
  AnswerTooLong,
  isConnectionError,
  isTlsError,
  type HttpAnswer,
} from '../../../support/httpExchange.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

const status = v.looseObject({
  reason: v.optional(v.string()),
  message: v.optional(v.string()),
  details: v.nullish(
    v.looseObject({ name: v.optional(v.string()), retryAfterSeconds: v.optional(v.number()) }),
  ),
});

/** An answer that says no, as Kubernetes words it (API conventions, "Response Status Kind"). */
export class KubeRefusal extends Error {
  override readonly name = 'KubeRefusal';
  readonly status: number;
  /** E.g. `NotFound`, `Conflict`, `Forbidden`, `Invalid`. */
  readonly reason: string;
  readonly detail: string;
  /** An object of that name was looked for: otherwise its kind itself is unknown to the cluster. */
  readonly namesObject: boolean;
  /** For how long to wait before it is asked again, in milliseconds, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor({ status: code, headers, body }: HttpAnswer) {
    const said = statusIn(body);
    const reason = said.reason || `HTTP ${code}`;
    super(reason);
    this.status = code;
    this.reason = reason;
    this.detail = (said.message || 'No reason was given.').slice(0, 1000);
    this.namesObject = said.details?.name !== undefined && said.details.name !== '';
    const seconds = said.details?.retryAfterSeconds ?? Number(headers['retry-after'] ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  }

  /** Not carried out, or failed: the same may do better later. */
  get passing(): boolean {
    return this.status === 429 || (this.status >= 500 && this.status !== 501);
  }
}

/** Whether an error of `KubeApi` is a refusal with this reason. */
export function isRefusal(error: unknown, reason: RegExp): boolean {
  return (
    error instanceof PorchlightError && error.cause instanceof KubeRefusal && reason.test(error.cause.reason)
  );
}

/** What to tell of an error in asking a cluster. `hide` takes secrets out of what it says. */
export function refusal(
  error: unknown,
  { action, server, hide }: { action: string | Phrase; server: string; hide: (text: string) => string },
): unknown {
  const service = 'Kubernetes';
  if (error instanceof KubeRefusal) {
    const detail = sentence(hide(error.detail));
    const code = error.reason;
    if (error.status === 401) {
      const remedy = phrase('Log in to the cluster again.');
      return new PorchlightError(
        'CREDENTIALS_REFUSED',
        { service: phrase('The cluster'), code, detail, remedy },
        { cause: error },
      );
    }
    if (error.status === 403) {
      const remedy = phrase('Whom the kubeconfig names needs the right to {action}.', { action });
      return new PorchlightError(
        'CREDENTIALS_REFUSED',
        { service: phrase('The cluster'), code, detail, remedy },
        { cause: error },
      );
    }
    return new PorchlightError(
      'CLOUD_REFUSED',
      { service, action: phrase('to {action}', { action }), code, detail },
      { cause: error },
    );
  }
  if (error instanceof PorchlightError || !(error instanceof Error)) return error;
  const bad =
    error instanceof SyntaxError
      ? phrase('its answer is no JSON.')
      : error instanceof AnswerTooLong
        ? error.message
        : undefined;
  if (bad !== undefined)
    return new PorchlightError('CLOUD_REFUSED', {
      service,
      action: phrase('to {action}', { action }),
      code: 'BadAnswer',
      detail: bad,
    });
  if (!isConnectionError(error) && !isTlsError(error)) return error;
  const detail = sentence(hide(error.message || String(error.code)));
  return new PorchlightError(
    'CLOUD_UNREACHABLE',
    { service: phrase('The cluster'), endpoint: server, action, detail },
    { cause: error },
  );
}

function statusIn(body: Buffer): v.InferOutput<typeof status> {
  try {
    const { success, output } = v.safeParse(status, JSON.parse(body.toString('utf8')));
    return success ? output : {};
  } catch {
    // A proxy in between speaks HTML.
    return {};
  }
}

function sentence(text: string): string {
  const shown = text.trim();
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}
