import { openAliyunFc } from '../../../runtime/deploy/aliyun-fc/index.ts';
import type { CredentialPlaces } from '../../../runtime/deploy/aliyun-fc/credentials/credentials.ts';
import type { DeployTarget } from '../../../runtime/deploy/target.ts';
import type { TargetContext } from '../../../runtime/deploy/targetContext.ts';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import type { ArchiveStart } from '../../../runtime/packaging/archive.ts';
import { DeployProject } from '../deployProject.ts';
import { functionDefinition } from '../functionDefinition.ts';

/** Values that nobody may be told. */
export const secrets = {
  variable: 'planted-secret-in-env',
  key: 'planted-secret-access-key',
  token: 'planted-security-token',
};

/** A project of one function of Function Compute, and what is deployed of it. */
export class FcProject extends DeployProject {
  places: CredentialPlaces = {
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIexample',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: secrets.key,
      ALIBABA_CLOUD_SECURITY_TOKEN: secrets.token,
    },
    home: '/nowhere',
    read: () => undefined,
  };
  directBytes: number | undefined;
  readonly #endpoint: string;

  constructor(endpoint: string, name: string) {
    super(name, { API_TOKEN: secrets.variable });
    this.#endpoint = endpoint;
  }

  protected override definition(): FunctionDefinition {
    return {
      ...functionDefinition('/p', { name: this.name, platform: 'aliyun-fc', region: 'cn-hangzhou' }),
      runtime: 'nodejs20',
      memoryMB: 256,
      ...this.changes,
    };
  }

  protected override usualStart(): ArchiveStart {
    const hook = { entry: 'index.js', exportName: 'init', handler: 'index.init' };
    return { ...super.usualStart(), ...(this.changes.initializer && { initializer: hook }) };
  }

  protected override open(context: TargetContext): Promise<DeployTarget> {
    const settings = { endpoint: this.#endpoint, ...this.settings };
    const { places, directBytes } = this;
    return openAliyunFc('prod', settings, context, {
      ...{ places, pollMs: 1 },
      ...(directBytes !== undefined && { directBytes }),
    });
  }
}
