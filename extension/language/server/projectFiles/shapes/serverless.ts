import {
  inheritedKeys,
  otherFunctionKeys,
  topKeys,
  usedFunctionKeys,
} from '../../../../../runtime/model/projectFiles/serverlessFramework/settings.ts';
import { getIn, textOf, type Tree } from '../../../../../runtime/model/projectFiles/tree.ts';
import {
  list,
  map,
  named,
  number,
  oneOf,
  plain,
  value,
  yesNo,
  type FileShape,
  type Shape,
} from '../shape.ts';
import { aliyunEvent, awsEvent } from './serverlessEvents.ts';

/*
 * `serverless.yml` ("Serverless.yml Reference"; names of keys are those its reader knows). Plugins add settings everywhere:
 * only what looks like a slip of a known one is told.
 */

const shared: Record<string, Shape> = {
  runtime: value('What runs the functions.', { topic: 'runtime' }),
  memorySize: value('Memory of an instance in MB.', { topic: 'memory' }),
  timeout: value('Longest time an invocation may take, in seconds.', { topic: 'timeout' }),
  environment: named('Variables.', {}, { topic: 'environment', snippet: '\n  ${1:NAME}: ${2:value}' }),
  architecture: oneOf('Processor.', ['x86_64', 'arm64'], { usual: 'x86_64' }),
  layers: list('ARNs of layer versions, at most 5.'),
  logRetentionInDays: oneOf('How long the log is kept, in days.', [
    '1',
    '3',
    '5',
    '7',
    '14',
    '30',
    '60',
    '90',
    '120',
    '150',
    '180',
    '365',
    '400',
    '545',
    '731',
    '1096',
    '1827',
    '2192',
    '2557',
    '2922',
    '3288',
    '3653',
  ]),
  tags: named('Tags by name.'),
  vpc: map('Network.', plain(['securityGroupIds', 'subnetIds', 'ipv6AllowedForDualStack']), { open: true }),
};

const functionShape = (event: Shape): Shape =>
  map(
    'A function.',
    {
      ...plain([...usedFunctionKeys, ...otherFunctionKeys]),
      ...shared,
      handler: value('`file.export`, relative to this file.', { topic: 'handler' }),
      name: value('Name in the cloud; service, stage and key when absent.', { topic: 'functionName' }),
      description: value('For people.'),
      events: list('What calls the function.', event, { snippet: '\n  - ${1:httpApi}: ${2:GET /hello}' }),
      url: yesNo('Address of its own.', {
        more: true,
        keys: plain(['authorizer', 'cors', 'invokeMode']),
        open: true,
      }),
      ephemeralStorageSize: number('Room in /tmp.', 512, 10_240, { unit: 'MB', usual: '512' }),
      reservedConcurrency: value("Most instances at a time, taken out of the account's."),
      provisionedConcurrency: value('Instances that are kept ready.'),
      maximumRetryAttempts: number('How often a failed asynchronous event is repeated.', 0, 2, {
        usual: '2',
      }),
      maximumEventAge: number('Older asynchronous events are given up.', 60, 21_600, {
        unit: 's',
        usual: '21600',
      }),
      package: map(
        'What goes into the package.',
        plain(['artifact', 'individually', 'patterns', 'include', 'exclude']),
        { open: true },
      ),
      image: value('Image of the function.'),
      initializer: value('`file.export` of what runs once, before the first invocation.', {
        topic: 'handler',
      }),
    },
    { open: true, snippet: '\n  handler: ${1:src/hello.handler}' },
  );

const provider: Record<string, Shape> = {
  ...plain(inheritedKeys),
  ...shared,
  name: oneOf(
    'The cloud.',
    [
      ['aws', 'AWS Lambda'],
      ['aliyun', 'Alibaba Cloud Function Compute'],
    ],
    { more: true },
  ),
  region: value('Region, e.g. us-east-1.'),
  stage: value('Stage, e.g. dev.', { usual: 'dev' }),
  versionFunctions: yesNo('Keep old versions.', { usual: 'true' }),
  httpApi: map(
    'HTTP API of the service.',
    plain([
      'id',
      'name',
      'payload',
      'metrics',
      'cors',
      'authorizers',
      'disableDefaultEndpoint',
      'useProviderTags',
      'shouldStartNameWithService',
      'timeout',
      'throttle',
    ]),
    { open: true },
  ),
  deploymentMethod: oneOf('How CloudFormation deploys.', ['direct', 'changesets'], { usual: 'direct' }),
  ...plain([
    'account',
    'accountId',
    'ramRoleStatements',
    'alb',
    'apiGateway',
    'apiKeys',
    'apiName',
    'cfnRole',
    'cfLogs',
    'cloudFront',
    'cloudwatch',
    'credentials',
    'deploymentBucket',
    'deploymentPrefix',
    'disableRollbacks',
    'disableDefaultOutputExportNames',
    'disableLogs',
    'ecr',
    'endpointType',
    'eventBridge',
    'iam',
    'iamRoleStatements',
    'iamManagedPolicies',
    'kinesis',
    'kmsKeyArn',
    'lambdaHashingVersion',
    'logDataProtectionPolicy',
    'logs',
    'minimumCompressionSize',
    'notificationArns',
    'profile',
    'recursiveLoop',
    'reservedConcurrency',
    'resolver',
    'resourcePolicy',
    'role',
    'rolePermissionsBoundary',
    'rollbackConfiguration',
    's3',
    'runtimeManagement',
    'snapStart',
    'stackName',
    'stackParameters',
    'stackPolicy',
    'stackTags',
    'tracing',
    'usagePlan',
    'variableSyntax',
    'vpcEndpointIds',
    'websocketApi',
    'websocketsApiName',
    'websocketsApiRouteSelectionExpression',
    'websocketsDescription',
    'build',
    'observability',
    'layers',
  ]),
};

function shapeFor(event: Shape): Shape {
  const functionsShape = named('Functions by key.', functionShape(event), {
    snippet: '\n  ${1:hello}:\n    handler: ${2:src/hello.handler}',
  });
  return map(
    'A service of the Serverless Framework.',
    {
      ...plain(topKeys),
      service: value('Name of the service; names of functions begin with it.'),
      frameworkVersion: oneOf('Version of the framework.', ["'3'", "'4'"], { more: true }),
      provider: map('The cloud, and what all functions have.', provider, {
        open: true,
        snippet: '\n  name: ${1:aws}\n  runtime: ${2:nodejs22.x}',
      }),
      functions: { ...functionsShape, items: functionsShape },
      plugins: list('Plugins by package name.'),
      custom: value('Values of plugins, and for `${self:custom.…}`.'),
      package: map(
        'What goes into packages.',
        plain([
          'artifact',
          'individually',
          'patterns',
          'include',
          'exclude',
          'excludeDevDependencies',
          'path',
        ]),
        { open: true },
      ),
      resources: value('Resources of CloudFormation: a template, or a list of some.'),
      layers: named('Layers that are deployed with the service.'),
      params: named('Values by stage, for `${param:…}`.'),
      stages: named('Settings by stage.'),
      useDotenv: yesNo('Read `.env` files; or where they are.', { more: true }),
      configValidationMode: oneOf('What happens when the file is wrong.', ['error', 'warn', 'off'], {
        usual: 'warn',
      }),
      deprecationNotificationMode: oneOf('How deprecations are told.', ['error', 'warn', 'warn:summary'], {
        more: true,
      }),
    },
    { open: true },
  );
}

const awsShape = shapeFor(awsEvent);
const aliyunShape = shapeFor(aliyunEvent);

function providerOf(root: Tree | undefined): string | undefined {
  const at = getIn(root, 'provider');
  return textOf(at) ?? textOf(getIn(at, 'name'));
}

/** `serverless.yml`. */
export const serverlessShape: FileShape = {
  id: 'serverless',
  shape: (root) => (providerOf(root) === 'aliyun' ? aliyunShape : awsShape),
  platform(root) {
    const name = providerOf(root);
    return name === 'aliyun' ? 'aliyun-fc' : name === 'aws' || name === undefined ? 'aws-lambda' : undefined;
  },
  functions: [
    {
      entry: ['functions', '*'],
      settings: [],
      handler: 'handler',
      runtime: 'runtime',
      environment: ['environment'],
      name: 'name',
      shared: ['provider'],
    },
  ],
  variables: true,
  intrinsics: true,
};
