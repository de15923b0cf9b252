import { destinationOf, type AsyncInvokeSettings, type Destination } from '../asyncInvoke.ts';
import { platformDefaults } from '../platformDefaults.ts';
import type { PlatformId } from '../words.ts';
import type { ProblemList } from './problemList.ts';
import { getIn, textOf, type Tree } from './tree.ts';
import { phrase } from '../../support/l10n.ts';

/** Where a project file says how asynchronous invocations are treated: paths of keys below a function's settings. */
interface Places {
  retries: string[];
  maxAge: string[];
  onSuccess: string[];
  onFailure: string[];
  deadLetters?: string[];
  platform: PlatformId;
}

const sam: Places = {
  retries: ['EventInvokeConfig', 'MaximumRetryAttempts'],
  maxAge: ['EventInvokeConfig', 'MaximumEventAgeInSeconds'],
  onSuccess: ['EventInvokeConfig', 'DestinationConfig', 'OnSuccess', 'Destination'],
  onFailure: ['EventInvokeConfig', 'DestinationConfig', 'OnFailure', 'Destination'],
  deadLetters: ['DeadLetterQueue', 'TargetArn'],
  platform: 'aws-lambda',
};

const serverlessDevs: Places = {
  retries: ['asyncInvokeConfig', 'maxAsyncRetryAttempts'],
  maxAge: ['asyncInvokeConfig', 'maxAsyncEventAgeInSeconds'],
  onSuccess: ['asyncInvokeConfig', 'destinationConfig', 'onSuccess', 'destination'],
  onFailure: ['asyncInvokeConfig', 'destinationConfig', 'onFailure', 'destination'],
  platform: 'aliyun-fc',
};

/** Properties of a function that say something of its asynchronous invocations. */
export const asyncInvokeKeys = {
  sam: ['EventInvokeConfig', 'DeadLetterQueue'],
  serverlessDevs: ['asyncInvokeConfig'],
} as const;

/** Reads them of a function whose values are resolved; nothing when the file says nothing. */
export function readAsyncInvoke(
  settings: Tree,
  format: 'sam' | 'serverlessDevs',
  functionName: string,
  problems: ProblemList,
): AsyncInvokeSettings | undefined {
  const places = format === 'sam' ? sam : serverlessDevs;
  const bounds = platformDefaults(places.platform).asyncBounds!;
  const whole = (path: string[], [min, max]: [number, number]): number | undefined => {
    const at = getIn(settings, ...path);
    const text = textOf(at);
    if (!at || text === undefined) return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    const facts = {
      path: `${functionName}.${path.join('.')}`,
      detail: phrase('expected a whole number from {min} to {max}.', { min, max }),
    };
    problems.add('error', 'SETTING_INVALID', facts, at.range, { function: functionName });
    return undefined;
  };
  const destination = (path: string[] | undefined): Destination | undefined => {
    const at = path && getIn(settings, ...path);
    // A resource without a name of its own is told by the expression that refers to it.
    if (at?.kind === 'unresolved') return { kind: 'other', name: at.expression, stated: at.expression };
    const text = textOf(at)?.trim();
    return text ? destinationOf(text) : undefined;
  };
  const retries = whole(places.retries, bounds.retries);
  const maxAgeS = whole(places.maxAge, bounds.maxAgeS);
  const onSuccess = destination(places.onSuccess);
  const onFailure = destination(places.onFailure);
  const deadLetters = destination(places.deadLetters);
  const read: AsyncInvokeSettings = {
    ...(retries !== undefined && { attempts: retries + 1 }),
    ...(maxAgeS !== undefined && { maxAgeMs: maxAgeS * 1000 }),
    ...(onSuccess && { onSuccess }),
    ...(onFailure && { onFailure }),
    ...(deadLetters && { deadLetters }),
  };
  return Object.keys(read).length > 0 ? read : undefined;
}
