import { jsonOr, sample, seconds, type Sample, type SampleFacts } from './sample.ts';

/* Events of further AWS services (developer guide, chapters of the services; Cognito, SES and Step Functions guides). */

const platform = 'aws-lambda';

function busEvent(
  source: string,
  detailType: string,
  detail: unknown,
  resources: string[],
  facts: SampleFacts,
): object {
  const { id, at, region, accountId: account } = facts;
  return {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account,
    time: seconds(at),
    region,
    resources,
    detail,
  };
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

function s3Sample(kind: string, title: string, eventName: string): Sample {
  return sample({
    kind,
    platform,
    title,
    words: 'storage bucket object',
    types: kind === 's3-put' ? ['S3'] : [],
    fields: { bucket: ['bucket', 'photos'], key: ['key', 'in/cat.png'] },
    make({ bucket, key }, { at, region, accountId, function: name }) {
      const encoded = encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
      const content = eventName.startsWith('ObjectCreated')
        ? { size: 1024, eTag: '0123456789abcdef0123456789abcdef' }
        : {};
      return {
        Records: [
          {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            awsRegion: region,
            eventTime: at.toISOString(),
            eventName,
            userIdentity: { principalId: `AWS:${accountId}` },
            requestParameters: { sourceIPAddress: '127.0.0.1' },
            responseElements: {
              'x-amz-request-id': 'EXAMPLE123456789',
              'x-amz-id-2': 'EXAMPLE123/5678abcdefghijklambdaisawesome',
            },
            s3: {
              s3SchemaVersion: '1.0',
              configurationId: `${name}-upload`,
              bucket: {
                name: bucket,
                ownerIdentity: { principalId: accountId },
                arn: `arn:aws:s3:::${bucket}`,
              },
              object: { key: encoded, ...content, sequencer: '0A1B2C3D4E5F678901' },
            },
          },
        ],
      };
    },
  });
}

function cognitoSample(
  kind: string,
  title: string,
  triggerSource: string,
  request: object,
  response: object,
): Sample {
  return sample({
    kind,
    platform,
    title,
    words: 'user pool sign up in',
    types: kind === 'cognito-pre-sign-up' ? ['Cognito'] : [],
    fields: { user: ['user name', 'ada'], email: ['e-mail', 'ada@example.com'] },
    make: ({ user, email }, { region }) => ({
      version: '1',
      region,
      userPoolId: `${region}_EXAMPLE`,
      userName: user,
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: '1example23456789' },
      triggerSource,
      request: { userAttributes: { email }, ...request },
      response,
    }),
  });
}

/** Samples of buses, schedules, storage, sign-in, mail and workflows. */
export const awsServiceSamples: readonly Sample[] = [
  s3Sample('s3-put', 'S3 object created', 'ObjectCreated:Put'),
  s3Sample('s3-delete', 'S3 object removed', 'ObjectRemoved:Delete'),
  sample({
    kind: 'eventbridge',
    platform,
    title: 'EventBridge event',
    words: 'bus cloudwatch event rule',
    types: ['EventBridgeRule', 'CloudWatchEvent'],
    fields: {
      source: ['source', 'com.example.orders'],
      detailType: ['detail type', 'OrderPlaced'],
      detail: ['detail', '{"order":17}'],
    },
    valuesOf({ Pattern }) {
      const pattern = (Pattern ?? {}) as Record<string, unknown>;
      return { source: firstText(pattern['source']), detailType: firstText(pattern['detail-type']) };
    },
    make: ({ source, detailType, detail }, facts) => busEvent(source, detailType, jsonOr(detail), [], facts),
  }),
  sample({
    kind: 's3-eventbridge',
    platform,
    title: 'S3 object created, by EventBridge',
    words: 'storage bucket bus',
    fields: { bucket: ['bucket', 'photos'], key: ['key', 'in/cat.png'] },
    make: ({ bucket, key }, facts) =>
      busEvent(
        'aws.s3',
        'Object Created',
        {
          version: '0',
          bucket: { name: bucket },
          object: {
            key,
            size: 1024,
            etag: '0123456789abcdef0123456789abcdef',
            sequencer: '0A1B2C3D4E5F678901',
          },
          'request-id': 'EXAMPLE123456789',
          requester: facts.accountId,
          'source-ip-address': '127.0.0.1',
          reason: 'PutObject',
        },
        [`arn:aws:s3:::${bucket}`],
        facts,
      ),
  }),
  sample({
    kind: 'schedule',
    platform,
    title: 'EventBridge scheduled event',
    words: 'cron rate timer rule',
    types: ['Schedule'],
    fields: { rule: ['rule', 'nightly'] },
    make: ({ rule }, facts) =>
      busEvent(
        'aws.events',
        'Scheduled Event',
        {},
        [`arn:aws:events:${facts.region}:${facts.accountId}:rule/${rule}`],
        facts,
      ),
  }),
  sample({
    kind: 'scheduler',
    platform,
    title: 'EventBridge Scheduler event',
    words: 'cron rate timer',
    types: ['ScheduleV2'],
    fields: { schedule: ['schedule', 'nightly'] },
    make: ({ schedule }, facts) =>
      busEvent(
        'aws.scheduler',
        'Scheduled Event',
        '{}',
        [`arn:aws:scheduler:${facts.region}:${facts.accountId}:schedule/default/${schedule}`],
        facts,
      ),
  }),
  cognitoSample(
    'cognito-pre-sign-up',
    'Cognito: before sign-up',
    'PreSignUp_SignUp',
    { validationData: null },
    {
      autoConfirmUser: false,
      autoVerifyEmail: false,
      autoVerifyPhone: false,
    },
  ),
  cognitoSample(
    'cognito-post-confirmation',
    'Cognito: after confirmation',
    'PostConfirmation_ConfirmSignUp',
    {},
    {},
  ),
  cognitoSample(
    'cognito-pre-token',
    'Cognito: before a token is made',
    'TokenGeneration_Authentication',
    { groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null } },
    { claimsOverrideDetails: null },
  ),
  sample({
    kind: 'ses',
    platform,
    title: 'SES mail received',
    words: 'email simple',
    fields: {
      from: ['from', 'ada@example.com'],
      to: ['to', 'orders@example.com'],
      subject: ['subject', 'An order'],
    },
    make({ from, to, subject }, { at, function: name, region, accountId }) {
      const date = at.toUTCString();
      const pass = { status: 'PASS' };
      return {
        Records: [
          {
            eventSource: 'aws:ses',
            eventVersion: '1.0',
            ses: {
              mail: {
                timestamp: at.toISOString(),
                source: from,
                messageId: 'o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1',
                destination: [to],
                headersTruncated: false,
                headers: [
                  { name: 'From', value: from },
                  { name: 'To', value: to },
                  { name: 'Subject', value: subject },
                ],
                commonHeaders: {
                  returnPath: from,
                  from: [from],
                  date,
                  to: [to],
                  messageId: '<0123456789example.com>',
                  subject,
                },
              },
              receipt: {
                timestamp: at.toISOString(),
                processingTimeMillis: 574,
                recipients: [to],
                spamVerdict: pass,
                virusVerdict: pass,
                spfVerdict: pass,
                dkimVerdict: pass,
                dmarcVerdict: pass,
                action: {
                  type: 'Lambda',
                  functionArn: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
                  invocationType: 'Event',
                },
              },
            },
          },
        ],
      };
    },
  }),
  sample({
    kind: 'step-functions',
    platform,
    title: 'Step Functions task with a token',
    words: 'state machine workflow sfn callback',
    fields: { input: ['input', '{"order":17}'] },
    make: ({ input }) => ({ TaskToken: 'AAAAKgAAAAIAAAAAAAAAAQEXAMPLE', Input: jsonOr(input) }),
  }),
  sample({
    kind: 'cloudformation',
    platform,
    title: 'CloudFormation custom resource',
    words: 'stack create update delete',
    fields: { type: ['request type', 'Create'], resource: ['resource', 'Demo'] },
    make: ({ type, resource }, { id, region, accountId, function: name }) => ({
      RequestType: type,
      ServiceToken: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
      ResponseURL: 'https://cloudformation-custom-resource-response.example.com/',
      StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/demo/${id}`,
      RequestId: id,
      LogicalResourceId: resource,
      ResourceType: `Custom::${resource}`,
      ResourceProperties: {
        ServiceToken: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
        Size: '1',
      },
    }),
  }),
  sample({
    kind: 'cloudfront',
    platform,
    title: 'CloudFront viewer request (Lambda@Edge)',
    words: 'edge cdn',
    fields: { path: ['path', '/index.html'] },
    make: ({ path }) => ({
      Records: [
        {
          cf: {
            config: {
              distributionDomainName: 'd111111abcdef8.cloudfront.net',
              distributionId: 'EDFDVBD6EXAMPLE',
              eventType: 'viewer-request',
              requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
            },
            request: {
              clientIp: '203.0.113.178',
              headers: {
                host: [{ key: 'Host', value: 'd111111abcdef8.cloudfront.net' }],
                'user-agent': [{ key: 'User-Agent', value: 'curl/8.5.0' }],
              },
              method: 'GET',
              querystring: '',
              uri: path,
            },
          },
        },
      ],
    }),
  }),
  sample({
    kind: 'iot-button',
    platform,
    title: 'IoT rule',
    words: 'mqtt device',
    types: ['IoTRule'],
    fields: { payload: ['message', '{"temperature":21.5}'] },
    make: ({ payload }) => jsonOr(payload),
  }),
];
