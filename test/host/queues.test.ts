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
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

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

  /** Resolves with the record of the next invocation of the worker that fits. */
  const nextRecord = (fits: (record: InvocationRecord) => boolean): Promise<InvocationRecord> =>
    new Promise((resolve) => {
      const subscription = host.registry.get('Worker').onDidFinish((record) => {
        if (!fits(record)) return;
        subscription.dispose();
        resolve(record);
      });
    });

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
    assert.match(received.text, /<Body>a &#60; b &#38; &#34;c&#34;<\/Body>/);
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

  describe('a function', () => {
    it('gets messages in a batch, and those it names come again until they are dead', async () => {
      const first = nextRecord(({ logs }) => logs.some(({ text }) => text.includes('fail me')));
      const QueueUrl = `${host.gateway.url}/123456789012/orders`;
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: ['good', 'fail me'].map((MessageBody, index) => ({ Id: `${index}`, MessageBody })),
        }),
      );
      const record = await first;
      assert.deepEqual([record.trigger, record.triggerName, record.status], ['queue', 'Incoming', 'ok']);
      const { Records } = JSON.parse(record.event.data) as { Records: Record<string, unknown>[] };
      const failing = Records.find(({ body }) => body === 'fail me')!;
      assert.deepEqual(Object.keys(failing).sort(), [
        'attributes',
        'awsRegion',
        'body',
        'eventSource',
        'eventSourceARN',
        'md5OfBody',
        'messageAttributes',
        'messageId',
        'receiptHandle',
      ]);
      assert.equal(failing['eventSourceARN'], 'arn:aws:sqs:us-east-1:123456789012:orders');
      const second = await nextRecord(({ attempt }) => attempt?.number === 2);
      assert.match(second.label ?? '', /^orders [0-9a-f]{8}, receive 2 of 2$/);
      const dead = host.queues.hub.find('Dead')!;
      const letters = new Promise<void>((resolve) => {
        const changes = dead.onDidChange(() => {
          changes.dispose();
          resolve();
        });
      });
      await letters;
      assert.deepEqual(
        dead.queue.messages.map(({ body }) => body),
        ['fail me'],
      );
      assert.deepEqual(host.queues.hub.find('orders')!.queue.messages, []);
    });

    it('sends messages itself, to the address it was given', async () => {
      const handled = nextRecord(({ logs }) => logs.some(({ text }) => text.includes('from inside')));
      const { body } = await invoke(host, 'Sender', { body: 'from inside' });
      const { url, status } = JSON.parse(body) as { url: string; status: number };
      assert.equal(url, `${host.gateway.url}/123456789012/orders`);
      assert.equal(status, 200);
      assert.equal((await handled).status, 'ok');
    });
  });

  describe('destinations of asynchronous invocations', () => {
    const callAsync = async (event: unknown) => {
      const url = `${host.gateway.url}/2015-03-31/functions/Risky/invocations`;
      const headers = { 'X-Amz-Invocation-Type': 'Event' };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
      assert.equal(answer.status, 202);
      return answer.headers.get('x-amzn-requestid')!;
    };

    it('a function that is the destination of success is invoked with what came of it', async () => {
      const heard = new Promise<InvocationRecord>((resolve) => {
        host.registry.get('Listener').onDidFinish(resolve);
      });
      const requestId = await callAsync({ fail: false });
      const record = await heard;
      const event = JSON.parse(record.event.data) as Record<string, Record<string, unknown>>;
      assert.equal(event['version'], '1.0');
      assert.deepEqual(event['requestContext'], {
        requestId,
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Risky:$LATEST',
        condition: 'Success',
        approximateInvokeCount: 1,
      });
      assert.deepEqual(event['requestPayload'], { fail: false });
      assert.deepEqual(event['responsePayload'], { done: true });
      assert.equal(record.parent, requestId);
    });

    it('a queue that is the destination of failure gets a message, and a dead-letter queue the event', async () => {
      const QueueUrl = `${host.gateway.url}/123456789012/Results`;
      const requestId = await callAsync({ fail: true });
      const bodies: string[] = [];
      while (bodies.length < 2) {
        const received = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }),
        );
        for (const { Body, MessageAttributes } of received.Messages ?? [])
          bodies.push(MessageAttributes ? `${Body} ${MessageAttributes['RequestID']?.StringValue}` : Body!);
      }
      const letter = bodies.find((body) => body.startsWith('{"fail":true}'));
      assert.equal(letter, `{"fail":true} ${requestId}`);
      const record = JSON.parse(bodies.find((body) => body !== letter)!) as {
        requestContext: { condition: string };
        responseContext: { functionError: string };
        responsePayload: { errorMessage: string };
      };
      const { condition } = record.requestContext;
      const { functionError } = record.responseContext;
      const { errorMessage } = record.responsePayload;
      assert.deepEqual(
        [condition, functionError, errorMessage],
        ['RetriesExhausted', 'Unhandled', 'asked to'],
      );
    });
  });
});
