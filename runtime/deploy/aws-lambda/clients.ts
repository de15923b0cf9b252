import type { LambdaApi } from './lambdaApi.ts';

type Sdk = LambdaApi['sdk'];

interface Clients {
  events?: InstanceType<Sdk['EventBridgeClient']>;
  logs?: InstanceType<Sdk['CloudWatchLogsClient']>;
  s3?: InstanceType<Sdk['S3Client']>;
  /** By region: subscriptions are made where their topic is. */
  sns: Map<string, InstanceType<Sdk['SNSClient']>>;
}

/** Clients live as long as the API they belong to, so that credentials are looked for once. */
const known = new WeakMap<LambdaApi, Clients>();

function clientsOf(api: LambdaApi): Clients {
  const clients = known.get(api) ?? { sns: new Map() };
  known.set(api, clients);
  return clients;
}

export function eventsClient(api: LambdaApi) {
  return (clientsOf(api).events ??= new api.sdk.EventBridgeClient(api.clientSettings()));
}

export function logsClient(api: LambdaApi) {
  return (clientsOf(api).logs ??= new api.sdk.CloudWatchLogsClient(api.clientSettings()));
}

export function s3Client(api: LambdaApi) {
  const settings = api.clientSettings();
  // Emulators have no host name per bucket.
  const addressing = 'endpoint' in settings ? { forcePathStyle: true } : {};
  return (clientsOf(api).s3 ??= new api.sdk.S3Client({ ...settings, ...addressing }));
}

export function snsClient(api: LambdaApi, topic: string) {
  const { sns } = clientsOf(api);
  const region = topic.split(':')[3] || api.region;
  const client = sns.get(region) ?? new api.sdk.SNSClient({ ...api.clientSettings(), region });
  sns.set(region, client);
  return client;
}
