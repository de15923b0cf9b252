import * as v from 'valibot';
import { platformDefaults } from '../platformDefaults.ts';
import {
  isQueueName,
  queueBounds,
  queueDefaults,
  queueNameOf,
  type QueueDefinition,
  type QueueSettings,
} from '../queues/queueDefinition.ts';
import { checkSettings } from './checkSettings.ts';
import type { ProblemList } from './problemList.ts';
import { numeric, textual } from './readSettings.ts';
import { intrinsicOf, type SamIntrinsics } from './samIntrinsics.ts';
import { entriesOf, getIn, rangeOf, textOf, type Tree } from './tree.ts';
import { hint } from '../schemaParts.ts';
import { phrase } from '../../support/l10n.ts';

/* Queues of a template (`AWS::SQS::Queue`, CloudFormation reference). */

const platform = 'aws-lambda';

const within = ({ min, max }: { min: number; max: number }) => {
  const message = hint(phrase('expected a whole number from {min} to {max}.', { min, max }));
  return v.pipe(
    numeric,
    v.check((value) => {
      const number = Number(value);
      return Number.isInteger(number) && number >= min && number <= max;
    }, message),
  );
};

const truth = v.union([v.boolean(), v.picklist(['true', 'false'])], 'expected true or false.');

const properties = v.looseObject(
  {
    QueueName: v.optional(textual),
    FifoQueue: v.optional(truth),
    ContentBasedDeduplication: v.optional(truth),
    DeduplicationScope: v.optional(v.picklist(['queue', 'messageGroup'], 'expected queue or messageGroup.')),
    VisibilityTimeout: v.optional(within(queueBounds.VisibilityTimeout)),
    DelaySeconds: v.optional(within(queueBounds.DelaySeconds)),
    MessageRetentionPeriod: v.optional(within(queueBounds.MessageRetentionPeriod)),
    ReceiveMessageWaitTimeSeconds: v.optional(within(queueBounds.ReceiveMessageWaitTimeSeconds)),
    MaximumMessageSize: v.optional(within(queueBounds.MaximumMessageSize)),
    RedrivePolicy: v.optional(
      v.looseObject(
        {
          deadLetterTargetArn: v.optional(textual),
          maxReceiveCount: v.optional(within(queueBounds.maxReceiveCount)),
        },
        'expected { deadLetterTargetArn, maxReceiveCount }.',
      ),
    ),
  },
  'expected properties of a queue.',
);

const used = Object.keys(properties.entries);

function queuesOf(tree: Tree | undefined) {
  return entriesOf(getIn(tree, 'Resources')).filter(
    ([, resource]) => textOf(getIn(resource, 'Type')) === 'AWS::SQS::Queue',
  );
}

/** Names of the template's queues by logical id: their own, or the logical id when the cloud would make one up. */
export function samQueueNames(tree: Tree | undefined): Map<string, string> {
  return new Map(
    queuesOf(tree).map(([id, resource]) => {
      const named = getIn(resource, 'Properties', 'QueueName');
      const own = named && !intrinsicOf(named) ? textOf(named)?.trim() : undefined;
      const fifo = textOf(getIn(resource, 'Properties', 'FifoQueue')) === 'true';
      return [id, own || (fifo ? `${id}.fifo` : id)];
    }),
  );
}

/** The queues a template declares; a wrong value becomes a problem and the default. */
export function readQueues(
  tree: Tree | undefined,
  names: ReadonlyMap<string, string>,
  intrinsics: SamIntrinsics,
  problems: ProblemList,
): QueueDefinition[] {
  const { region, accountId } = platformDefaults(platform);
  return queuesOf(tree).flatMap(([id, resource, key]) => {
    const stated = new Map(
      entriesOf(getIn(resource, 'Properties'))
        .filter(([name]) => used.includes(name))
        .map(([name, value, at]) => [name, { key: at, value }]),
    );
    const range = getIn(resource, 'Properties')?.range ?? key;
    const resolved = intrinsics.resolve({ kind: 'map', range, entries: stated })!;
    const name = names.get(id)!;
    const fifo = textOf(getIn(resolved, 'FifoQueue')) === 'true';
    if (!isQueueName(name) || fifo !== name.endsWith('.fifo')) {
      const detail = `expected a name of at most 80 letters, digits, - and _${fifo ? ' that ends with .fifo, as the queue is a FIFO queue' : ', without .fifo at the end unless FifoQueue is true'}.`;
      const facts = { path: `${id}.QueueName`, detail };
      problems.add('error', 'SETTING_INVALID', facts, rangeOf(resolved, ['QueueName']));
      return [];
    }
    const given = checkSettings(properties, resolved, id, problems) ?? {};
    const settings = readSettings(given, fifo);
    const redrive = readRedrive(getIn(resolved, 'RedrivePolicy'), id, given, problems);
    if (redrive && redrive.target.endsWith('.fifo') !== fifo) {
      const detail = phrase(
        'a dead-letter queue has to be of the same type as its source, FIFO or standard.',
      );
      const facts = { path: `${id}.RedrivePolicy`, detail };
      problems.add('warning', 'SETTING_INVALID', facts, rangeOf(resolved, ['RedrivePolicy']));
    }
    return [
      {
        name,
        platform,
        region,
        accountId,
        settings: { ...settings, ...(redrive && { redrive }) },
        declaredAt: problems.positionOf(key.start),
      },
    ];
  });
}

function readSettings(given: v.InferInput<typeof properties>, fifo: boolean): QueueSettings {
  const ms = (value: string | number | undefined, otherwise: number) =>
    value === undefined ? otherwise : Number(value) * 1000;
  return {
    fifo,
    visibilityTimeoutMs: ms(given.VisibilityTimeout, queueDefaults.visibilityTimeoutMs),
    delayMs: ms(given.DelaySeconds, queueDefaults.delayMs),
    retentionMs: ms(given.MessageRetentionPeriod, queueDefaults.retentionMs),
    receiveWaitMs: ms(given.ReceiveMessageWaitTimeSeconds, queueDefaults.receiveWaitMs),
    maxMessageBytes: Number(given.MaximumMessageSize ?? queueDefaults.maxMessageBytes),
    contentBasedDeduplication: String(given.ContentBasedDeduplication ?? false) === 'true',
    deduplicationScope: given.DeduplicationScope ?? queueDefaults.deduplicationScope,
  };
}

function readRedrive(
  tree: Tree | undefined,
  id: string,
  { RedrivePolicy: given }: v.InferInput<typeof properties>,
  problems: ProblemList,
): QueueSettings['redrive'] | undefined {
  if (!tree || !given) return undefined;
  const path = `${id}.RedrivePolicy`;
  const arn = getIn(tree, 'deadLetterTargetArn');
  const target =
    given.deadLetterTargetArn === undefined ? undefined : queueNameOf(String(given.deadLetterTargetArn));
  if (target === undefined) {
    const detail =
      arn?.kind === 'unresolved'
        ? phrase(
            '{expression} is known in the cloud alone; name a queue of this file to have dead letters here.',
            { expression: arn.expression },
          )
        : 'expected deadLetterTargetArn with the ARN of a queue, e.g. !GetAtt Dead.Arn.';
    problems.add('warning', 'SETTING_INVALID', { path, detail }, (arn ?? tree).range);
    return undefined;
  }
  if (given.maxReceiveCount === undefined) {
    problems.add(
      'error',
      'SETTING_INVALID',
      { path, detail: phrase('maxReceiveCount is missing.') },
      tree.range,
    );
    return undefined;
  }
  return { target, maxReceiveCount: Number(given.maxReceiveCount) };
}
