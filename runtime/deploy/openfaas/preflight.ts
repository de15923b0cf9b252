import type { PreflightFinding } from '../../model/deploy.ts';
import { told } from '../../model/errors.ts';
import { isProgram } from '../../model/program.ts';
import { isLoopbackName } from '../../support/httpExchange.ts';
import type { ImageFacts } from '../images/itemImages.ts';
import { usualPort } from '../images/programImage.ts';
import type { DeployItem } from '../target.ts';
import { healthPathOf, usualHealthPath } from './deployment.ts';
import { hasImage } from './image.ts';
import { trialName } from './trial.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Functions are services of Kubernetes (openfaas/faas-netes, `validateService`); the trial's name is longer. */
const nameRule = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const longestName = 63;

export interface PreflightFacts extends ImageFacts {
  gateway: string;
  remoteName: string;
  namespace: string | undefined;
  /** It is there, but was not deployed from here. */
  adopted: boolean;
  /** A function has the name that a trial would have, and is none. */
  trialTaken: boolean;
  /** Undefined where the gateway does not tell them. */
  secrets: string[] | undefined;
  namespaces: string[] | undefined;
}

/** What OpenFaaS alone would object to, and what somebody should know before it is done. */
export function preflight(item: DeployItem, facts: PreflightFacts): PreflightFinding[] {
  const { definition } = item;
  const { remoteName, namespace, gateway } = facts;
  const { file, line } = definition.declaredAt;
  const findings: PreflightFinding[] = [];
  const find = (severity: PreflightFinding['severity'], detail: string | Phrase): void => {
    const objection = told('TARGET_OBJECTS', { function: definition.name, detail });
    findings.push({ severity, ...objection, file, line });
  };
  const trial = trialName(remoteName);
  if (!nameRule.test(remoteName) || trial.length > longestName) {
    const most = longestName - trial.length + remoteName.length;
    find(
      'error',
      phrase('OpenFaaS does not take "{name}" as a name: at most {most} lower-case letters, digits and -.', {
        name: remoteName,
        most,
      }),
    );
  }
  if (!hasImage(definition)) {
    const made = phrase('Node.js and Python functions and of programs that are web servers');
    find('error', phrase('images are made of {made} only. Use faas-cli for it.', { made }));
  }
  if (facts.imageProblem !== undefined) find('error', facts.imageProblem);
  const { port } = definition.program ?? {};
  if (isProgram(definition) && facts.imageProblem === undefined) {
    // Gateways know no other port.
    if (port !== undefined && port !== usualPort)
      find(
        'error',
        phrase(
          'OpenFaaS calls functions at port {usualPort}, and its server listens on {port}. Let it listen on the port of PORT, or on {usualPort}.',
          { usualPort, port },
        ),
      );
    if (healthPathOf(definition) === undefined)
      find(
        'warning',
        phrase(
          'OpenFaaS asks GET {usualHealthPath} whether it is ready: state another path of its server as healthPath:, if it does not answer that one.',
          { usualHealthPath },
        ),
      );
  }
  if (!facts.destination) {
    find(
      'error',
      phrase('it is not said where its image goes. Name registry: of the target, or image: in stack.yaml.'),
    );
  }
  for (const problem of [facts.baseProblem, facts.pushProblem])
    if (problem !== undefined) find('error', problem);
  if (facts.trialTaken) {
    find(
      'error',
      phrase(
        'a new version is tried as {trial} before it serves, and another function has that name. Rename one of them.',
        { trial },
      ),
    );
  }
  if (facts.adopted) {
    find(
      'warning',
      phrase(
        '{remoteName} is there, and was not deployed from here. It is replaced; what serves now is kept as version 0.',
        { remoteName },
      ),
    );
  }
  if (namespace !== undefined && facts.namespaces && !facts.namespaces.includes(namespace)) {
    find(
      'error',
      phrase('there is no namespace "{namespace}". Known: {known}.', {
        namespace,
        known: facts.namespaces.join(', ') || phrase('none'),
      }),
    );
  }
  for (const secret of definition.container?.secrets ?? []) {
    if (facts.secrets && !facts.secrets.includes(secret)) {
      const where = namespace === undefined ? '' : ` --namespace ${namespace}`;
      find(
        'error',
        phrase(
          'the secret {secret} is not there. Make it: faas-cli secret create {secret} --gateway {gateway}{where}',
          { secret, gateway, where },
        ),
      );
    }
  }
  const { protocol, hostname } = new URL(gateway);
  if (protocol === 'http:' && !isLoopbackName(hostname)) {
    find(
      'warning',
      phrase('its variables and the password go to the gateway without encryption (insecure: true).'),
    );
  }
  for (const trigger of definition.triggers) {
    if (trigger.kind !== 'http')
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
