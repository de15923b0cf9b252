import type { TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';

/** Name of the file with our types for events of Function Compute, beside the handler that uses it. */
export const fcEventsFile = 'fc-events.d.ts';

const types: Record<string, string> = {
  http: 'HttpEvent',
  timer: 'TimerEvent',
  oss: 'OssEvent',
  log: 'LogEvent',
  cdn_events: 'CdnEvent',
  mns_topic: 'MnsTopicEvent',
  eventbridge: 'EventBridgeEvents',
};
const byKind: Record<string, string> = { http: 'http', timer: 'timer', storage: 'oss' };

/** Types of what a function of Function Compute finds in the bytes it is handed, one for each kind of its triggers. */
export function fcPayloadsOf(triggers: readonly TriggerDefinition[]): string[] {
  const names = triggers.flatMap((trigger) => {
    // Before 3.0 HTTP triggers hand over a request, and no event.
    if (trigger.kind === 'http') return trigger.shape === 'fc3' ? types['http']! : [];
    const type = typeof trigger.config['type'] === 'string' ? trigger.config['type'] : byKind[trigger.kind];
    return (type === undefined ? undefined : types[type]) ?? [];
  });
  return [...new Set(names)];
}

/** The file's text: shapes as the platform's documentation states them (FC 3.0, "Trigger event formats"). */
export const fcEventsText = `/*
 * Events of Alibaba Cloud Function Compute 3.0. A handler is handed their bytes:
 *
 *     const event: HttpEvent = JSON.parse(bytes.toString());
 */

/** An HTTP trigger's request. */
export interface HttpEvent {
  version: 'v1';
  rawPath: string;
  body: string;
  /** Bodies that are not text are base64. */
  isBase64Encoded: boolean;
  /** Several values of one name are joined by commas. */
  headers: Record<string, string>;
  queryParameters: Record<string, string>;
  requestContext: {
    accountId: string;
    domainName: string;
    domainPrefix: string;
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
    requestId: string;
    time: string;
    timeEpoch: string;
  };
}

/** What an HTTP trigger makes a response of. */
export interface HttpResult {
  statusCode: number;
  headers?: Record<string, string>;
  isBase64Encoded?: boolean;
  body?: string | object;
}

export interface TimerEvent {
  triggerTime: string;
  triggerName: string;
  /** As the trigger's configuration states it. */
  payload: string;
}

/** Objects of a bucket that were created or deleted. */
export interface OssEvent {
  events: {
    eventName: string;
    eventSource: 'acs:oss';
    eventTime: string;
    eventVersion: string;
    oss: {
      bucket: { arn: string; name: string; ownerIdentity: string; virtualBucket?: string };
      object: {
        key: string;
        size: number;
        deltaSize: number;
        eTag: string;
        objectMeta?: { mimeType: string; userMeta?: Record<string, string> };
      };
      ossSchemaVersion: string;
      ruleId: string;
    };
    region: string;
    requestParameters: { sourceIPAddress: string };
    responseElements: { requestId: string };
    userIdentity: { principalId: string };
  }[];
}

/** A range of a log store, which the function reads itself. */
export interface LogEvent {
  parameter: Record<string, unknown>;
  source: {
    endpoint: string;
    projectName: string;
    logstoreName: string;
    shardId: number;
    beginCursor: string;
    endCursor: string;
  };
  jobName: string;
  taskId: string;
  cursorTime: number;
}

export interface CdnEvent {
  events: {
    eventName: string;
    eventVersion: string;
    eventSource: 'cdn';
    region: string;
    eventTime: string;
    traceId: string;
    resource: { domain: string };
    eventParameter: Record<string, unknown>;
    userIdentity: { aliUid: string };
  }[];
}

/** A message of a topic in the format JSON; in the format STREAM the event is the message's text. */
export interface MnsTopicEvent {
  TopicOwner: string;
  Message: string;
  Subscriber: string;
  PublishTime: number | string;
  SubscriptionName: string;
  MessageMD5: string;
  TopicName: string;
  MessageId: string;
}

/** Events of EventBridge come as a list, whatever the number. */
export type EventBridgeEvents<Data = unknown> = {
  id: string;
  source: string;
  specversion: '1.0';
  type: string;
  datacontenttype?: string;
  subject?: string;
  time?: string;
  aliyunaccountid?: string;
  aliyunregionid?: string;
  aliyuneventbusname?: string;
  data: Data;
}[];
`;
