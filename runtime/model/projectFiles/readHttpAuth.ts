import type { HttpAuth } from '../httpAuth.ts';
import { entriesOf, getIn, textOf, type Tree } from './tree.ts';

/* Whom HTTP triggers let in, as the clouds' files say it. Nothing: everybody. */

/** The part of a trigger that says so. */
export function withAuth(auth: HttpAuth | undefined): { auth?: HttpAuth } {
  return auth ? { auth } : {};
}

/** `authType` of a trigger of Function Compute, or of a domain's route (`anonymous`, `function`, `jwt`). */
export function fcAuth(config: Tree | undefined): HttpAuth | undefined {
  const type = textOf(getIn(config, 'authType'))?.trim();
  const stated = `authType: ${type}`;
  if (type === 'function') return { kind: 'signature', stated };
  if (type !== 'jwt') return undefined;
  // `header:Authorization,removePrefix:Bearer` or `query:token`, as its documentation has it; a list's first counts here.
  const lookup = textOf(getIn(config, 'authConfig', 'tokenLookup'))?.split(/[,;]/)[0] ?? '';
  const [, place, name] = /^\s*(header|query)\s*:\s*([^\s:]+)/i.exec(lookup) ?? [];
  if (name === undefined) return { kind: 'token', stated };
  const from = place!.toLowerCase() === 'query' ? { query: name } : { header: name.toLowerCase() };
  return { kind: 'token', stated, from };
}

/** `AuthType` of a function URL of Lambda. */
export function urlAuth(type: string | undefined): HttpAuth | undefined {
  return type?.toUpperCase() === 'AWS_IAM' ? { kind: 'signature', stated: `AuthType: ${type}` } : undefined;
}

/** `Auth` of an event of SAM over what its API says (SAM specification "ApiFunctionAuth", "HttpApiFunctionAuth"). */
export function samAuth(event: Tree | undefined, api: Tree | undefined): HttpAuth | undefined {
  const authorizer = textOf(getIn(event, 'Authorizer')) ?? textOf(getIn(api, 'DefaultAuthorizer'));
  if (authorizer !== undefined && authorizer !== 'NONE') {
    const stated = `Authorizer: ${authorizer}`;
    if (authorizer === 'AWS_IAM') return { kind: 'signature', stated };
    return { kind: 'token', stated, ...identityOf(getIn(api, 'Authorizers', authorizer)) };
  }
  const stated = 'ApiKeyRequired: true';
  const required = getIn(event, 'ApiKeyRequired') ?? getIn(api, 'ApiKeyRequired');
  return isTrue(required) ? { kind: 'apiKey', stated } : undefined;
}

/** Where an authorizer of SAM looks for the token. */
function identityOf(authorizer: Tree | undefined): Pick<HttpAuth, 'from'> {
  const identity = getIn(authorizer, 'Identity') ?? getIn(authorizer, 'IdentitySource');
  const header = textOf(getIn(identity, 'Header'));
  if (header !== undefined) return { from: { header: header.toLowerCase() } };
  const [, place, name] = /^\$request\.(header|querystring)\.([\w-]+)/.exec(textOf(identity) ?? '') ?? [];
  if (name === undefined) return {};
  return { from: place === 'header' ? { header: name.toLowerCase() } : { query: name } };
}

/** `authorizer` and `private` of an event of the Serverless Framework. */
export function frameworkAuth(settings: Tree | undefined): HttpAuth | undefined {
  const given = getIn(settings, 'authorizer');
  const named = textOf(given) ?? textOf(getIn(given, 'type')) ?? textOf(getIn(given, 'name'));
  if (given && (named !== undefined || entriesOf(given).length > 0)) {
    const stated = `authorizer: ${named ?? 'of its own'}`;
    if (/^aws_iam$/i.test(named ?? '')) return { kind: 'signature', stated };
    const header = /^method\.request\.header\.([\w-]+)$/.exec(
      textOf(getIn(given, 'identitySource')) ?? '',
    )?.[1];
    return { kind: 'token', stated, ...(header && { from: { header: header.toLowerCase() } }) };
  }
  return isTrue(getIn(settings, 'private')) ? { kind: 'apiKey', stated: 'private: true' } : undefined;
}

const isTrue = (tree: Tree | undefined): boolean => textOf(tree)?.toLowerCase() === 'true';
