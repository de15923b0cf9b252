import { createHash } from 'node:crypto';

/** A value that travels with a message, beside its body. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an own label behind a dot, e.g. `Number.int`. */
  dataType: string;
  stringValue?: string;
  /** Base64. */
  binaryValue?: string;
}

/** What a sender hands over. */
export interface NewMessage {
  body: string;
  attributes?: Record<string, MessageAttribute>;
  groupId?: string;
  deduplicationId?: string;
  /** Instead of the queue's delay. */
  delayMs?: number;
  /** The sender's tracing header. */
  traceHeader?: string;
  /** A word by which subscriptions of a topic choose (MNS message tag, RocketMQ tag). */
  tag?: string;
}

/** A message in a queue. Times are milliseconds since the epoch. */
export interface Message {
  id: string;
  body: string;
  attributes: Record<string, MessageAttribute>;
  groupId?: string;
  deduplicationId?: string;
  /** Grows from message to message; only in FIFO queues shown. */
  sequence: number;
  traceHeader?: string;
  tag?: string;
  sentAt: number;
  firstReceivedAt?: number;
  receiveCount: number;
  /** It may be handed out from then on. */
  visibleAt: number;
  /** Of the last time it was handed out. */
  receiptHandle?: string;
  /** ARN of the queue it died in. */
  diedIn?: string;
}

/** Size as queues count it: body, and names, types and values of attributes. */
export function messageBytes({ body, attributes = {} }: Pick<NewMessage, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(dataType);
    bytes += stringValue === undefined ? 0 : Buffer.byteLength(stringValue);
    bytes += binaryValue === undefined ? 0 : Buffer.byteLength(binaryValue, 'base64');
  }
  return bytes;
}

/** MD5 of a body, which clients compare. */
export function bodyMd5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * MD5 of a message's attributes, undefined without any (SQS developer guide "Calculating the MD5 message digest for
 * message attributes"): names in order, and each part behind its length.
 */
export function attributesMd5(attributes: Record<string, MessageAttribute>): string | undefined {
  const names = Object.keys(attributes).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { dataType, stringValue, binaryValue } = attributes[name]!;
    part(Buffer.from(name));
    part(Buffer.from(dataType));
    const binary = binaryValue !== undefined;
    hash.update(Buffer.of(binary ? 2 : 1));
    part(binary ? Buffer.from(binaryValue, 'base64') : Buffer.from(stringValue ?? ''));
  }
  return hash.digest('hex');
}
