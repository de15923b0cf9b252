import type { HttpTrigger } from '../../model/functionDefinition.ts';
import { phrase } from '../../support/l10n.ts';
import type { DesiredTrigger, Made } from './desiredTriggers.ts';
import type { FcSettings } from './settings.ts';

const httpMethods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
const authTypes = ['anonymous', 'function', 'jwt'];

/**
 * The HTTP trigger: who may call by what the target says, or else the trigger; everything else as it is stated. It is
 * open to everybody only where somebody said so.
 */
export function desiredHttp(
  { methods, auth, registration }: HttpTrigger,
  { url }: FcSettings,
  others: readonly DesiredTrigger[],
): Made {
  if (url === 'none') return undefined;
  if (others.some(({ type }) => type === 'http'))
    return phrase('(http) is not set up: a function has one HTTP trigger, whose address takes every path.');
  const { authType, authConfig, methods: _methods, ...stated } = registration?.config ?? {};
  const type = url === 'public' ? 'anonymous' : (url ?? textIn(authType) ?? 'function');
  if (auth?.kind === 'token' && url !== 'public' && authConfig === undefined)
    return phrase(
      '(http) is not set up: its callers bring tokens ({stated}), whose check is said in the cloud. What is there stays. State authConfig to have it set up.',
      { stated: auth.stated },
    );
  if (!authTypes.includes(type))
    return phrase('(http) is not set up: Function Compute takes {known} as authType.', {
      known: authTypes.join(', '),
    });
  const known = methods.filter((method) => httpMethods.includes(method));
  if (known.length === 0 && methods.length > 0)
    return phrase('(http) is not set up: Function Compute takes {known}.', { known: httpMethods.join(', ') });
  const config = {
    authType: type,
    methods: known.length > 0 ? known : httpMethods,
    ...stated,
    // JSON in a text within the JSON (SDK model HTTPTriggerConfig).
    ...(type === 'jwt' && {
      authConfig: typeof authConfig === 'string' ? authConfig : JSON.stringify(authConfig),
    }),
  };
  return {
    type: 'http',
    config,
    ...(stated['disableURLInternet'] === undefined && { initial: { disableURLInternet: false } }),
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
