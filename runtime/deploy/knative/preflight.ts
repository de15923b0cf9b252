import type { PreflightFinding } from '../../model/deploy.ts';
import { told } from '../../model/errors.ts';
import type { ImageFacts } from '../images/itemImages.ts';
import type { DeployItem } from '../target.ts';
import { followsLatest } from './traffic.ts';
import type { KnativeService } from './objects.ts';
import { isReachedByApi, privateService } from './verify.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Names of services are labels of host names (RFC 1035), and revisions have five digits and a hyphen more. */
const nameRule = /^[a-z]([a-z0-9-]{0,55}[a-z0-9])?$/;
/** Names of variables (Kubernetes, `IsEnvVarName`). */
const variableRule = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

export interface PreflightFacts extends ImageFacts {
  remoteName: string;
  service: KnativeService | undefined;
}

/** What Knative, the registry or the cluster would object to, and what somebody should know before it is done. */
export function preflight(item: DeployItem, facts: PreflightFacts): PreflightFinding[] {
  const { definition, environment } = item;
  const { remoteName, destination, service, imageProblem, pushProblem, baseProblem } = facts;
  const { file, line } = definition.declaredAt;
  const findings: PreflightFinding[] = [];
  const find = (severity: PreflightFinding['severity'], detail: string | Phrase): void => {
    const objection = told('TARGET_OBJECTS', { function: definition.name, detail });
    findings.push({ severity, ...objection, file, line });
  };
  if (!nameRule.test(remoteName)) {
    find(
      'error',
      phrase(
        'Knative does not take "{remoteName}" as a name: up to 57 lower-case letters, digits and -, beginning with a letter.',
        { remoteName },
      ),
    );
  }
  if (!destination) {
    find(
      'error',
      phrase('nothing says where its image goes. Set registry: of the target, e.g. ghcr.io/team.'),
    );
  }
  for (const problem of [imageProblem, baseProblem, pushProblem])
    if (problem !== undefined) find('error', problem);
  for (const name of Object.keys(environment)) {
    if (!variableRule.test(name))
      find('error', phrase('Kubernetes takes no variable called "{name}".', { name }));
  }
  const { concurrency, maxInstances, minInstances, model } = definition.process;
  if (concurrency > 1000)
    find('error', phrase("{concurrency} requests at a time are more than Knative's 1000.", { concurrency }));
  if (minInstances > maxInstances)
    find(
      'error',
      phrase('it is to have at least {minInstances} instances, but at most {maxInstances}.', {
        minInstances,
        maxInstances,
      }),
    );
  if (model === 'ephemeral') {
    find(
      'warning',
      phrase(
        'Knative ends no instance after its request: one gets one at a time, and is freed soon after the last. State of its code may last.',
      ),
    );
  }
  if (!service && !isReachedByApi(privateService(`${remoteName}-00001`))) {
    find(
      'warning',
      phrase(
        'its name is too long for the cluster to pass a call on by it: its first version gets calls before it has answered.',
      ),
    );
  }
  if (service && followsLatest(service)) {
    find(
      'warning',
      phrase(
        '{remoteName} sends its calls to whatever revision is the latest; from now on they go to the one that was deployed and verified.',
        { remoteName },
      ),
    );
  }
  for (const trigger of definition.triggers) {
    if (trigger.kind === 'http') continue;
    find(
      'warning',
      phrase('its trigger {name} ({kind}) is not set up by this target.', {
        name: trigger.name,
        kind: trigger.kind,
      }),
    );
  }
  return findings;
}
