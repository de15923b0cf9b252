import { readFileSync } from 'node:fs';
import { PorchlightError } from '../../model/errors.ts';
import { isLoopbackName } from '../../support/httpExchange.ts';
import type { Images } from '../images/images.ts';
import { openImages } from '../images/index.ts';
import type { DeployTarget } from '../target.ts';
import type { TargetContext } from '../targetContext.ts';
import { readCredentials, type CredentialPlaces } from './credentials.ts';
import { GatewayApi } from './gatewayApi.ts';
import { OpenFaasTarget } from './openFaasTarget.ts';
import { readSettings, type OpenFaasSettings } from './settings.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Where `faas-cli` looks when nobody says otherwise. */
const usualGateway = 'http://127.0.0.1:8080';

/** Opens a target of type `openfaas` with what `targets.<name>` states. Nothing is asked of the gateway yet. */
export async function openOpenFaas(
  name: string,
  stated: Record<string, unknown>,
  context: TargetContext,
  { places, images, pollMs }: { places?: CredentialPlaces; images?: Images; pollMs?: number } = {},
): Promise<DeployTarget> {
  const settings = readSettings(name, stated);
  const env = places?.env ?? process.env;
  const named = settings.gateway ?? (await statedGateway(name, context)) ?? env['OPENFAAS_URL']?.trim();
  const gateway = addressOf(name, named || usualGateway, settings);
  const credentials = readCredentials(gateway, places);
  const api = new GatewayApi({ gateway, credentials, ca: authority(name, settings), pollMs });
  return new OpenFaasTarget({
    name,
    api,
    images: images ?? openImages({ mirror: settings.mirror }),
    settings,
    context,
  });
}

/** The gateway that the project's stack files name. */
async function statedGateway(target: string, context: TargetContext): Promise<string | undefined> {
  const functions = (await context.functions()).filter(({ platform }) => platform === 'openfaas');
  const gateways = [...new Set(functions.flatMap(({ container }) => container?.gateway ?? []))];
  if (gateways.length <= 1) return gateways[0];
  const detail = phrase('its functions name several gateways ({gateways}): name one as gateway:.', {
    gateways: gateways.join(', '),
  });
  throw new PorchlightError('TARGET_SETTING', { target, detail });
}

/** Refuses what would give the password away. */
function addressOf(target: string, text: string, { insecure }: OpenFaasSettings): string {
  const refuse = (detail: string | Phrase): never => {
    throw new PorchlightError('TARGET_SETTING', { target, detail });
  };
  const address = /^https?:/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!address) return refuse(phrase('the address of its gateway has to begin with http:// or https://.'));
  const { protocol, hostname, origin, pathname, username, password } = address;
  if (username !== '' || password !== '') {
    return refuse(phrase('the address of its gateway holds a name or password. Use faas-cli login instead.'));
  }
  if (protocol === 'http:' && !isLoopbackName(hostname) && !insecure) {
    return refuse(
      phrase(
        'the password would go to {origin} without encryption. Use https:, or say insecure: true where the network is your own.',
        { origin },
      ),
    );
  }
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function authority(target: string, { ca }: OpenFaasSettings): string | undefined {
  if (ca === undefined) return undefined;
  try {
    return readFileSync(ca, 'utf8');
  } catch (error) {
    const detail = phrase('ca: {ca} cannot be read ({code}).', {
      ca,
      code: (error as NodeJS.ErrnoException).code ?? 'unreadable',
    });
    throw new PorchlightError('TARGET_SETTING', { target, detail });
  }
}
