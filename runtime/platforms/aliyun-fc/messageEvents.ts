import { createHash } from 'node:crypto';
import type { Message } from '../../model/queues/message.ts';
import type { QueueEventFacts } from '../../model/queues/queueContract.ts';

/*
 * Events of message services on Function Compute (FC documentation, pages of the MNS and RocketMQ triggers): elements of
 * EventBridge's sources are CloudEvents; subscriptions of MNS topics have forms of their own.
 */

/** What of a trigger's settings its elements show. */
export interface ElementFacts extends Omit<QueueEventFacts, 'queue'> {
  /** Name of the queue or topic in the cloud. */
  source: string;
  /** Of the RocketMQ instance, as far as the project file names one. */
  instanceId?: string;
  /** The body goes along as the sender encoded it: with Base64, as its SDKs do. */
  keepsBase64?: boolean;
}

function cloudEvent(
  message: Message,
  { definition, trigger, now }: ElementFacts,
  { product, type, subject, data }: { product: string; type: string; subject: string; data: object },
): object {
  const { region, accountId } = definition;
  const bus = `${product}-Function-${trigger.name}`;
  return {
    id: message.id,
    source: bus,
    specversion: '1.0',
    type,
    datacontenttype: 'application/json; charset=utf-8',
    subject,
    time: new Date(message.sentAt).toISOString(),
    aliyunaccountid: accountId,
    aliyunpublishtime: new Date(now).toISOString(),
    aliyunoriginalaccountid: accountId,
    aliyuneventbusname: bus,
    aliyunregionid: region,
    aliyunpublishaddr: '127.0.0.1',
    data,
  };
}

/** An element of an MNS queue: `mns:Queue:SendMessage`. */
export function mnsQueueElement(message: Message, facts: ElementFacts): object {
  const { definition, source, keepsBase64 } = facts;
  return cloudEvent(message, facts, {
    product: 'MNS',
    type: 'mns:Queue:SendMessage',
    subject: `acs:mns:${definition.region}:${definition.accountId}:queues/${source}`,
    data: {
      requestId: requestIdOf(message),
      messageId: mnsId(message),
      messageBody: keepsBase64 ? Buffer.from(message.body).toString('base64') : message.body,
    },
  });
}

/** An element of a RocketMQ topic: `mq:Topic:SendMessage`. Attributes of the message are its user properties. */
export function rocketMqElement(message: Message, facts: ElementFacts): object {
  const { definition, source, instanceId } = facts;
  const instance = instanceId ?? `MQ_INST_${definition.accountId}_local`;
  return cloudEvent(message, facts, {
    product: 'RocketMQ',
    type: 'mq:Topic:SendMessage',
    subject: `acs:mq:${definition.region}:${definition.accountId}:${instance}%${source}`,
    data: {
      topic: source,
      systemProperties: {
        MIN_OFFSET: '0',
        TRACE_ON: 'true',
        MAX_OFFSET: String(message.sequence),
        MSG_REGION: definition.region,
        KEYS: message.groupId ?? message.id,
        CONSUME_START_TIME: Math.floor(facts.now),
        ...(message.tag !== undefined && { TAGS: message.tag }),
        INSTANCE_ID: instance,
      },
      userProperties: propertiesOf(message),
      body: message.body,
    },
  });
}

/** The event of an MNS topic's subscription; `STREAM` is the message as it is, with its attributes when it has some. */
export function mnsTopicEvent(message: Message, format: 'STREAM' | 'JSON', facts: ElementFacts): Uint8Array {
  const { definition, trigger, source } = facts;
  const attributes = propertiesOf(message);
  if (format === 'STREAM') {
    if (Object.keys(attributes).length === 0) return Buffer.from(message.body);
    return Buffer.from(JSON.stringify({ body: message.body, attrs: attributes }));
  }
  return Buffer.from(
    JSON.stringify({
      TopicOwner: definition.accountId,
      Message: message.body,
      Subscriber: definition.accountId,
      PublishTime: Math.floor(message.sentAt),
      SubscriptionName: trigger.name,
      MessageMD5: createHash('md5').update(message.body).digest('hex').toUpperCase(),
      TopicName: source,
      MessageId: mnsId(message),
      ...(message.tag !== undefined && { MessageTag: message.tag }),
      ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    }),
  );
}

function propertiesOf({ attributes }: Message): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { stringValue, binaryValue }]) => [
      name,
      stringValue ?? binaryValue ?? '',
    ]),
  );
}

/** MNS names messages by 32 capital hexadecimal digits. */
function mnsId({ id }: Message): string {
  return id.replaceAll('-', '').toUpperCase();
}

function requestIdOf({ id }: Message): string {
  return createHash('md5').update(id).digest('hex').slice(0, 24).toUpperCase();
}
