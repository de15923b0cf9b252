import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { GatewayRequest, GatewayResponse, Platform } from '../../model/platform.ts';
import { headerObject, headerText } from '../../support/httpHeaders.ts';
import { answer } from '../httpAnswer.ts';

type Asked = Pick<GatewayRequest, 'rawHeaders' | 'url'>;

/** Key of a signature's maker: in the header, or in the query of a presigned address (Signature Version 4). */
function signer({ rawHeaders, url }: Asked): string | undefined {
  const header = headerText(headerObject(rawHeaders), 'authorization') ?? '';
  const inHeader = /^AWS4-[A-Z0-9-]+\s+Credential=([^/\s,]+)\//.exec(header)?.[1];
  if (inHeader !== undefined) return inHeader;
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  return query.has('X-Amz-Signature') ? query.get('X-Amz-Credential')?.split('/')[0] : undefined;
}

function tokenOf({ rawHeaders, url }: Asked, { auth }: HttpTrigger): string | undefined {
  const from = auth?.from ?? { header: 'authorization' };
  return 'header' in from
    ? headerText(headerObject(rawHeaders), from.header)
    : (new URLSearchParams(url.split('?')[1] ?? '').get(from.query) ?? undefined);
}

/**
 * What the cloud answers to callers that a trigger does not let in (API Gateway guide "Gateway response types", function
 * URLs guide "Access control"). Whether signature, token or key are good only the cloud knows.
 */
export const httpAuth: NonNullable<Platform['httpAuth']> = (request, { kind }, { trigger, requestId }) => {
  const { shape } = trigger;
  const refuse = (status: number, type: string, body: object): GatewayResponse =>
    answer(status, 'application/json', JSON.stringify(body), [
      ['x-amzn-RequestId', requestId],
      ['x-amzn-ErrorType', type],
    ]);
  switch (kind) {
    case 'signature':
      if (signer(request) !== undefined) return undefined;
      if (shape === 'rest-api')
        return refuse(403, 'MissingAuthenticationTokenException', {
          message: 'Missing Authentication Token',
        });
      return shape === 'function-url'
        ? refuse(403, 'AccessDeniedException', { Message: 'Forbidden' })
        : refuse(403, 'ForbiddenException', { message: 'Forbidden' });
    case 'token':
      return tokenOf(request, trigger)
        ? undefined
        : refuse(401, 'UnauthorizedException', { message: 'Unauthorized' });
    case 'apiKey':
      return headerText(headerObject(request.rawHeaders), 'x-api-key')
        ? undefined
        : refuse(403, 'ForbiddenException', { message: 'Forbidden' });
  }
};

/**
 * What events of payload 2.0 say of their caller: whose signature it is, here always the account's own user; claims of a
 * token as they stand in it, unverified.
 */
export function authorizerV2(
  request: Asked,
  trigger: HttpTrigger,
  { accountId }: FunctionDefinition,
): Record<string, unknown> | undefined {
  if (trigger.auth?.kind === 'signature') {
    const accessKey = signer(request);
    if (accessKey === undefined) return undefined;
    const user = { userArn: `arn:aws:iam::${accountId}:root`, userId: accountId };
    const of = { accessKey, accountId, callerId: accountId, cognitoIdentity: null, principalOrgId: null };
    return { iam: { ...of, ...user } };
  }
  const claims = trigger.auth?.kind === 'token' ? claimsOf(tokenOf(request, trigger)) : undefined;
  return claims && { jwt: { claims, scopes: null } };
}

/** The same of payload 1.0: claims, as authorizers of user pools give them. */
export function authorizerV1(request: Asked, trigger: HttpTrigger): Record<string, unknown> {
  const claims = trigger.auth?.kind === 'token' ? claimsOf(tokenOf(request, trigger)) : undefined;
  return claims ? { claims } : {};
}

/** Claims of a JSON Web Token as texts; undefined for any other token. */
function claimsOf(token: string | undefined): Record<string, string> | undefined {
  const [, payload] = /^(?:Bearer\s+)?[\w-]+\.([\w-]+)\.[\w-]*$/i.exec(token?.trim() ?? '') ?? [];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
    return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)]));
  } catch {
    // A token of another kind.
    return undefined;
  }
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(String).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
