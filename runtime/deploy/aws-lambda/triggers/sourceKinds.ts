import type { Members } from './sourceMembers.ts';

/** How one kind of event source is stated (SAM's words for events of functions) and told to Lambda. */
export interface SourceKind {
  /** The setting that names it: an ARN, or for a queue its name as well. */
  arnKey?: string;
  /** The service within its ARN. */
  service?: string;
  /** Messages or records of a batch where nothing is stated (API reference `CreateEventSourceMapping`). */
  batchSize: number;
  /** It is read from a position on, which has to be stated. */
  positioned: boolean;
  /** Members that are made of settings which the API has under other names. */
  more?(config: Members): Members;
}

const text = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? [value] : []);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : text(value));
const group = ({ ConsumerGroupId, SchemaRegistryConfig }: Members): Members => ({
  ...(ConsumerGroupId !== undefined && { ConsumerGroupId }),
  ...(SchemaRegistryConfig !== undefined && { SchemaRegistryConfig }),
});
const nonEmpty = (name: string, value: Members): Members =>
  Object.keys(value).length > 0 ? { [name]: value } : {};

/** Event sources that Lambda reads by itself, by SAM's word for them (SAM specification, "EventSource"). */
export const sourceKinds: Record<string, SourceKind> = {
  SQS: { arnKey: 'Queue', service: 'sqs', batchSize: 10, positioned: false },
  Kinesis: { arnKey: 'Stream', service: 'kinesis', batchSize: 100, positioned: true },
  DynamoDB: { arnKey: 'Stream', service: 'dynamodb', batchSize: 100, positioned: true },
  MSK: {
    arnKey: 'Stream',
    service: 'kafka',
    batchSize: 100,
    positioned: true,
    more: (config) => nonEmpty('AmazonManagedKafkaEventSourceConfig', group(config)),
  },
  SelfManagedKafka: {
    batchSize: 100,
    positioned: true,
    more: (config) => ({
      SelfManagedEventSource: {
        Endpoints: { KAFKA_BOOTSTRAP_SERVERS: listOf(config['KafkaBootstrapServers']) },
      },
      ...nonEmpty('SelfManagedKafkaEventSourceConfig', group(config)),
    }),
  },
  MQ: { arnKey: 'Broker', service: 'mq', batchSize: 100, positioned: false },
  DocumentDB: {
    arnKey: 'Cluster',
    service: 'rds',
    batchSize: 100,
    positioned: true,
    more: ({ DatabaseName, CollectionName, FullDocument }) => ({
      DocumentDBEventSourceConfig: {
        ...(DatabaseName !== undefined && { DatabaseName }),
        ...(CollectionName !== undefined && { CollectionName }),
        ...(FullDocument !== undefined && { FullDocument }),
      },
    }),
  },
};
