import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverlessYaml } from '../../../../../runtime/model/projectFiles/serverlessFramework/index.ts';

function read(text: string) {
  const context = { file: '/project/serverless.yml', variable: () => undefined };
  const { queues = [], problems } = serverlessYaml.parse(text, context);
  const told = queues.map(({ name, settings: { fifo, visibilityTimeoutMs, redrive } }) =>
    [
      name,
      fifo,
      visibilityTimeoutMs / 1000,
      redrive && `${redrive.target} after ${redrive.maxReceiveCount}`,
    ].join(' '),
  );
  return { queues: told, problems: problems.map(({ code }) => code) };
}

const head = `service: shop
provider: { name: aws, stage: test }
functions:
  work: { handler: work.handler, events: [{ sqs: !GetAtt Jobs.Arn }] }
`;

test('queues of the resources are those of the template, with the variables of the file', () => {
  const text = `${head}resources:
  - Resources:
      Jobs:
        Type: AWS::SQS::Queue
        Properties:
          QueueName: \${self:service}-\${sls:stage}-jobs
          VisibilityTimeout: 60
          RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
  - Resources:
      Dead: { Type: AWS::SQS::Queue }
      Table: { Type: AWS::DynamoDB::Table }
`;
  assert.deepEqual(read(text), {
    queues: ['shop-test-jobs false 60 Dead after 3', 'Dead false 30 '],
    problems: [],
  });
});

test('a wrong value of a queue is told; without queues nothing is looked up', () => {
  const wrong = `${head}resources:
  Resources:
    Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: soon } }
`;
  assert.deepEqual(read(wrong), { queues: ['Jobs false 30 '], problems: ['SETTING_INVALID'] });
  const other = `${head}resources:
  Resources:
    Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: "\${cf:nobody.Knows}" } }
`;
  assert.deepEqual(read(other), { queues: [], problems: [] });
});
