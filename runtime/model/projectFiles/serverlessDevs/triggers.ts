import type { HttpTrigger, OtherTrigger, TriggerDefinition } from '../../functionDefinition.ts';
import type { ProblemList } from '../problemList.ts';
import { fcAuth, withAuth } from '../readHttpAuth.ts';
import { getIn, textOf, toPlain, type Tree } from '../tree.ts';
import { otherTrigger } from '../triggerConfig.ts';
import { readRegistration } from './registration.ts';
import { phrase } from '../../../support/l10n.ts';

const kinds: Record<string, OtherTrigger['kind']> = {
  timer: 'timer',
  oss: 'storage',
  mns_topic: 'queue',
  log: 'event',
  cdn_events: 'event',
  tablestore: 'event',
  eventbridge: 'event',
};

/** Shape of HTTP triggers of Function Compute 2.0: the handler gets request and response, or a WSGI environment. */
const fc2Shape = 'fc2';

/**
 * Triggers of a function. In the cloud an HTTP trigger has a domain of its own and gets every path below it:
 * on the gateway `/<function name>` stands for that domain. A custom domain's route is added as it stands. Triggers of
 * 2.0 are also reached by the path that they have below the cloud's own domain, which their functions know.
 */
export function readTriggers(
  props: Tree,
  {
    name: functionName,
    service,
    takesRequests,
  }: { name: string; service: string | undefined; takesRequests: boolean },
  problems: ProblemList,
): TriggerDefinition[] {
  const triggers: TriggerDefinition[] = [];
  const list = getIn(props, 'triggers');
  for (const item of list?.kind === 'list' ? list.items : []) {
    const type = textOf(getIn(item, 'triggerType'));
    const name = textOf(getIn(item, 'triggerName')) ?? type ?? 'trigger';
    const config = getIn(item, 'triggerConfig');
    if (type === 'http') {
      const shape = takesRequests ? fc2Shape : 'fc3';
      const methods = methodsOf(config);
      const more = { ...withAuth(fcAuth(config)), ...readRegistration(item, problems) };
      const mounted = (mount: string) =>
        void triggers.push({ kind: 'http', name, path: `${mount}/*`, mount, methods, shape, ...more });
      mounted(`/${encodeURIComponent(functionName)}`);
      if (service !== undefined) mounted(proxyPath(service, functionName));
    } else if (type !== undefined && Object.hasOwn(kinds, type)) {
      const kind = type === 'eventbridge' && isMessageService(config) ? 'queue' : kinds[type]!;
      const trigger = {
        ...otherTrigger(kind, name, { type, config, at: item.range }, problems),
        ...readRegistration(item, problems),
      };
      const source = getIn(item, 'sourceArn');
      triggers.push(
        type === 'mns_topic'
          ? withTopic(trigger, source, problems)
          : type === 'oss'
            ? withBucket(trigger, source, getIn(item, 'invocationRole'))
            : trigger,
      );
    } else {
      const detail = phrase('expected triggerType to be one of http, {known}.', {
        known: Object.keys(kinds).join(', '),
      });
      const at = getIn(item, 'triggerType') ?? item;
      problems.add('warning', 'SETTING_INVALID', { path: `${functionName}.triggers`, detail }, at.range, {
        function: functionName,
      });
    }
  }
  return [...triggers, ...readRoute(getIn(props, 'customDomain'))];
}

/** Whether EventBridge brings messages of a service that is stood in for here. */
function isMessageService(config: Tree | undefined): boolean {
  const type = textOf(getIn(config, 'eventSourceConfig', 'eventSourceType'));
  return type === 'MNS' || type === 'RocketMQ';
}

/** The topic of a subscription stands beside its settings: `acs:mns:<region>:<account>:/topics/<name>`. */
function withTopic(trigger: OtherTrigger, arn: Tree | undefined, problems: ProblemList): OtherTrigger {
  if (!arn) return trigger;
  const configAt = { ...trigger.configAt, sourceArn: problems.positionOf(arn.range.start) };
  if (arn.kind === 'unresolved') {
    return { ...trigger, configAt, unresolved: { ...trigger.unresolved, sourceArn: arn.expression } };
  }
  const topic = textOf(arn)?.split('/').at(-1);
  return { ...trigger, configAt, config: { ...trigger.config, ...(topic && { topic }) } };
}

/** Where a trigger of 2.0 lies below the domain of its account. */
function proxyPath(service: string, functionName: string): string {
  return `/2016-08-15/proxy/${encodeURIComponent(service)}/${encodeURIComponent(functionName)}`;
}

/** A route of a custom domain of 2.0. */
export function routeTrigger(path: string, route: Tree | undefined): HttpTrigger {
  return { kind: 'http', name: 'customDomain', path, methods: methodsOf(route), shape: fc2Shape };
}

/** The bucket stands beside a trigger's settings (`acs:oss:<region>:<account>:<bucket>`), as does the role by which OSS calls. */
function withBucket(trigger: OtherTrigger, arn: Tree | undefined, role: Tree | undefined): OtherTrigger {
  const bucket = arn?.kind === 'unresolved' ? undefined : textOf(arn)?.split(':').at(-1);
  const invocationRole = role?.kind === 'unresolved' ? undefined : textOf(role);
  const config = {
    ...(bucket && trigger.config['bucketName'] === undefined && { bucketName: bucket }),
    ...(invocationRole && { invocationRole }),
  };
  return { ...trigger, config: { ...trigger.config, ...config } };
}

function readRoute(given: Tree | undefined): TriggerDefinition[] {
  const route = getIn(given, 'route');
  const path = textOf(getIn(route, 'path'));
  if (!path?.startsWith('/')) return [];
  const name = textOf(getIn(given, 'domainName'));
  const protocol = textOf(getIn(given, 'protocol'));
  const rewrite = getIn(route, 'rewriteConfig');
  const domain = name !== undefined && {
    name,
    ...(protocol !== undefined && { protocol }),
    ...(rewrite !== undefined && { rewrite: toPlain(rewrite) }),
  };
  const methods = methodsOf(route);
  return [{ kind: 'http', name: 'customDomain', path, methods, shape: 'fc3', ...(domain && { domain }) }];
}

function methodsOf(config: Tree | undefined): string[] {
  const methods = getIn(config, 'methods');
  const names = methods?.kind === 'list' ? methods.items.map((item) => textOf(item)?.toUpperCase()) : [];
  return names.filter((name): name is string => name !== undefined && /^[A-Z]{1,20}$/.test(name));
}
