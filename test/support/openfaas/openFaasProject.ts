import type { Images } from '../../../runtime/deploy/images/images.ts';
import { openOpenFaas } from '../../../runtime/deploy/openfaas/index.ts';
import type { CredentialPlaces } from '../../../runtime/deploy/openfaas/credentials.ts';
import type { DeployTarget } from '../../../runtime/deploy/target.ts';
import type { TargetContext } from '../../../runtime/deploy/targetContext.ts';
import type { ContainerSettings } from '../../../runtime/model/containerSettings.ts';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { DeployProject, sampleOf } from '../deployProject.ts';
import { functionDefinition } from '../functionDefinition.ts';
import { FakeImages } from './fakeImages.ts';

/** Values that nobody may be told. */
export const secrets = { variable: 'planted-secret-in-env', password: 'planted-password' };
/** As `faas-cli login` keeps it. */
export const token = Buffer.from(`admin:${secrets.password}`).toString('base64');

/** A project of one function of OpenFaaS, and what is deployed of it. */
export class OpenFaasProject extends DeployProject {
  readonly images = new FakeImages();
  /** Used in place of the list of names. */
  registry: Images | undefined;
  container: Partial<ContainerSettings> = {};
  places: CredentialPlaces;
  readonly #gateway: string;
  override event = sampleOf(
    JSON.stringify({
      httpRequest: {
        ...{ method: 'GET', url: '/', headers: [['Accept', '*/*']] },
        ...{ body: '', isBase64Encoded: false },
      },
    }),
  );

  constructor(gateway: string, name: string) {
    super(name, { API_TOKEN: secrets.variable });
    this.#gateway = gateway;
    this.places = {
      env: {},
      home: '/home/me',
      read: (path) =>
        path === '/home/me/.openfaas/config.yml'
          ? `auths:\n- gateway: ${gateway}\n  auth: basic\n  token: ${token}\n  options: []\n`
          : undefined,
    };
  }

  protected override definition(): FunctionDefinition {
    return {
      ...functionDefinition('/p', { name: this.name, platform: 'openfaas', region: '', accountId: '' }),
      runtime: 'node20',
      memoryMB: 2048,
      timeoutMs: 10_000,
      image: 'ghcr.io/me/hello:latest',
      container: {
        gateway: this.#gateway,
        ...{ labels: {}, annotations: {}, secrets: [], constraints: [] },
        ...this.container,
      },
      ...this.changes,
    };
  }

  protected override open(context: TargetContext): Promise<DeployTarget> {
    return openOpenFaas('prod', this.settings, context, {
      places: this.places,
      images: this.registry ?? this.images,
      pollMs: 1,
    });
  }
}
