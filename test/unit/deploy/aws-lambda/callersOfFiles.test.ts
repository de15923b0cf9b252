import assert from 'node:assert/strict';
import { it } from 'node:test';
import { callerText } from '../../../../runtime/deploy/aws-lambda/triggers/callers/desiredCaller.ts';
import { desiredTriggers } from '../../../../runtime/deploy/aws-lambda/triggers/desiredTriggers.ts';
import { callerFaults } from '../../../support/aws/callerFaults.ts';
import { parse } from '../../model/projectFiles/check.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const where = { region: 'eu-west-1', accountId: '111122223333', name: 'hello', alias: 'live' };

/** Each caller, and why others are not made, of the one function of a project file. */
function readFile(file: string, text: string): string {
  const { triggers } = parse(file, text).functions[0]!.definition;
  const { callers, left } = desiredTriggers({ triggers }, where);
  assert.deepEqual(callers.flatMap(callerFaults), []);
  return [
    ...callers.map((caller) => `${caller.name}: ${callerText(caller)}`),
    ...left.map(({ name, why }) => `${name} ${say(why)}`),
  ].join('\n');
}

it('callers of a SAM template', () => {
  const text = `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs22.x
      Events:
        Nightly: { Type: Schedule, Properties: { Schedule: rate(1 day), Input: '{}' } }
        Paid: { Type: EventBridgeRule, Properties: { Pattern: { source: [shop], detail: { total: [ { numeric: ['>', 5] } ] } } } }
        Bucket: { Type: CloudWatchEvent, Properties: { Pattern: { detail: { bucket: { name: [ !Ref Photos ] } } } } }
        Topic: { Type: SNS, Properties: { Topic: !Ref News, FilterPolicy: { a: [b] } } }
        Region: { Type: SNS, Properties: { Topic: !Sub 'arn:aws:sns:\${AWS::Region}:\${AWS::AccountId}:news' } }
`;
  assert.equal(
    readFile('template.yaml', text),
    `Nightly: rule porchlight-hello-live-Nightly, rate(1 day), Input {}
Paid: rule porchlight-hello-live-Paid, pattern {"detail":{"total":[{"numeric":[">",5]}]},"source":["shop"]}
Region: topic arn:aws:sns:eu-west-1:111122223333:news
Bucket (CloudWatchEvent) is not set up: Pattern.detail.bucket.name.0: !Ref Photos is known in the cloud alone. State its value in porchlight.yaml.
Topic (SNS) is not set up: Topic: !Ref News is known in the cloud alone. State its value in porchlight.yaml.`,
  );
});

it('callers of a serverless.yml', () => {
  const text = `service: s
provider: { name: aws, runtime: nodejs22.x }
functions:
  f:
    handler: a.b
    events:
      - schedule: { rate: [cron(0 12 * * ? *), rate(2 hours)], enabled: false, input: { a: 1 } }
      - schedule: { rate: rate(1 day), name: nightly, inputTransformer: { inputPathsMap: { t: $.time }, inputTemplate: '{"t":<t>}' } }
      - schedule: { rate: rate(1 day), method: scheduler, timezone: America/New_York }
      - s3: { bucket: docs, event: 's3:ObjectRemoved:*', rules: [{ prefix: in/ }, { suffix: .pdf }], existing: true }
      - sns: { topicName: news, filterPolicy: { kind: [a] } }
      - sns: !Ref Topic
      - eventBridge: { pattern: { source: [my.app] }, eventBus: bus, inputPath: $.detail, retryPolicy: { maximumEventAge: 60, maximumRetryAttempts: 1 } }
      - cloudwatchEvent: { event: { source: [aws.ec2] }, input: { b: 2 }, name: ec2, enabled: false }
`;
  assert.equal(
    readFile('serverless.yml', text),
    `schedule: rule porchlight-hello-live-schedule, cron(0 12 * * ? *), DISABLED, Input {"a":1}
schedule-2: rule porchlight-hello-live-schedule-2, rate(2 hours), DISABLED, Input {"a":1}
nightly: rule nightly, rate(1 day), InputTransformer {"InputPathsMap":{"t":"$.time"},"InputTemplate":"{\\"t\\":<t>}"}
s3: bucket docs, s3:ObjectRemoved:*, keys in/*.pdf
sns: topic arn:aws:sns:eu-west-1:111122223333:news, FilterPolicy {"kind":["a"]}
eventBridge: rule porchlight-hello-live-eventBridge of bus, pattern {"source":["my.app"]}, InputPath $.detail, RetryPolicy {"MaximumEventAgeInSeconds":60,"MaximumRetryAttempts":1}
cloudwatchEvent: rule ec2, pattern {"source":["aws.ec2"]}, DISABLED, Input {"b":2}
schedule-3 (ScheduleV2) is not set up: the time zone America/New_York needs a schedule of EventBridge Scheduler, and a role for it. Make it there for the alias; rules fire at rate(…) and cron(…) in UTC.
sns-2 (SNS) is not set up: sns: !Ref Topic is known in the cloud alone. State its value in porchlight.yaml.`,
  );
});
