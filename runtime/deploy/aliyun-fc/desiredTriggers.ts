import type { FunctionDefinition, HttpTrigger, OtherTrigger } from '../../model/functionDefinition.ts';
import { bucketOf, textOr } from '../../model/storageTrigger.ts';
import type { FcTrigger } from './answers.ts';
import type { FcSettings } from './settings.ts';

/** A trigger as the cloud wants it. */
export interface DesiredTrigger {
  name: string;
  type: string;
  config: Record<string, unknown>;
  sourceArn?: string;
  invocationRole?: string;
}

/** A route of a domain of the project's own that leads to the function. */
export interface DesiredRoute {
  name: string;
  domain: string;
  protocol: string;
  path: string;
  methods: string[];
  rewrite?: unknown;
}

/** Triggers that a deploy sets up, and why it does not set up the others, by their names. */
export interface DesiredTriggers {
  triggers: DesiredTrigger[];
  left: { name: string; why: string }[];
  routes: DesiredRoute[];
}

const httpMethods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
const nameRule = /^[A-Za-z_][\w-]{0,127}$/;

export interface Account {
  region: string;
  accountId: string | undefined;
}

/** Reads a function's triggers as Function Compute has them: one HTTP trigger, timers, OSS triggers. */
export function desiredTriggers(
  { triggers }: Pick<FunctionDefinition, 'triggers'>,
  settings: FcSettings,
  account: Account,
): DesiredTriggers {
  const read: DesiredTriggers = { triggers: [], left: [], routes: [] };
  for (const trigger of triggers) {
    const { name } = trigger;
    if (trigger.kind === 'http' && (trigger.domain || name === 'customDomain')) {
      const route = routeOf(trigger);
      if (typeof route === 'string') read.left.push({ name, why: route });
      else if (settings.url !== 'none') read.routes.push(route);
      continue;
    }
    const made =
      trigger.kind === 'http'
        ? httpTrigger(trigger, settings, read.triggers)
        : trigger.kind === 'timer'
          ? timerTrigger(trigger)
          : trigger.kind === 'storage'
            ? storageTrigger(trigger, settings, account)
            : `(${textOr(trigger.config['type'], trigger.kind)}) is not set up by this target.`;
    if (typeof made === 'string') {
      read.left.push({ name, why: made });
    } else if (!nameRule.test(name)) {
      read.left.push({
        name,
        why: 'is not set up: names have letters, digits, - and _, and begin with a letter.',
      });
    } else if (made) {
      read.triggers.push({ name, ...made });
    }
  }
  return read;
}

function routeOf({ name, path, methods, domain }: HttpTrigger): DesiredRoute | string {
  if (domain === undefined) return `(the custom domain's route ${path}) is not set up: it names no domain.`;
  if (domain.name === 'auto')
    return `(the custom domain's route ${path}) is not set up: "auto" is a domain that Serverless Devs makes. Name one of your own.`;
  const { protocol = 'HTTP', rewrite } = domain;
  return { name, domain: domain.name, protocol, path, methods, ...(rewrite !== undefined && { rewrite }) };
}

type Made = Omit<DesiredTrigger, 'name'> | string | undefined;

function httpTrigger({ methods, auth }: HttpTrigger, { url }: FcSettings, others: DesiredTrigger[]): Made {
  if (url === 'none') return undefined;
  if (others.some(({ type }) => type === 'http'))
    return '(http) is not set up: a function has one HTTP trigger, whose address takes every path.';
  if (auth?.kind === 'token' && url === 'function')
    return `(http) is not set up: its callers bring tokens (${auth.stated}), whose check is said in the cloud. What is there stays.`;
  const known = methods.filter((method) => httpMethods.includes(method));
  const config = {
    authType: url === 'public' ? 'anonymous' : 'function',
    methods: known.length > 0 ? known : httpMethods,
    disableURLInternet: false,
  };
  return known.length === 0 && methods.length > 0
    ? `(http) is not set up: Function Compute takes ${httpMethods.join(', ')}.`
    : { type: 'http', config };
}

function timerTrigger({ config }: OtherTrigger): Made {
  const { cronExpression = config['cron'], timezone, payload } = config;
  if (typeof cronExpression !== 'string' || cronExpression.trim() === '')
    return '(timer) is not set up: it has no schedule.';
  const stated = cronExpression.trim();
  const zoned = typeof timezone === 'string' && !/^(CRON_TZ=|TZ=|@)/.test(stated);
  return {
    type: 'timer',
    config: {
      cronExpression: zoned ? `CRON_TZ=${timezone} ${stated}` : stated,
      enable: (config['enable'] ?? config['enabled'] ?? true) !== false,
      payload: typeof payload === 'string' ? payload : payload === undefined ? '' : JSON.stringify(payload),
    },
  };
}

const eventGroups: Record<string, string[]> = {
  created: ['oss:ObjectCreated:*'],
  removed: ['oss:ObjectRemoved:DeleteObject', 'oss:ObjectRemoved:DeleteObjects'],
};

function storageTrigger(trigger: OtherTrigger, settings: FcSettings, account: Account): Made {
  const { config } = trigger;
  const bucket = bucketOf(trigger, 'bucketName');
  if (bucket === undefined) return '(oss) is not set up: the project does not say its bucket.';
  const invocationRole = textOr(config['invocationRole'], settings.triggerRole ?? '');
  if (invocationRole === '')
    return '(oss) is not set up: OSS needs a role to call it. Name one as triggerRole: of the target.';
  if (account.accountId === undefined)
    return '(oss) is not set up: name the number of the account as accountId: of the target.';
  const { events } = config;
  const stated: unknown[] = Array.isArray(events) ? events : [events ?? 'created'];
  const key = (config['filter'] as { key?: { prefix?: unknown; suffix?: unknown } } | undefined)?.key;
  return {
    type: 'oss',
    config: {
      events: stated.flatMap((event) => eventGroups[String(event)] ?? String(event)),
      filter: {
        key: {
          prefix: textOr(key?.prefix ?? config['prefix'], ''),
          suffix: textOr(key?.suffix ?? config['suffix'], ''),
        },
      },
    },
    sourceArn: `acs:oss:${account.region}:${account.accountId}:${bucket}`,
    invocationRole,
  };
}

/** A trigger as one text, for comparing; a stated one and one of the cloud alike. */
export function triggerText({ type, config, sourceArn }: Omit<DesiredTrigger, 'name'>): string {
  const source = sourceArn === undefined ? '' : ` ${sourceArn.split(':').at(-1)}`;
  const { methods, events, ...rest } = config;
  const lists = [methods, events].flatMap((list) =>
    Array.isArray(list) ? [[...(list as string[])].sort().join(',')] : [],
  );
  const values =
    type === 'http'
      ? [textOr(rest['authType'], '')]
      : type === 'timer'
        ? [
            textOr(rest['cronExpression'], ''),
            ...(rest['enable'] === false ? ['off'] : []),
            textOr(rest['payload'], ''),
          ]
        : keyTexts(rest['filter']);
  return `${type}${source} ${[...values, ...lists].filter(Boolean).join(' ')}`;
}

/** What an OSS trigger wants of keys. */
function keyTexts(filter: unknown): string[] {
  const { key } = (filter ?? {}) as { key?: { prefix?: unknown; suffix?: unknown } };
  return [`${textOr(key?.prefix, '')}*${textOr(key?.suffix, '')}`];
}

/** The text of a trigger that is there; undefined where it is not of the alias, and so calls something else. */
export function remoteTriggerText(found: FcTrigger, alias: string): string | undefined {
  if (found.qualifier !== alias) return undefined;
  return triggerText({
    type: found.triggerType,
    config: configIn(found),
    ...(found.triggerType === 'oss' && found.sourceArn !== undefined && { sourceArn: found.sourceArn }),
  });
}

/** Settings of a trigger, which are JSON in a text. */
export function configIn({ triggerConfig }: FcTrigger): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(triggerConfig ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // Then it differs from what is wanted, and is written anew.
    return {};
  }
}
