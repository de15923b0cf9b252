import type { PreflightFinding } from '../../model/deploy.ts';
import { told } from '../../model/errors.ts';
import { cpuObjection } from '../../model/functionComputeCpu.ts';
import { nameRule } from '../../model/functionNames.ts';
import type { DeployItem } from '../target.ts';
import type { DesiredCallers, RemoteCallers } from './callers.ts';
import { isMarked } from './ownTriggers.ts';
import { provisionedThere } from './provision.ts';
import { concurrencyOf } from './remoteFunction.ts';
import type { FcSettings } from './settings.ts';
import { remoteTriggerText } from './triggerTexts.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** A request takes 100 MB, in which the ZIP file stands as base64; some is left for the rest of it. */
export const largestZip = Math.floor((100_000_000 - 100_000) / 4) * 3;
/** What Function Compute takes at all (FC documentation "Quotas and limits", size of a code package). */
const largestPackage = 500_000_000;
/** Of an instance (API field `instanceConcurrency`). */
const mostConcurrency = 200;
const rule = nameRule('aliyun-fc')!;

export interface PreflightFacts {
  settings: FcSettings;
  remoteName: string;
  zippedBytes: number;
  /** It is there, but was not deployed through this alias. */
  adopted: boolean;
  /** Largest package that goes with a request. */
  directBytes: number;
  desired: DesiredCallers;
  callers: RemoteCallers;
}

/** What Function Compute alone would object to, and what somebody should know before it is done. */
export function preflight(item: DeployItem, facts: PreflightFacts): PreflightFinding[] {
  const { definition } = item;
  const { settings, remoteName, zippedBytes } = facts;
  const { alias } = settings;
  const { file, line } = definition.declaredAt;
  const findings: PreflightFinding[] = [];
  const find = (
    severity: PreflightFinding['severity'],
    detail: string | Phrase,
    at = { file, line },
  ): void => {
    const objection = told('TARGET_OBJECTS', { function: definition.name, detail });
    findings.push({ severity, ...objection, file: at.file, line: at.line });
  };
  if (!rule.pattern.test(remoteName))
    find(
      'error',
      phrase('Function Compute does not take "{name}" as a name: {rule}.', {
        name: remoteName,
        rule: rule.text,
      }),
    );
  const example = item.archive.start.program === undefined ? 'nodejs20' : 'custom.debian12';
  if (definition.runtime === undefined)
    find(
      'error',
      phrase('Function Compute has to know what runs it. Set runtime:, e.g. {example}.', { example }),
    );
  const size = (zippedBytes / 1_000_000).toFixed(1);
  if (zippedBytes > largestPackage) {
    find(
      'error',
      phrase(
        'its package has {size} MB; Function Compute takes {most} MB. Leave out what it does not need, or put packages into layers:.',
        { size, most: largestPackage / 1_000_000 },
      ),
    );
  } else if (zippedBytes > facts.directBytes && settings.bucket === undefined) {
    find(
      'error',
      phrase(
        'its package has {size} MB; Function Compute takes {most} MB in a request. Name a bucket: of OSS for the target, in its region, or leave out what it does not need.',
        { size, most: Math.floor(facts.directBytes / 1_000_000) },
      ),
    );
  }
  const { temporaryMB = 512 } = definition;
  if (temporaryMB !== 512 && temporaryMB !== 10_240)
    find(
      'error',
      phrase('its temporary folder is to have {temporaryMB} MB; Function Compute takes 512 or 10240.', {
        temporaryMB,
      }),
    );
  const concurrency = concurrencyOf(definition) ?? 1;
  if (concurrency > mostConcurrency)
    find(
      'error',
      phrase(
        'its instances are to get {concurrency} invocations at a time; Function Compute hands them {most} at most.',
        { concurrency, most: mostConcurrency },
      ),
    );
  const { cpu } = settings;
  const objection = cpu === undefined ? undefined : cpuObjection(cpu, definition.memoryMB);
  if (objection)
    find('error', phrase('{objection}. Change cpu: of the target, or its memory.', { objection }));
  if (facts.adopted) {
    find(
      'warning',
      phrase(
        '{remoteName} exists without the alias "{alias}". Its unpublished code is replaced, and whoever calls it without the alias gets the new one.',
        { remoteName, alias },
      ),
    );
  }
  if (settings.endpoint !== undefined && isOpenToListeners(settings.endpoint))
    find('warning', phrase('its code and variables go to the endpoint without encryption. Use https:.'));
  for (const { name, why, at } of facts.desired.left)
    find('warning', phrase('its trigger {name} {why}', { name, why }), at);
  for (const { domain, protocol } of facts.desired.routes) {
    if (protocol.includes('HTTPS') && facts.callers.domains.get(domain) === undefined)
      find(
        'warning',
        phrase(
          'its domain {domain} needs a certificate for {protocol}, which is not set up. Make the domain with its certificate first.',
          { domain, protocol },
        ),
      );
  }
  const kept = provisionedThere(facts.callers.provision);
  if (kept > 0 && facts.desired.provision === undefined)
    find(
      'warning',
      phrase('{kept} instances are kept for it there, which the project does not state; they stay.', {
        kept,
      }),
    );
  const wanted = facts.desired.triggers;
  if (wanted.some(({ config }) => config['authType'] === 'anonymous'))
    find(
      'warning',
      phrase('its URL is open to everybody ({setting}).', {
        setting: settings.url === 'public' ? 'url: public' : 'authType: anonymous',
      }),
    );
  for (const there of facts.callers.triggers) {
    const { triggerName, qualifier = 'LATEST' } = there;
    const takenOver = wanted.some(({ name }) => name === triggerName);
    if (takenOver && qualifier !== alias)
      find(
        'warning',
        phrase('its trigger {triggerName} calls {qualifier} there; it is moved to the alias "{alias}".', {
          triggerName,
          qualifier,
          alias,
        }),
      );
    // What a deploy made stands in the plan as something that goes, unless it cannot be read at the moment.
    if (!takenOver && !isMarked(there) && remoteTriggerText(there, alias) !== undefined)
      find(
        'warning',
        phrase('its trigger {triggerName} there is not in the project; it stays.', { triggerName }),
      );
  }
  return findings;
}

/** Whether what is sent there crosses a network in clear text. */
function isOpenToListeners(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
