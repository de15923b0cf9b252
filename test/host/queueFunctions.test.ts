import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

describe('queues and functions', () => {
  let host: Host & { messages: string[] };
  let close: () => Promise<void>;
  let sqs: SQSClient;
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

  /** Resolves with the record of the next invocation of the worker that fits. */
  const nextRecord = (fits: (record: InvocationRecord) => boolean): Promise<InvocationRecord> =>
    new Promise((resolve) => {
      const subscription = host.registry.get('Worker').onDidFinish((record) => {
        if (!fits(record)) return;
        subscription.dispose();
        resolve(record);
      });
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
