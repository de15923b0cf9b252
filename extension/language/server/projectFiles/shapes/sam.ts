import { getIn, textOf } from '../../../../../runtime/model/projectFiles/tree.ts';
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
import { samEvent } from './samEvents.ts';

/*
 * SAM templates (aws/serverless-application-model, `schema_source`; Lambda's API for bounds). Resources of CloudFormation are
 * left to its own tools: only what all have in common is known of them.
 */

const tracing = oneOf('Whether X-Ray follows invocations.', ['Active', 'PassThrough', 'Disabled']);
const destination = map('Where the result goes.', {
  Type: oneOf('Kind of the target.', ['SQS', 'SNS', 'Lambda', 'EventBridge', 'S3Bucket']),
  Destination: value('ARN of the target.'),
});

/** Settings that `Globals` may give all functions. */
const shared: Record<string, Shape> = {
  Handler: value('`file.export`, relative to `CodeUri`.', { topic: 'handler' }),
  Runtime: value('What runs the function.', { topic: 'runtime' }),
  CodeUri: value('Folder with the code, relative to this template.', { topic: 'path' }),
  MemorySize: value('Memory of an instance in MB; processors come with it (1769 MB: one).', {
    topic: 'memory',
  }),
  Timeout: value('Longest time an invocation may take, in seconds.', { topic: 'timeout' }),
  Description: value('For people.'),
  Environment: map(
    'Variables of the function.',
    {
      Variables: named(
        'Variables by name.',
        {},
        { topic: 'environment', snippet: '\n  ${1:NAME}: ${2:value}' },
      ),
    },
    { snippet: '\n  Variables:\n    ${1:NAME}: ${2:value}' },
  ),
  EphemeralStorage: map(
    'Room in /tmp.',
    { Size: number('Megabytes.', 512, 10_240, { usual: '512', unit: 'MB' }) },
    { snippet: '\n  Size: ${1:1024}' },
  ),
  Architectures: list('Processor.', oneOf('', ['x86_64', 'arm64']), {
    usual: 'x86_64',
    snippet: ' [${1|arm64,x86_64|}]',
  }),
  Layers: list('ARNs of layer versions, at most 5.'),
  Tracing: tracing,
  ReservedConcurrentExecutions: value("Most instances at a time, taken out of the account's."),
  ProvisionedConcurrencyConfig: map('Instances that are kept ready.', {
    ProvisionedConcurrentExecutions: {},
  }),
  AutoPublishAlias: value('Alias that every deploy moves to a new version.'),
  DeadLetterQueue: map('Gets events that are given up.', {
    Type: oneOf('Kind of the target.', ['SQS', 'SNS']),
    TargetArn: {},
  }),
  DeploymentPreference: map('How callers are moved to a new version.', {
    ...plain(['Alarms', 'Enabled', 'Hooks', 'PassthroughCondition', 'Role', 'TriggerConfigurations']),
    Type: oneOf(
      'Pace.',
      [
        'AllAtOnce',
        'Canary10Percent5Minutes',
        'Canary10Percent10Minutes',
        'Canary10Percent15Minutes',
        'Canary10Percent30Minutes',
        'Linear10PercentEvery1Minute',
        'Linear10PercentEvery2Minutes',
        'Linear10PercentEvery3Minutes',
        'Linear10PercentEvery10Minutes',
      ],
      { more: true },
    ),
  }),
  EventInvokeConfig: map('What comes of asynchronous invocations.', {
    MaximumEventAgeInSeconds: number('Older events are given up.', 60, 21_600, { usual: '21600', unit: 's' }),
    MaximumRetryAttempts: number('How often a failed event is repeated.', 0, 2, { usual: '2' }),
    DestinationConfig: map('Where results go.', { OnSuccess: destination, OnFailure: destination }),
    Qualifier: {},
  }),
  LoggingConfig: map('Form of the log.', {
    LogFormat: oneOf('Form.', ['Text', 'JSON'], { usual: 'Text' }),
    ApplicationLogLevel: oneOf('Least level of the function.', [
      'TRACE',
      'DEBUG',
      'INFO',
      'WARN',
      'ERROR',
      'FATAL',
    ]),
    SystemLogLevel: oneOf('Least level of the platform.', ['DEBUG', 'INFO', 'WARN']),
    LogGroup: {},
  }),
  SnapStart: map('Start from a snapshot (Java, Python from 3.12, .NET from 8).', {
    ApplyOn: oneOf('Of which versions.', ['None', 'PublishedVersions']),
  }),
  VpcConfig: map(
    'Network of the function.',
    plain(['SecurityGroupIds', 'SubnetIds', 'Ipv6AllowedForDualStack']),
  ),
  RecursiveLoop: oneOf(
    'What happens to a function that calls itself by its own events.',
    ['Allow', 'Terminate'],
    { usual: 'Terminate' },
  ),
  ...plain([
    'Tags',
    'PropagateTags',
    'KmsKeyArn',
    'RolePath',
    'PermissionsBoundary',
    'AssumeRolePolicyDocument',
    'RuntimeManagementConfig',
    'SourceKMSKeyArn',
    'CapacityProviderConfig',
    'FunctionScalingConfig',
    'VersionDeletionPolicy',
    'PublishToLatestPublished',
    'TenancyConfig',
    'DurableConfig',
  ]),
};

const properties = map('Settings of the function.', {
  ...shared,
  FunctionName: value('Name in the cloud; made by CloudFormation when absent.', { topic: 'functionName' }),
  Events: named('What calls the function, by name.', samEvent, {
    snippet: '\n  ${1:Api}:\n    Type: ${2:HttpApi}',
  }),
  FunctionUrlConfig: map(
    'Address of its own.',
    {
      AuthType: oneOf('Who may call it.', [
        ['NONE', 'Everybody.'],
        ['AWS_IAM', 'Callers that sign with AWS credentials.'],
      ]),
      InvokeMode: oneOf(
        'Whether results are passed on while they are made.',
        ['BUFFERED', 'RESPONSE_STREAM'],
        { usual: 'BUFFERED' },
      ),
      Cors: map(
        'Answers to pages of other origins.',
        plain([
          'AllowCredentials',
          'AllowHeaders',
          'AllowMethods',
          'AllowOrigins',
          'ExposeHeaders',
          'MaxAge',
        ]),
      ),
    },
    { snippet: '\n  AuthType: ${1|AWS_IAM,NONE|}' },
  ),
  PackageType: oneOf('Form of the package.', ['Zip', 'Image'], { usual: 'Zip' }),
  ImageConfig: map('How the image starts.', plain(['Command', 'EntryPoint', 'WorkingDirectory'])),
  Policies: value('Rights of the function: names of policies, templates or statements.'),
  Role: value('ARN of the role it runs with; one is made when absent.'),
  ...plain([
    'ImageUri',
    'InlineCode',
    'AutoPublishCodeSha256',
    'AutoPublishAliasAllProperties',
    'CodeSigningConfigArn',
    'FileSystemConfigs',
    'VersionDescription',
  ]),
});

const attributes: Record<string, Shape> = {
  Type: value('Type of the resource.', {
    values: [
      'AWS::Serverless::Function',
      'AWS::Serverless::Api',
      'AWS::Serverless::HttpApi',
      'AWS::Serverless::SimpleTable',
      'AWS::Serverless::LayerVersion',
      'AWS::Serverless::StateMachine',
      'AWS::Serverless::Application',
      'AWS::Serverless::Connector',
      'AWS::Serverless::GraphQLApi',
      'AWS::SQS::Queue',
      'AWS::SNS::Topic',
      'AWS::S3::Bucket',
      'AWS::DynamoDB::Table',
      'AWS::Events::Rule',
      'AWS::Logs::LogGroup',
      'AWS::IAM::Role',
    ].map((each) => ({ value: each })),
    more: true,
  }),
  DeletionPolicy: oneOf('What becomes of it when the stack goes.', [
    'Delete',
    'Retain',
    'RetainExceptOnCreate',
    'Snapshot',
  ]),
  UpdateReplacePolicy: oneOf('What becomes of it when it is replaced.', ['Delete', 'Retain', 'Snapshot']),
  ...plain([
    'DependsOn',
    'Condition',
    'Metadata',
    'CreationPolicy',
    'UpdatePolicy',
    'Connectors',
    'IgnoreGlobals',
    'Version',
  ]),
};

const build = map(
  'How `sam build` makes the package, and the like.',
  {
    BuildMethod: oneOf(
      'What builds.',
      [
        'esbuild',
        'makefile',
        'nodejs22.x',
        'nodejs20.x',
        'python3.13',
        'python3.12',
        'go1.x',
        'rust-cargolambda',
        'dotnet7',
      ],
      { more: true },
    ),
    BuildProperties: {},
  },
  { open: true },
);

const resource = map(
  'A resource.',
  { ...attributes, Properties: {} },
  {
    open: true,
    snippet:
      '\n  Type: AWS::Serverless::Function\n  Properties:\n    Handler: ${1:index.handler}\n    Runtime: ${2:nodejs22.x}',
  },
);
const functionResource = map('A function.', { ...attributes, Metadata: build, Properties: properties });

const anyResource: Shape = {
  ...resource,
  choose: (at) => (textOf(getIn(at, 'Type')) === 'AWS::Serverless::Function' ? functionResource : resource),
};

const shape = map('An AWS SAM template.', {
  AWSTemplateFormatVersion: oneOf("Version of CloudFormation's format.", ['2010-09-09'], {
    snippet: " '2010-09-09'",
  }),
  Transform: value("Macros; SAM's is AWS::Serverless-2016-10-31.", {
    values: [{ value: 'AWS::Serverless-2016-10-31' }],
    more: true,
    snippet: ' AWS::Serverless-2016-10-31',
  }),
  Description: value('For people.'),
  Globals: map(
    'Settings that all resources of a type have.',
    {
      Function: map('Settings that all functions have.', shared),
      ...plain([
        'Api',
        'HttpApi',
        'SimpleTable',
        'StateMachine',
        'LayerVersion',
        'CapacityProvider',
        'WebSocketApi',
      ]),
    },
    { snippet: '\n  Function:\n    Timeout: ${1:10}' },
  ),
  Resources: named('What the stack is made of, by logical id.', anyResource, {
    snippet:
      '\n  ${1:HelloFunction}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: ${2:index.handler}\n      Runtime: ${3:nodejs22.x}',
  }),
  Parameters: named(
    'Values that a deploy gives.',
    map(
      'A parameter.',
      {
        Type: value('Type of its value.', {
          values: ['String', 'Number', 'List<Number>', 'CommaDelimitedList'].map((each) => ({ value: each })),
          more: true,
        }),
        NoEcho: yesNo('Its value is not shown.'),
        ...plain([
          'AllowedPattern',
          'AllowedValues',
          'ConstraintDescription',
          'Default',
          'Description',
          'MaxLength',
          'MaxValue',
          'MinLength',
          'MinValue',
        ]),
      },
      { snippet: '\n  Type: String' },
    ),
  ),
  Outputs: named(
    'Values that the stack shows, by name.',
    map(
      'A value.',
      { ...plain(['Description', 'Value', 'Export', 'Condition']) },
      { snippet: '\n  Value: ${1}' },
    ),
  ),
  ...plain(['Metadata', 'Mappings', 'Conditions', 'Rules', 'Hooks']),
});

/** Templates of AWS SAM. */
export const samShape: FileShape = {
  id: 'sam',
  shape: () => shape,
  platform: () => 'aws-lambda',
  functions: [
    {
      entry: ['Resources', '*'],
      settings: ['Properties'],
      handler: 'Handler',
      code: [['CodeUri']],
      runtime: 'Runtime',
      environment: ['Environment', 'Variables'],
      name: 'FunctionName',
      shared: ['Globals', 'Function'],
    },
  ],
  variables: true,
  intrinsics: true,
};
