import { PorchlightError } from '../../model/errors.ts';
import { isConnectionError, isTlsError } from '../../support/httpExchange.ts';
import { sentences, phrase, type Phrase } from '../../support/l10n.ts';

/** Services that a deploy asks, as people know them. */
const services = {
  lambda: 'AWS Lambda',
  s3: 'Amazon S3',
  iam: 'AWS IAM',
  logs: 'CloudWatch Logs',
  events: 'Amazon EventBridge',
  sns: 'Amazon SNS',
} as const;
export type AwsService = keyof typeof services;

/** Where a request went, and with whose credentials. */
export interface AskedOf {
  region: string;
  profile?: string | undefined;
  endpoint?: string | undefined;
}

/** Rights that are not called what the operation is (service authorization reference). */
const rights: Record<string, string> = { Invoke: 'InvokeFunction', HeadObject: 'GetObject' };

const refusedCredentials = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** The name by which AWS's errors are known. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** What to tell of an error of the SDK. */
export function refusal(
  action: string,
  error: unknown,
  asked: AskedOf,
  service: AwsService = 'lambda',
): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError' || error instanceof PorchlightError)
    return error;
  const cause = { cause: error };
  const code = nameOf(error);
  const detail = sentence(error.message);
  if (/^(Credentials|Token)?ProviderError$/.test(code)) {
    const { profile } = asked;
    const remedy = profile
      ? phrase(
          'Check profile "{profile}" in ~/.aws/config (aws configure --profile {profile}, or aws sso login --profile {profile}).',
          { profile },
        )
      : phrase(
          'Run aws configure or aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile for the target.',
        );
    const facts = { service: 'AWS', remedy: sentences([detail, remedy]) };
    return new PorchlightError('CREDENTIALS_MISSING', facts, cause);
  }
  if (error.name === 'TimeoutError' || isConnectionError(error) || isTlsError(error)) {
    const endpoint = asked.endpoint ?? `${service}.${asked.region}`;
    const said = error.message || (error as NodeJS.ErrnoException).code || code;
    const facts = { service: services[service], endpoint, action, detail: sentence(said) };
    return new PorchlightError('CLOUD_UNREACHABLE', facts, cause);
  }
  const status = statusOf(error);
  if (status === undefined) return error;
  // The parser's own message quotes what it could not read.
  if (error instanceof SyntaxError || error instanceof TypeError)
    return badAnswer(action, status, service, error);
  if (refusedCredentials.has(code) || status === 401 || (status === 403 && /^(Unknown|\d+)/.test(code))) {
    const remedy = remedyFor(code, status, error.message, `${service}:${rights[action] ?? action}`);
    return new PorchlightError('CREDENTIALS_REFUSED', { service: 'AWS', code, detail, remedy }, cause);
  }
  const named = /^Unknown/.test(code) ? `HTTP ${status}` : code;
  return new PorchlightError(
    'CLOUD_REFUSED',
    { service: services[service], action, code: named, detail },
    cause,
  );
}

/** An answer that is not the service's: a proxy in between speaks HTML, or it was cut short. */
export function badAnswer(
  action: string,
  status: number | undefined,
  service: AwsService = 'lambda',
  cause?: unknown,
): PorchlightError {
  const refused = status !== undefined && status >= 300;
  const detail = refused
    ? phrase('no reason was given, or none of the service: a proxy in between may have answered.')
    : phrase('its answer is not as documented.');
  const facts = {
    service: services[service],
    action,
    code: refused ? `HTTP ${status}` : 'BadAnswer',
    detail,
  };
  return new PorchlightError('CLOUD_REFUSED', facts, { cause });
}

/** Status of the answer that an error is of; undefined of other errors. */
function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: unknown }) : undefined;
  return metadata && (typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0);
}

function remedyFor(code: string, status: number, said: string, right: string): Phrase {
  if (/Expired|^InvalidToken$/.test(code))
    return phrase('Sign in again (aws sso login), or get new temporary credentials.');
  // Creating a function also takes the right to pass its role on: the message knows which one is missing.
  const missing = /not authorized to perform:? ([\w-]+:\w+)/i.exec(said)?.[1] ?? right;
  if (/^(AccessDenied|NotAuthorized|Unknown|\d)/.test(code) && status !== 401)
    return phrase('They need the right {right}.', { right: missing });
  if (code === 'OptInRequired')
    return phrase('The account has to be signed up for the service and the region.');
  return phrase('Check the access key, its secret, and the clock of this machine.');
}

function sentence(text: string): string {
  const shown = text.trim().slice(0, 2000);
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}
