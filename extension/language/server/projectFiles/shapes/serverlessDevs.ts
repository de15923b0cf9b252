import { getIn, textOf } from '../../../../../runtime/model/projectFiles/tree.ts';
import { cpuBounds } from '../../../../../runtime/model/functionComputeCpu.ts';
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
import { fc2Props } from './fc2.ts';
import { fc3Trigger } from './fc3Triggers.ts';

/* `s.yaml` of Serverless Devs, component `fc3` (devsapp/fc3, `schema.json`; the Function Compute API for bounds). */

const hook = (about: string, most: number): Shape =>
  map(about, {
    handler: value('`file.export` of the hook.', { topic: 'handler' }),
    timeout: number('Longest time it may take.', 1, most, { unit: 's', usual: '3' }),
    command: {},
  });

const auto = { values: [{ value: 'auto', about: 'Made when it is deployed.' }], more: true as const };

const healthCheck = map('How the cloud sees that the server is ready.', {
  httpGetUrl: value('Path that is asked.'),
  initialDelaySeconds: number('Time before the first question.', 0, 120, { usual: '0', unit: 's' }),
  periodSeconds: number('Time between questions.', 1, 120, { usual: '3', unit: 's' }),
  timeoutSeconds: number('Time an answer may take.', 1, 3, { usual: '1', unit: 's' }),
  failureThreshold: number('Failures in a row that count.', 1, 120, { usual: '3' }),
  successThreshold: number('Successes in a row that count.', 1, 120, { usual: '1' }),
});

const props = map(
  'Settings of the function.',
  {
    region: value('Region, e.g. cn-hangzhou.', {
      values: [
        'cn-hangzhou',
        'cn-shanghai',
        'cn-qingdao',
        'cn-beijing',
        'cn-zhangjiakou',
        'cn-huhehaote',
        'cn-wulanchabu',
        'cn-shenzhen',
        'cn-chengdu',
        'cn-hongkong',
        'ap-northeast-1',
        'ap-northeast-2',
        'ap-southeast-1',
        'ap-southeast-3',
        'ap-southeast-5',
        'ap-southeast-7',
        'eu-central-1',
        'eu-west-1',
        'us-east-1',
        'us-west-1',
        'me-central-1',
      ].map((each) => ({ value: each })),
      more: true,
    }),
    functionName: value('Name in the cloud.', { topic: 'functionName' }),
    runtime: value('What runs the function.', { topic: 'runtime' }),
    handler: value('`file.export`, relative to `code`.', { topic: 'handler' }),
    code: {
      about: 'Folder with the code, or an object of OSS.',
      topic: 'path',
      keys: { src: value('Folder with the code.', { topic: 'path' }), ossBucketName: {}, ossObjectName: {} },
      snippet: ' ${1:./code}',
    },
    description: value('For people.'),
    cpu: number('Processors; 1 to 4 GB of memory share one.', cpuBounds.min, cpuBounds.max, {
      step: cpuBounds.step,
      topic: 'cpu',
      usual: '0.35',
    }),
    memorySize: value('Memory of an instance in MB.', { topic: 'memory' }),
    diskSize: oneOf('Room in /tmp, in MB.', ['512', '10240'], { usual: '512' }),
    timeout: value('Longest time an invocation may take, in seconds.', { topic: 'timeout' }),
    instanceConcurrency: number(
      'Requests an instance handles at a time; more than 1 for custom runtimes only.',
      1,
      200,
      { usual: '1' },
    ),
    environmentVariables: named(
      'Variables of the function.',
      {},
      { topic: 'environment', snippet: '\n  ${1:NAME}: ${2:value}' },
    ),
    layers: list('ARNs of layer versions, at most 5.', {}, { most: 5 }),
    internetAccess: yesNo('Whether it reaches the internet.', { usual: 'true' }),
    role: value('ARN of the role it runs with.', auto),
    logConfig: {
      about: 'Where the log goes.',
      ...auto,
      keys: {
        logBeginRule: oneOf('How lines become entries.', ['DefaultRegex', 'None']),
        ...plain([
          'project',
          'logstore',
          'enableRequestMetrics',
          'enableInstanceMetrics',
          'enableLlmMetrics',
        ]),
      },
    },
    nasConfig: {
      about: 'File systems that are mounted.',
      ...auto,
      keys: plain(['userId', 'groupId', 'mountPoints']),
    },
    ossMountConfig: { about: 'Buckets that are mounted.', ...auto, keys: plain(['mountPoints']) },
    vpcConfig: {
      about: 'Network of the function.',
      ...auto,
      keys: plain(['vpcId', 'vSwitchIds', 'securityGroupId', 'role']),
    },
    vpcBinding: map('Networks that may call it.', { vpcIds: {} }),
    customRuntimeConfig: map(
      'How the server of a custom runtime starts.',
      {
        command: list('The program and its arguments.'),
        args: list('Further arguments.'),
        port: number('Port it listens on.', 1, 65_535, { usual: '9000' }),
        healthCheckConfig: healthCheck,
      },
      { snippet: '\n  command: [${1:./bootstrap}]\n  port: ${2:9000}' },
    ),
    customContainerConfig: map(
      'The image of a function.',
      {
        image: value('Address of the image.'),
        port: number('Port it listens on.', 1, 65_535, { usual: '9000' }),
        healthCheckConfig: healthCheck,
        ...plain([
          'command',
          'entrypoint',
          'registryConfig',
          'acrInstanceId',
          'accelerationType',
          'accelerationInfo',
          'resolvedImageUri',
          'webServerMode',
        ]),
      },
      { open: true },
    ),
    customDNS: map('Name servers.', plain(['nameServers', 'searches', 'dnsOptions'])),
    gpuConfig: map(
      'Graphics processor.',
      {
        gpuType: value('Kind.', {
          values: ['fc.gpu.tesla.1', 'fc.gpu.ampere.1', 'fc.gpu.ada.1'].map((each) => ({ value: each })),
          more: true,
        }),
        gpuMemorySize: {},
      },
      { open: true },
    ),
    instanceLifecycleConfig: map(
      'Hooks of an instance.',
      {
        initializer: hook('Runs once, before the first invocation.', 300),
        preStop: hook('Runs before the instance ends.', 90),
      },
      { open: true },
    ),
    tracingConfig: map('Where traces go.', plain(['type', 'params', 'jaegerConfig']), { open: true }),
    triggers: list('What calls the function.', fc3Trigger, {
      snippet:
        '\n  - triggerName: ${1:httpTrigger}\n    triggerType: ${2:http}\n    triggerConfig:\n      authType: ${3:anonymous}\n      methods: [${4:GET}]',
    }),
    asyncInvokeConfig: map(
      'What comes of asynchronous invocations.',
      {
        asyncTask: yesNo('Keep the state of each.'),
        maxAsyncEventAgeInSeconds: number('Older events are given up.', 1, 2_592_000, {
          unit: 's',
          usual: '18000',
        }),
        maxAsyncRetryAttempts: number('How often a failed event is repeated.', 0, 8, { usual: '3' }),
        destinationConfig: map('Where results go.', {
          onSuccess: map('After success.', { destination: {} }),
          onFailure: map('After failure.', { destination: {} }),
        }),
        qualifier: {},
      },
      { open: true },
    ),
    concurrencyConfig: map('Bound of instances.', { reservedConcurrency: {} }, { open: true }),
    provisionConfig: map(
      'Instances that are kept.',
      plain([
        'defaultTarget',
        'target',
        'alwaysAllocateCPU',
        'alwaysAllocateGPU',
        'scheduledActions',
        'targetTrackingPolicies',
        'qualifier',
      ]),
      { open: true },
    ),
    scalingConfig: map(
      'How instances are scaled.',
      plain([
        'minInstances',
        'residentPoolId',
        'horizontalScalingPolicies',
        'scheduledPolicies',
        'enableMixMode',
        'enableOnDemandScaling',
        'requestDispatchPolicy',
      ]),
      { open: true },
    ),
    customDomain: map(
      'A domain of your own.',
      {
        domainName: value('The domain.', auto),
        protocol: oneOf('Protocol.', ['HTTP', 'HTTPS', 'HTTP,HTTPS'], { more: true }),
        route: map(
          'What goes to the function.',
          { path: value('Path, e.g. /*.'), ...plain(['qualifier', 'methods', 'rewriteConfig']) },
          { open: true },
        ),
        ...plain(['certConfig', 'tlsConfig', 'authConfig', 'corsConfig', 'wafConfig']),
      },
      { open: true },
    ),
    ...plain([
      'sessionAffinity',
      'sessionAffinityConfig',
      'tags',
      'annotations',
      'endpoint',
      'supplement',
      'resourceGroupId',
      'instanceIsolationMode',
      'enableLongLiving',
      'disableOndemand',
      'disableInjectCredentials',
      'idleTimeout',
      'juiceFsConfig',
      'polarFsConfig',
      'invocationRestriction',
    ]),
  },
  {
    open: true,
    snippet:
      '\n  region: ${1:cn-hangzhou}\n  functionName: ${2:hello}\n  runtime: ${3:nodejs20}\n  code: ${4:./code}\n  handler: ${5:index.handler}',
  },
);

const resourceKeys = (of: Shape): Record<string, Shape> => ({
  component: value('What deploys it.', {
    values: [
      { value: 'fc3', about: 'Function Compute 3.0' },
      { value: 'fc', about: 'Function Compute 2.0' },
    ],
    more: true,
  }),
  props: of,
  access: value('Alias of the credentials.'),
  extend: map('The template it is made of.', { name: {}, ignore: {} }, { open: true }),
  actions: value('Commands before and after others.'),
});

const otherResource = map('A resource.', { ...resourceKeys({}), provider: {} }, { open: true });
const fc3Resource = map('A function of Function Compute 3.0.', resourceKeys(props), { open: true });
const fc2Resource = map('A function of Function Compute 2.0.', resourceKeys(fc2Props), { open: true });

const resource: Shape = {
  ...otherResource,
  snippet:
    '\n  component: fc3\n  props:\n    region: ${1:cn-hangzhou}\n    functionName: ${2:hello}\n    runtime: ${3:nodejs20}\n    code: ${4:./code}\n    handler: ${5:index.handler}',
  choose(at) {
    const component = /^(?:devsapp\/)?(fc3?)(?:@|$)/.exec(textOf(getIn(at, 'component')) ?? '')?.[1];
    if (component === undefined) return otherResource;
    return component === 'fc3' ? fc3Resource : fc2Resource;
  },
};

const resources = named('Resources by name.', resource, {
  snippet:
    '\n  ${1:hello}:\n    component: fc3\n    props:\n      region: ${2:cn-hangzhou}\n      functionName: ${1:hello}\n      runtime: ${3:nodejs20}\n      code: ${4:./code}\n      handler: ${5:index.handler}',
});

const shape = map(
  'A project of Serverless Devs.',
  {
    edition: oneOf('Version of this format.', ['3.0.0', '1.0.0'], { more: true }),
    name: value('Name of the project.'),
    access: value('Alias of the credentials (`s config`).', { snippet: ' ${1:default}' }),
    vars: named('Values for `${vars.…}`.'),
    resources,
    services: { ...resources, about: 'Resources by name, in editions before 3.0.0.' },
    template: named('Settings that resources may `extend`.'),
    flow: value('Order in which resources are deployed.'),
    actions: value('Commands before and after others.'),
    extend: value('File these settings are laid over.', { topic: 'path' }),
  },
  { open: true },
);

const fc2Function = {
  handler: 'handler',
  code: [['codeUri']],
  runtime: 'runtime',
  environment: ['environmentVariables'],
  name: 'name',
};

const place = (list: string) => [
  { entry: [list, '*'], settings: ['props', 'function'], ...fc2Function },
  {
    entry: [list, '*'],
    settings: ['props'],
    handler: 'handler',
    code: [['code', 'src'], ['code']],
    runtime: 'runtime',
    environment: ['environmentVariables'],
    name: 'functionName',
  },
];

/** `s.yaml`. */
export const serverlessDevsShape: FileShape = {
  id: 'serverless-devs',
  shape: () => shape,
  platform: () => 'aliyun-fc',
  functions: [...place('resources'), ...place('services')],
  variables: true,
  intrinsics: false,
};
