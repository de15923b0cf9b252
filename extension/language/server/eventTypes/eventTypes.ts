import type { TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';
import type { PlatformId } from '../../../../runtime/model/words.ts';

/** A type for the events of a trigger: its name, and the module that declares it; absent for a global. */
export interface EventType {
  name: string;
  module?: string;
}

/** Package of the events' types (DefinitelyTyped `aws-lambda`). */
const awsModule = 'aws-lambda';

const awsHttp: Record<string, string> = {
  'rest-api': 'APIGatewayProxyEvent',
  'http-api': 'APIGatewayProxyEventV2',
  'function-url': 'LambdaFunctionURLEvent',
};

/** By the word of the project file (SAM's `Type`, the event's name in a `serverless.yml`) in lower case. */
const awsEvents: Record<string, string> = {
  schedule: 'ScheduledEvent',
  schedulev2: 'ScheduledEvent',
  s3: 'S3Event',
  sqs: 'SQSEvent',
  sns: 'SNSEvent',
  dynamodb: 'DynamoDBStreamEvent',
  kinesis: 'KinesisStreamEvent',
  cloudwatchlogs: 'CloudWatchLogsEvent',
  cloudwatchlog: 'CloudWatchLogsEvent',
  eventbridgerule: 'EventBridgeEvent<string, unknown>',
  cloudwatchevent: 'EventBridgeEvent<string, unknown>',
  eventbridge: 'EventBridgeEvent<string, unknown>',
  websocket: 'APIGatewayProxyWebsocketEventV2',
  alb: 'ALBEvent',
};

const awsKinds: Record<string, string> = { timer: 'ScheduledEvent', storage: 'S3Event', queue: 'SQSEvent' };

/** The types of the events a function gets, one for each kind of its triggers. */
export function eventTypesOf(platform: PlatformId, triggers: readonly TriggerDefinition[]): EventType[] {
  if (platform === 'aws-lambda') {
    const names = new Set(triggers.flatMap((trigger) => awsTypeOf(trigger) ?? []));
    return [...names].map((name) => ({ name, module: awsModule }));
  }
  // Function Compute hands over the bytes, whatever the trigger (FC documentation "Request handlers", Node.js).
  const isHandedBytes = !triggers.some((trigger) => trigger.kind === 'http' && trigger.shape === 'fc2');
  return platform === 'aliyun-fc' && isHandedBytes ? [{ name: 'Buffer' }] : [];
}

function awsTypeOf(trigger: TriggerDefinition): string | undefined {
  if (trigger.kind === 'http') return awsHttp[trigger.shape];
  const type = typeof trigger.config['type'] === 'string' ? trigger.config['type'].toLowerCase() : undefined;
  if (type === 'stream') {
    const arn = JSON.stringify(trigger.config);
    return /kinesis/i.test(arn)
      ? 'KinesisStreamEvent'
      : /dynamodb/i.test(arn)
        ? 'DynamoDBStreamEvent'
        : undefined;
  }
  return (type === undefined ? undefined : awsEvents[type]) ?? awsKinds[trigger.kind];
}
