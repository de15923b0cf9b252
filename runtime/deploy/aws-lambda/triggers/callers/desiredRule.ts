import { createHash } from 'node:crypto';
import type { RetryPolicy, RuleState, Target } from '@aws-sdk/client-eventbridge';
import type { OtherTrigger } from '../../../../model/functionDefinition.ts';
import { platformDefaults } from '../../../../model/platformDefaults.ts';
import { inAccount, type Destination } from '../place.ts';
import type { DesiredRule } from './caller.ts';
import { scheduleOf } from './ruleSchedule.ts';
import { isPhrase, phrase, type Phrase } from '../../../../support/l10n.ts';

const nameRule = /^[\w.-]{1,64}$/;
const states = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
/** `PutRule` takes as much (API reference). */
const largestDescription = 512;

/** Reads a schedule or a pattern as a rule of EventBridge; a text says why there is none. */
export function desiredRule(trigger: OtherTrigger, type: string, to: Destination): DesiredRule | Phrase {
  const { name, config } = trigger;
  const stated = config['RuleName'] ?? config['Name'];
  const ruleName = typeof stated === 'string' ? stated : ownRuleName(to, name);
  if (!nameRule.test(ruleName))
    return phrase('EventBridge does not take "{name}" as a name: up to 64 letters, digits, ., - and _.', {
      name: ruleName,
    });
  const bus = busOf(config['EventBusName'], to);
  if (typeof bus === 'object') return bus.why;
  const isTimer = /^Schedule(V2)?$/.test(type);
  const when = isTimer ? scheduleOf(config, type) : patternOf(config, to);
  if (isPhrase(when)) return when;
  if (isTimer && bus !== undefined)
    return phrase('schedules fire on the default bus alone. Leave EventBusName out.');
  const target = targetOf(config, to);
  if (isPhrase(target)) return target;
  const { input, ...rule } = when;
  const { Description } = config;
  const state = stateOf(config);
  if (state === undefined)
    return phrase('State: {state} is none of {known}.', {
      state: String(config['State']),
      known: states.join(', '),
    });
  const path = bus === undefined ? ruleName : `${bus}/${ruleName}`;
  return {
    kind: 'rule',
    name,
    source: `arn:${to.partition}:events:${to.region}:${to.accountId}:rule/${path}`,
    named: typeof stated === 'string',
    rule: {
      Name: ruleName,
      ...(bus !== undefined && { EventBusName: bus }),
      ...rule,
      State: state,
      ...(typeof Description === 'string' && { Description: Description.slice(0, largestDescription) }),
    },
    target: { ...(hasInput(target) ? {} : input), ...target },
  };
}

/** Begins the names of rules that have none from the project. */
export const ownRulePrefix = 'porchlight-';

/** Found again by function and trigger. What is too long, or has other characters, ends with a digest of the whole. */
export function ownRuleName({ name, alias }: Pick<Destination, 'name' | 'alias'>, trigger: string): string {
  const whole = `${ownRulePrefix}${name}-${alias}-${trigger}`;
  if (nameRule.test(whole)) return whole;
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${whole.replace(/[^\w.-]/g, '-').slice(0, 55)}-${digest}`;
}

/** A bus by its name; undefined is the default one. */
function busOf(stated: unknown, to: Destination): string | undefined | { why: Phrase } {
  if (stated === undefined) return undefined;
  const arn = typeof stated === 'string' && stated.startsWith('arn:') ? inAccount(stated, to) : undefined;
  const [, , , region, account, resource = ''] = arn?.split(':') ?? [];
  const bus = arn === undefined ? stated : resource.replace(/^event-bus\//, '');
  if (typeof bus !== 'string' || !/^[/.\-\w]{1,256}$/.test(bus))
    return {
      why: phrase('EventBusName: {bus} is no name or ARN of a bus.', { bus: JSON.stringify(stated) }),
    };
  if (arn !== undefined && (region !== to.region || account !== to.accountId))
    return { why: phrase('its bus {arn} is of another account or region. Make the rule there.', { arn }) };
  return bus === 'default' ? undefined : bus;
}

function patternOf(
  config: OtherTrigger['config'],
  { accountId }: Destination,
): { EventPattern: string; input?: undefined } | Phrase {
  const pattern = config['Pattern'];
  if (pattern === undefined) return phrase('it has no Pattern.');
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || Array.isArray(read))
      return phrase('its Pattern is no object.');
  } catch {
    return phrase('its Pattern is no JSON.');
  }
  return { EventPattern: text.replaceAll(platformDefaults('aws-lambda').accountId, accountId) };
}

/** What is sent, and what becomes of events that cannot be delivered; a text says what is wrong with it. */
function targetOf(config: OtherTrigger['config'], to: Destination): DesiredRule['target'] | Phrase {
  const { InputPath, InputTransformer, Target: stated, RetryPolicy: retries } = config;
  const input = config['Input'] ?? config['payload'];
  const given = [input, InputPath, InputTransformer].filter((value) => value !== undefined);
  if (given.length > 1) return phrase('it states more than one of Input, InputPath and InputTransformer.');
  const transformer = InputTransformer as Partial<NonNullable<Target['InputTransformer']>> | undefined;
  if (transformer !== undefined && typeof transformer.InputTemplate !== 'string')
    return phrase('its InputTransformer has no InputTemplate.');
  if (InputPath !== undefined && typeof InputPath !== 'string') return phrase('its InputPath is no text.');
  const queue =
    config['DeadLetterQueueArn'] ?? (config['DeadLetterConfig'] as { Arn?: unknown } | undefined)?.Arn;
  if (config['DeadLetterConfig'] !== undefined && typeof queue !== 'string')
    return phrase('its DeadLetterConfig has no Arn: a queue is not made for it.');
  const id = (stated as { Id?: unknown } | undefined)?.Id;
  return {
    Id: typeof id === 'string' ? id : 'porchlight',
    Arn: to.arn,
    ...(input !== undefined && { Input: typeof input === 'string' ? input : JSON.stringify(input) }),
    ...(typeof InputPath === 'string' && { InputPath }),
    ...(transformer !== undefined && {
      InputTransformer: {
        ...(transformer.InputPathsMap !== undefined && { InputPathsMap: transformer.InputPathsMap }),
        InputTemplate: transformer.InputTemplate,
      },
    }),
    ...(typeof queue === 'string' && { DeadLetterConfig: { Arn: inAccount(queue, to) } }),
    ...(retries !== undefined && { RetryPolicy: retryPolicyOf(retries as Record<string, unknown>) }),
  };
}

function retryPolicyOf(stated: Record<string, unknown>): RetryPolicy {
  const attempts = stated['MaximumRetryAttempts'] ?? stated['maximumRetryAttempts'];
  const age = stated['MaximumEventAgeInSeconds'] ?? stated['maximumEventAge'];
  return {
    ...(attempts !== undefined && { MaximumRetryAttempts: Number(attempts) }),
    ...(age !== undefined && { MaximumEventAgeInSeconds: Number(age) }),
  };
}

function hasInput({ Input, InputPath, InputTransformer }: Target): boolean {
  return Input !== undefined || InputPath !== undefined || InputTransformer !== undefined;
}

function stateOf(config: OtherTrigger['config']): RuleState | undefined {
  const { State } = config;
  if (State !== undefined) return states.find((known) => known === State) as RuleState | undefined;
  const enabled = config['Enabled'] ?? config['enabled'] ?? true;
  return enabled === false || enabled === 'false' ? 'DISABLED' : 'ENABLED';
}
