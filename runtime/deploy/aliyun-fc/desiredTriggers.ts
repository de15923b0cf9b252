import type { FunctionDefinition, HttpTrigger, OtherTrigger } from '../../model/functionDefinition.ts';
import { textOr } from '../../model/storageTrigger.ts';
import type { SourcePosition } from '../../model/words.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';
import { desiredHttp } from './desiredHttp.ts';
import { desiredMessages } from './desiredMessages.ts';
import { desiredStorage, desiredTimer } from './desiredSources.ts';
import { desiredAsStated, isSourceType } from './desiredAsStated.ts';
import type { FcSettings } from './settings.ts';
import { accountMissing, withAccount } from './triggerAccount.ts';

/** A trigger as the cloud wants it. */
export interface DesiredTrigger {
  name: string;
  type: string;
  /** What is stated: the cloud's own settings beside it are no differences. */
  config: Record<string, unknown>;
  /** What one that is made gets besides. */
  initial?: Record<string, unknown>;
  sourceArn?: string;
  invocationRole?: string;
  description?: string;
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

/** A trigger that a deploy does not set up, why, and where it says what is wrong. */
interface LeftTrigger {
  name: string;
  why: Phrase;
  at?: SourcePosition;
}

/** Triggers that a deploy sets up, and why it does not set up the others, by their names. */
export interface DesiredTriggers {
  triggers: DesiredTrigger[];
  left: LeftTrigger[];
  routes: DesiredRoute[];
}

/** Undefined: none is wanted. */
export type Made = Omit<DesiredTrigger, 'name'> | Phrase | undefined;

const nameRule = /^[A-Za-z_][\w-]{0,127}$/;
/** Of the settings of one trigger, in characters; no documented trigger comes near it. */
const largestConfig = 65_536;

export interface Account {
  region: string;
  accountId: string | undefined;
}

/** Reads a function's triggers as Function Compute has them. */
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
      if ('phrase' in route) read.left.push({ name, why: route });
      else if (settings.url !== 'none') read.routes.push(route);
      continue;
    }
    // One that is reached at several paths here is one in the cloud.
    const seen = [...read.left, ...read.triggers.filter(({ type }) => type === 'http')];
    if (trigger.kind === 'http' && seen.some((one) => one.name === name)) continue;
    const left = unknownValue(trigger, settings) ?? desiredTrigger(trigger, settings, account, read.triggers);
    if (left && 'why' in left) read.left.push({ name, ...left });
    else if (left) read.triggers.push({ name, ...left });
  }
  return read;
}

type Left = Omit<LeftTrigger, 'name'>;

/** A value that is not known before the deploy. Where none is wanted, none is missed. */
function unknownValue(trigger: HttpTrigger | OtherTrigger, { url }: FcSettings): Left | undefined {
  if (trigger.kind === 'http' && url === 'none') return undefined;
  const { unresolved = {} } = trigger.registration ?? {};
  // The bucket's name stands elsewhere as well.
  const spare = trigger.kind === 'storage' && trigger.config['bucketName'] !== undefined && 'sourceArn';
  const found = Object.entries(unresolved).find(([path]) => path !== spare);
  if (!found) return undefined;
  const [path, { expression, at }] = found;
  const why = phrase(
    '({type}) is not set up: the value of {path}, {expression}, is not known before the deploy. State it, e.g. as a variable in .env. What is there stays.',
    { type: typeOf(trigger), path, expression },
  );
  return { why, at };
}

function desiredTrigger(
  trigger: HttpTrigger | OtherTrigger,
  settings: FcSettings,
  account: Account,
  others: readonly DesiredTrigger[],
): Omit<DesiredTrigger, 'name'> | Left | undefined {
  const at = trigger.kind === 'http' ? undefined : trigger.at;
  const leave = (why: Phrase): Left => ({ why, ...(at && { at }) });
  const made = read(trigger, settings, account, others);
  if (!made) return undefined;
  if ('phrase' in made) return leave(made);
  const type = typeOf(trigger);
  if (!nameRule.test(trigger.name))
    return leave(phrase('is not set up: names have letters, digits, - and _, and begin with a letter.'));
  const { description } = trigger.registration ?? {};
  const whole = withAccount(
    { ...made, ...(description !== undefined && { description }) },
    account.accountId,
  );
  if (whole === undefined) return leave(accountMissing(type));
  if (JSON.stringify(whole.config).length > largestConfig)
    return leave(
      phrase('({type}) is not set up: its settings have more than {most} characters.', {
        type,
        most: largestConfig,
      }),
    );
  return whole;
}

function read(
  trigger: HttpTrigger | OtherTrigger,
  settings: FcSettings,
  account: Account,
  others: readonly DesiredTrigger[],
): Made {
  if (trigger.kind === 'http') return desiredHttp(trigger, settings, others);
  const type = textOr(trigger.config['type'], '');
  if (isSourceType(type)) return desiredAsStated(trigger, type, settings, account);
  if (trigger.kind === 'timer') return desiredTimer(trigger);
  if (trigger.kind === 'storage') return desiredStorage(trigger, settings, account);
  if (trigger.kind === 'queue' && type === '') return desiredMessages(trigger, settings, account);
  return phrase(
    '({type}) is not set up: it does not say which service sends the events. State it in s.yaml, with triggerType.',
    { type: typeOf(trigger) },
  );
}

function typeOf(trigger: HttpTrigger | OtherTrigger): string {
  return trigger.kind === 'http' ? 'http' : textOr(trigger.config['type'], trigger.kind);
}

function routeOf({ name, path, methods, domain }: HttpTrigger): DesiredRoute | Phrase {
  if (domain === undefined)
    return phrase("(the custom domain's route {path}) is not set up: it names no domain.", { path });
  if (domain.name === 'auto')
    return phrase(
      `(the custom domain's route {path}) is not set up: "auto" is a domain that Serverless Devs makes. Name one of your own.`,
      { path },
    );
  const { protocol = 'HTTP', rewrite } = domain;
  return { name, domain: domain.name, protocol, path, methods, ...(rewrite !== undefined && { rewrite }) };
}
