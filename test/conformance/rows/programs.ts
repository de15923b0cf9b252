import assert from 'node:assert/strict';
import type { Row } from '../row.ts';

/** What only programs do: how they hear of events is what they see of their platform. */
export const programs: Row[] = (
  [
    {
      // What host and instances of other languages say to each other is not within their reach.
      name: 'counts-descriptors',
      module: 'programs',
      on: {
        'aws-lambda': { body: '{"piped":0,"names":["AWS_LAMBDA_RUNTIME_API"]}' },
        'aliyun-fc': { body: /^\{"piped":0,"names":\["FC_SERVER_PORT"/ },
      },
    },
    {
      name: 'tells-headers',
      module: 'programs',
      check: (record, tested, body) => {
        const headers = JSON.parse(body.toString()) as Record<string, string>;
        if (tested.platform === 'aws-lambda') {
          assert.equal(headers['lambda-runtime-aws-request-id'], record.id);
          assert.match(headers['lambda-runtime-invoked-function-arn']!, /:function:tells-headers$/);
          assert.match(headers['lambda-runtime-trace-id']!, /^Root=/);
          const leftMs = Number(headers['lambda-runtime-deadline-ms']) - record.receivedAt;
          assert.ok(leftMs > 50_000 && leftMs < 120_000, `${leftMs} ms`);
        } else {
          assert.equal(headers['x-fc-request-id'], record.id);
          assert.equal(headers['x-fc-control-path'], '/invoke');
          assert.equal(headers['x-fc-function-name'], 'tells-headers');
          assert.equal(headers['content-type'], 'application/octet-stream');
        }
      },
    },
    {
      name: 'answers-oddly',
      module: 'programs',
      on: {
        'aws-lambda': {
          body: '"first"',
          check: ({ logs }) => {
            const told = logs.find(({ text }) => text.startsWith('{'));
            // Told behind its answer, but before the next event.
            if (!told) return;
            assert.deepEqual(JSON.parse(told.text), {
              unknown: '400 InvalidRequestID',
              first: '202 OK',
              second: '403 InvalidStateTransition',
              error: '403 InvalidStateTransition',
              init: '403 InvalidStateTransition',
            });
          },
        },
        'aliyun-fc': false,
      },
    },
    {
      name: 'answers-with-bad-mode',
      module: 'programs',
      on: {
        'aws-lambda': {
          status: 'error',
          error: /^Runtime\.InvalidResponseModeHeader: Invalid function response mode$/,
        },
        'aliyun-fc': false,
      },
    },
    {
      name: 'reports-unknown-type',
      module: 'programs',
      on: {
        'aws-lambda': {
          status: 'error',
          error: /^Function\.Unknown: no JSON at all$/,
          body: 'no JSON at all',
        },
        'aliyun-fc': false,
      },
    },
    {
      name: 'streams',
      module: 'programs',
      on: {
        'aws-lambda': {
          body: /^\{"statusCode":201,/,
          http: { status: 201, body: 'one two', headers: { 'x-kind': 'streamed', 'set-cookie': 'a=b' } },
        },
        'aliyun-fc': false,
      },
    },
    {
      name: 'streams and fails',
      export: 'streams',
      module: 'programs',
      event: { fails: true },
      on: {
        'aws-lambda': {
          status: 'error',
          error: /^Function\.Broken: broke off$/,
          body: '{"errorMessage":"broke off","errorType":"Function.Broken"}',
          http: { status: 500 },
        },
        'aliyun-fc': false,
      },
    },
    {
      name: 'has-extension',
      module: 'programs',
      on: {
        'aws-lambda': {
          check: (record, _, body) =>
            assert.deepEqual(JSON.parse(body.toString()), {
              status: 200,
              functionName: 'has-extension',
              eventType: 'INVOKE',
              requestId: record.id,
              late: 403,
            }),
        },
        'aliyun-fc': false,
      },
    },
  ] satisfies Row[]
).map((row) => ({ ...row, trait: 'program' }) as const);
