import type { LambdaApi } from './lambdaApi.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Why functions cannot have this role. Nothing where the caller may not look: then Lambda will say. */
export async function roleObjection(api: LambdaApi, arn: string): Promise<Phrase | undefined> {
  const name = arn.split('/').pop()!;
  try {
    const iam = new api.sdk.IAMClient(api.clientSettings());
    const { Role } = await iam.send(new api.sdk.GetRoleCommand({ RoleName: name }));
    const policy = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    if (policy === '' || /lambda\.amazonaws\.com|"\*"/.test(policy)) return undefined;
    return phrase(
      'Lambda may not assume the role {arn}: its trust policy does not name lambda.amazonaws.com.',
      { arn },
    );
  } catch (error) {
    const code = error instanceof Error ? error.name : '';
    if (code === 'NoSuchEntityException' || code === 'NoSuchEntity')
      return phrase('there is no role {arn}.', { arn });
    if (/^AccessDenied/.test(code)) return undefined;
    throw api.refusal('GetRole', error, 'iam');
  }
}
