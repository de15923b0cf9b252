import type { PreflightFinding } from '../../model/deploy.ts';
import { told } from '../../model/errors.ts';
import { nameRule } from '../../model/functionNames.ts';
import { programOf } from '../../model/program.ts';
import type { DeployItem } from '../target.ts';
import { desiredUrl } from './functionUrl.ts';
import { handlerText } from './remoteFunction.ts';
import type { AwsSettings } from './settings.ts';
import type { DesiredTriggers } from './triggers/desiredTriggers.ts';
import { callerFindings } from './triggers/callers/findCallers.ts';
import { foreignSources, type RemoteTriggers } from './triggers/remoteTriggers.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Larger ZIP files go through S3 (developer guide, "Lambda quotas"). */
export const directUploadBytes = 50 * 1024 * 1024;
const unzippedBytes = 250 * 1024 * 1024;
const rule = nameRule('aws-lambda')!;

export interface PreflightFacts {
  /** Why functions cannot have the role of the target. */
  roleObjection(): Promise<Phrase | undefined>;
  settings: AwsSettings;
  remoteName: string;
  zippedBytes: number;
  /** Largest package that goes with a request. */
  directBytes: number;
  /** A function of that name is there. */
  exists: boolean;
  /** It is there, but was not deployed through this alias. */
  adopted: boolean;
  desired: DesiredTriggers;
  triggers: RemoteTriggers;
  /** Of what is there. */
  packageType: string | undefined;
  hasUrl: boolean;
}

/** What Lambda alone would object to, and what somebody should know before it is done. */
export async function preflight(item: DeployItem, facts: PreflightFacts): Promise<PreflightFinding[]> {
  const { definition, archive } = item;
  const { settings, remoteName, zippedBytes, exists, adopted } = facts;
  const { file, line } = definition.declaredAt;
  const findings: PreflightFinding[] = [];
  const find = (severity: PreflightFinding['severity'], detail: string | Phrase): void => {
    const objection = told('TARGET_OBJECTS', { function: definition.name, detail });
    findings.push({ severity, ...objection, file, line });
  };
  if (!rule.pattern.test(remoteName)) {
    find(
      'error',
      phrase('Lambda does not take "{name}" as a name: {rule}.', { name: remoteName, rule: rule.text }),
    );
  }
  if (definition.runtime === undefined) {
    const example = archive.start.program === undefined ? 'nodejs22.x' : 'provided.al2023';
    find('error', phrase('Lambda has to know what runs it. Set runtime:, e.g. {example}.', { example }));
  }
  const { program, entry } = archive.start;
  if (program !== undefined && (program === 'named' || entry !== 'bootstrap')) {
    find(
      'error',
      phrase(
        'Lambda starts a file "bootstrap" at the root of the package, and its command is {command}. Let build: name the program $ARTIFACTS_DIR/bootstrap, or put a script of that name beside it.',
        { command: programOf(definition).command.join(' ') },
      ),
    );
  }
  if (program !== undefined && programOf(definition).protocol !== 'runtime-api')
    find(
      'error',
      phrase(
        'on Lambda a program asks the runtime API for its events; it cannot be a server that waits for them.',
      ),
    );
  for (const text of outOfBounds(item)) find('error', text);
  if (zippedBytes > facts.directBytes && settings.bucket === undefined) {
    find(
      'error',
      phrase('its package has {size} MB; above 50 MB it goes through S3. Name a bucket: for the target.', {
        size: megabytes(zippedBytes),
      }),
    );
  }
  if (archive.bytes > unzippedBytes) {
    find(
      'error',
      phrase('its package has {size} MB unpacked; Lambda takes 250 MB, layers included.', {
        size: megabytes(archive.bytes),
      }),
    );
  }
  if (!exists && settings.role === undefined) {
    find('error', phrase('a new function needs a role. Name the ARN of one as role: of the target.'));
  }
  if (adopted) {
    find(
      'warning',
      phrase(
        '{remoteName} exists without the alias "{alias}". Its unpublished code is replaced, and whoever calls it without the alias gets the new one.',
        { remoteName, alias: settings.alias },
      ),
    );
  }
  if (facts.packageType === 'Image')
    find(
      'error',
      phrase(
        '{remoteName} is made of an image there, which a package cannot replace. Remove it, or set prefix: of the target.',
        { remoteName },
      ),
    );
  const url = desiredUrl(definition, settings);
  if (url?.AuthType === 'NONE')
    find('warning', phrase('its URL is open to everybody ({setting}).', { setting: 'url: public' }));
  if (!url && facts.hasUrl)
    find('warning', phrase('it has a URL there, which the project does not state; it stays.'));
  for (const trigger of definition.triggers) {
    if (trigger.kind !== 'http' || trigger.shape !== 'rest-api') continue;
    find(
      'warning',
      phrase(
        'its trigger {name} is of a REST API, which is not set up; a function URL sends events of the other format (2.0).',
        { name: trigger.name },
      ),
    );
  }
  for (const { name, why } of facts.desired.left)
    find('warning', phrase('its trigger {name} {why}', { name, why }));
  for (const detail of callerFindings(facts.triggers.callers, facts.desired.callers)) find('warning', detail);
  for (const { id } of foreignSources(facts.triggers, facts.desired))
    find(
      'warning',
      phrase('{id} calls it there as well, which the project does not state; it stays.', { id }),
    );
  if (settings.role !== undefined) {
    const objection = await facts.roleObjection();
    if (objection) find('error', objection);
  }
  return findings;
}

/** What is stated beyond its bounds (API reference `CreateFunction`). */
function outOfBounds({ definition, archive }: DeployItem): Phrase[] {
  const { temporaryMB = 512, description = '' } = definition;
  const handler = handlerText(definition, archive.start);
  return [
    ...(temporaryMB < 512 || temporaryMB > 10_240
      ? [
          phrase('its temporary folder is to have {temporaryMB} MB; Lambda takes 512 to 10240.', {
            temporaryMB,
          }),
        ]
      : []),
    ...(description.length > 256
      ? [phrase('its description has {length} characters; Lambda takes 256.', { length: description.length })]
      : []),
    ...(handler.length > 128
      ? [phrase('its handler has {length} characters; Lambda takes 128.', { length: handler.length })]
      : []),
    ...(/\s/.test(handler) ? [phrase('its handler has blanks, which Lambda does not take.')] : []),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
