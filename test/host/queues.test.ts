import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Host } from '../../runtime/host/host.ts';
import { startHostOf } from '../support/hostFixture.ts';

const run = promisify(execFile);

describe('queues on the gateway', () => {
  let host: Host & { messages: string[] };
  let close: () => Promise<void>;
  let sqs: SQSClient;
  const urls: Record<string, string> = {};
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'queues', { firesTriggers: true });
    sqs = new SQSClient({
      endpoint: host.gateway.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      maxAttempts: 1,
    });
  });
  after(async () => {
    sqs.destroy();
    await close();
  });

  const create = async (name: string, Attributes: Record<string, string> = {}) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return (urls[name] = QueueUrl!);
  };

  const arnOf = async (QueueUrl: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    return (await sqs.send(command)).Attributes!['QueueArn']!;
  };

  it('those of the project are there, with what the template says of them', async () => {
    const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
    assert.deepEqual(
      QueueUrls?.map((url) => url.split('/').at(-1)),
      ['Dead', 'Results', 'orders', 'steps.fifo'],
    );
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
    assert.equal(QueueUrl, `${host.gateway.url}/123456789012/orders`);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    assert.equal(Attributes?.['VisibilityTimeout'], '2');
    assert.equal(Attributes?.['QueueArn'], 'arn:aws:sqs:us-east-1:123456789012:orders');
    assert.deepEqual(JSON.parse(Attributes!['RedrivePolicy']!), {
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:Dead',
      maxReceiveCount: 2,
    });
  });

  it('a message makes its way: sent, received with its attributes, deleted', async () => {
    const QueueUrl = await create('plain');
    const sent = await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'Grüße & <Küsse>\n',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'greeting' },
          raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 1, 255) },
        },
      }),
    );
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    const [message] = Messages!;
    assert.equal(message?.MessageId, sent.MessageId);
    assert.equal(message?.Body, 'Grüße & <Küsse>\n');
    assert.equal(message?.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
    assert.deepEqual([...message!.MessageAttributes!['raw']!.BinaryValue!], [0, 1, 255]);
    assert.equal(message?.Attributes?.ApproximateReceiveCount, '1');
    const { ReceiptHandle } = message!;
    assert.equal((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages, undefined);
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    assert.equal(again.Messages?.[0]?.MessageId, sent.MessageId);
    const handle = again.Messages![0]!.ReceiptHandle!;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }));
    await assert.rejects(
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: handle, VisibilityTimeout: 1 })),
      /Message does not exist/,
    );
  });

  it('batches tell of each entry for itself', async () => {
    const QueueUrl = await create('batches', { MaximumMessageSize: '1024' });
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'short' },
          { Id: 'b', MessageBody: 'x'.repeat(1025) },
        ],
      }),
    );
    assert.deepEqual(
      [sent.Successful?.map(({ Id }) => Id), sent.Failed?.map(({ Id, Code }) => [Id, Code])],
      [['a'], [['b', 'InvalidParameterValue']]],
    );
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const Entries = [
      { Id: 'good', ReceiptHandle: Messages![0]!.ReceiptHandle! },
      { Id: 'bad', ReceiptHandle: 'nonsense' },
    ];
    const gone = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    assert.deepEqual(
      [gone.Successful?.map(({ Id }) => Id), gone.Failed?.map(({ Id, Code }) => [Id, Code])],
      [['good'], [['bad', 'ReceiptHandleIsInvalid']]],
    );
  });

  it('who waits gets a message as soon as it comes', async () => {
    const QueueUrl = await create('waiting');
    const received = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'here' }));
    assert.equal((await received).Messages?.[0]?.Body, 'here');
  });

  it('a FIFO queue keeps the order of a group and drops repetitions', async () => {
    const QueueUrl = urls['steps'] ?? `${host.gateway.url}/123456789012/steps.fifo`;
    for (const MessageBody of ['1', '2', '2', '3'])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: 'g' }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['SequenceNumber', 'MessageGroupId'],
      }),
    );
    assert.deepEqual(
      Messages?.map(({ Body }) => Body),
      ['1', '2', '3'],
    );
    assert.equal(Messages?.[0]?.Attributes?.MessageGroupId, 'g');
    await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })), /MessageGroupId/);
  });

  it('errors are those of the service, by name and by code', async () => {
    const missing = new SendMessageCommand({
      QueueUrl: `${host.gateway.url}/123456789012/nowhere`,
      MessageBody: 'x',
    });
    await assert.rejects(sqs.send(missing), (error: Error & { Code?: string }) => {
      assert.equal(error.name, 'QueueDoesNotExist');
      assert.equal(error.Code, 'AWS.SimpleQueueService.NonExistentQueue');
      return true;
    });
    const QueueUrl = await create('errors');
    const rejections: [{ send: () => Promise<unknown> }, string][] = [
      [{ send: () => create('errors', { VisibilityTimeout: '77' }) }, 'QueueNameExists'],
      [{ send: () => create('bad name') }, 'InvalidParameterValue'],
      [{ send: () => create('odd', { Nonsense: '1' }) }, 'InvalidAttributeName'],
      [{ send: () => create('odd', { VisibilityTimeout: '-1' }) }, 'InvalidAttributeValue'],
      [{ send: () => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })) }, 'EmptyBatchRequest'],
      [
        { send: () => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })) },
        'InvalidParameterValue',
      ],
      [
        { send: () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' })) },
        'ReceiptHandleIsInvalid',
      ],
      [
        { send: () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a\u0000b' })) },
        'InvalidMessageContents',
      ],
    ];
    for (const [{ send }, expected] of rejections) {
      await assert.rejects(send(), (error: Error & { Code?: string }) => {
        const named = `${error.name} ${error.Code ?? ''}`;
        assert.ok(named.includes(expected), `${named} is not ${expected}`);
        return true;
      });
    }
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await assert.rejects(sqs.send(new PurgeQueueCommand({ QueueUrl })), { name: 'PurgeQueueInProgress' });
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await assert.rejects(sqs.send(new DeleteQueueCommand({ QueueUrl })), { name: 'QueueDoesNotExist' });
    const declared = `${host.gateway.url}/123456789012/orders`;
    await assert.rejects(sqs.send(new DeleteQueueCommand({ QueueUrl: declared })), /template\.yaml/);
  });

  it('dead letters are moved, found and moved back', async () => {
    const dead = await create('dead-letters');
    const deadLetterTargetArn = await arnOf(dead);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    const QueueUrl = await create('dying');
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    assert.equal((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages, undefined);
    const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    assert.deepEqual(queueUrls, [QueueUrl]);
    const [letter] = (
      await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: dead,
          VisibilityTimeout: 0,
          MessageSystemAttributeNames: ['DeadLetterQueueSourceArn'],
        }),
      )
    ).Messages!;
    assert.equal(letter?.Attributes?.DeadLetterQueueSourceArn, await arnOf(QueueUrl));
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetterTargetArn }));
    const back = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    assert.equal(back.Messages?.[0]?.Body, 'poison');
  });

  it('web pages and foreign names reach none of it', async () => {
    const headers = { 'X-Amz-Target': 'AmazonSQS.ListQueues', 'Content-Type': 'application/x-amz-json-1.0' };
    const answer = await fetch(`${host.gateway.url}/`, {
      method: 'POST',
      headers: { ...headers, Origin: 'https://example.com' },
      body: '{}',
    });
    assert.equal(answer.status, 403);
  });

  it('the query protocol of older clients is spoken as well', async () => {
    const post = async (path: string, parameters: Record<string, string>) => {
      const answer = await fetch(host.gateway.url + path, {
        method: 'POST',
        headers: {
          Authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/eu-west-1/sqs/aws4_request, Signature=0',
        },
        body: new URLSearchParams({ Version: '2012-11-05', ...parameters }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const made = await post('/', {
      Action: 'CreateQueue',
      QueueName: 'older',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '5',
    });
    assert.match(made.text, /<CreateQueueResult><QueueUrl>http:\/\/127\.0\.0\.1:\d+\/\d+\/older<\/QueueUrl>/);
    const path = '/123456789012/older';
    const sent = await post(path, {
      Action: 'SendMessageBatch',
      'SendMessageBatchRequestEntry.1.Id': 'one',
      'SendMessageBatchRequestEntry.1.MessageBody': 'a < b & "c"',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'n',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'Number',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': '7',
      'SendMessageBatchRequestEntry.2.Id': 'two',
    });
    assert.match(sent.text, /<SendMessageBatchResultEntry><Id>one<\/Id>/);
    assert.match(sent.text, /<BatchResultErrorEntry><Id>two<\/Id>.*<Code>MissingParameter<\/Code>/);
    const received = await post(path, {
      Action: 'ReceiveMessage',
      'AttributeName.1': 'All',
      'MessageAttributeName.1': 'n',
    });
    assert.match(received.text, /<Body>a &lt; b &amp; &quot;c&quot;<\/Body>/);
    assert.match(
      received.text,
      /<MessageAttribute><Name>n<\/Name><Value><StringValue>7<\/StringValue><DataType>Number<\/DataType><\/Value>/,
    );
    assert.match(
      received.text,
      /<Attribute><Name>ApproximateReceiveCount<\/Name><Value>1<\/Value><\/Attribute>/,
    );
    const refused = await post('/123456789012/nowhere', { Action: 'PurgeQueue' });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /<Code>AWS\.SimpleQueueService\.NonExistentQueue<\/Code>/);
  });

  it('the command line of AWS works with them', async (t) => {
    const environment = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_PAGER: '',
    };
    const aws = async (...command: string[]) => {
      const parameters = ['--endpoint-url', host.gateway.url, '--output', 'json', 'sqs', ...command];
      const { stdout } = await run('aws', parameters, {
        env: environment,
        shell: process.platform === 'win32',
      });
      return stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
    };
    try {
      await run('aws', ['--version'], { shell: process.platform === 'win32' });
    } catch {
      return t.skip('the command aws is not installed');
    }
    const { QueueUrl } = (await aws('create-queue', '--queue-name', 'by-aws')) as { QueueUrl: string };
    await aws('send-message', '--queue-url', QueueUrl, '--message-body', 'from the command line');
    const { Messages } = (await aws('receive-message', '--queue-url', QueueUrl)) as {
      Messages: { Body: string }[];
    };
    assert.equal(Messages[0]?.Body, 'from the command line');
  });
});
