import assert from 'node:assert/strict';
import { loadSdk } from '../../../runtime/deploy/aws-lambda/loadSdk.ts';

/** How many there are of each, read faster than by the command line: targets of the rule, if it is there. */
export async function countCallers(
  endpoint: string,
  { name, rule: Rule, bucket, topic }: { name: string; rule: string; bucket: string; topic: string },
): Promise<Record<string, number | undefined>> {
  const sdk = await loadSdk();
  const settings = { region: 'us-east-1', endpoint };
  const events = new sdk.EventBridgeClient(settings);
  const s3 = new sdk.S3Client({ ...settings, forcePathStyle: true });
  const found = <T>(asked: Promise<T>): Promise<T | undefined> =>
    asked.catch((error: Error) => {
      assert.equal(error.name, 'ResourceNotFoundException');
      return undefined;
    });
  const list = new sdk.ListSubscriptionsByTopicCommand({ TopicArn: topic });
  const read = new sdk.GetBucketNotificationConfigurationCommand({ Bucket: bucket });
  const policy = new sdk.GetPolicyCommand({ FunctionName: name, Qualifier: 'live' });
  const [rule, notified, subscribed, permitted] = await Promise.all([
    found(events.send(new sdk.ListTargetsByRuleCommand({ Rule }))),
    s3.send(read),
    new sdk.SNSClient(settings).send(list),
    found(new sdk.LambdaClient(settings).send(policy)),
  ]);
  return {
    targets: rule?.Targets?.length,
    notifications: notified.LambdaFunctionConfigurations?.length ?? 0,
    subscriptions: subscribed.Subscriptions?.filter(({ Endpoint }) => Endpoint?.endsWith(`:${name}:live`))
      .length,
    policy: permitted?.Policy?.match(/"Sid"/g)?.length ?? 0,
  };
}
