import { funcSettings, moved } from '../../../../../runtime/model/projectFiles/func/schema.ts';
import { runtimesOf } from '../../../../../runtime/model/runtimes.ts';
import { value, type FileShape, type Shape } from '../shape.ts';
import { fromSchema, refine } from './fromSchema.ts';

const strategies = [
  { value: 'http', about: 'The function gets the request.' },
  { value: 'cloudevent', about: 'The function gets a CloudEvent.' },
];

/** What `func` knows of each key (knative/func, `schema/func_yaml-schema.json` and docs "func.yaml"). */
const words: Record<string, Shape> = {
  specVersion: value('Version of this format, e.g. 0.36.0; `func` carries older files over.'),
  name: value('Name of the function, and of its service on the cluster.', { topic: 'functionName' }),
  runtime: {
    about: 'Language pack that builds and runs the function.',
    topic: 'runtime',
    values: runtimesOf('knative').map(({ id }) => ({ value: id })),
    more: true,
  },
  registry: value('Where images are pushed, e.g. docker.io/alice.'),
  image: value('Image the function is built as; made of `registry` and `name` when absent.'),
  domain: value("Domain of the function's address on the cluster."),
  created: value('When `func create` made the function.'),
  invoke: { about: 'How the function is called.', usual: 'http', values: strategies },
  build: value('How the image is built.'),
  'build.builder': {
    about: 'What builds the image.',
    usual: 'pack',
    values: [{ value: 'pack' }, { value: 's2i' }, { value: 'host' }],
    more: true,
  },
  'build.buildEnvs': value('Variables of the build.'),
  'build.builderImages': value('Builder images by builder.'),
  'build.buildpacks': value('Buildpacks beside those of the builder.'),
  'build.git': value('Repository a build on the cluster takes the code from.'),
  run: value('What the function has while it runs.'),
  'run.envs': value(
    'Variables: `name` and `value`; `{{ env:NAME }}` takes one of the machine that deploys.',
    {
      snippet: '\n  - name: ${1:NAME}\n    value: ${2:value}',
    },
  ),
  'run.envs.*.name': value('Name of the variable; absent to take all of a secret or configuration map.'),
  'run.envs.*.value': value('Text, `{{ env:NAME }}`, `{{ secret:name:key }}` or `{{ configMap:name:key }}`.'),
  'run.volumes': value('Secrets and configuration maps as files.'),
  deploy: value('How the function lives on the cluster.'),
  'deploy.namespace': value('Namespace it is deployed to.'),
  'deploy.annotations': value('Annotations of the service.'),
  'deploy.labels': value('Labels of the service: `key` and `value`.'),
  'deploy.options': value('Scale and resources.'),
  'deploy.options.scale': value('How many instances there are.'),
  'deploy.options.scale.min': value('Instances that are kept.', { usual: '0' }),
  'deploy.options.scale.max': value('Most instances; 0: as many as are wanted.', { usual: '0' }),
  'deploy.options.scale.metric': value('What instances are added by.', { usual: 'concurrency' }),
  'deploy.options.scale.target': value('Requests, or requests a second, that an instance is meant for.', {
    usual: '100',
  }),
  'deploy.options.scale.utilization': value(
    'Share of the target, in percent, at which instances are added.',
    { usual: '70' },
  ),
  'deploy.options.resources.limits.concurrency': value(
    'Most requests an instance has at a time; 0: no bound.',
    { usual: '0' },
  ),
  'deploy.options.resources.limits.memory': value('Memory an instance may take, e.g. 256Mi.', {
    topic: 'memory',
  }),
  'deploy.options.resources.limits.cpu': value('Processors an instance may take, e.g. 1000m.'),
  'deploy.options.resources.requests.memory': value('Memory kept free for an instance, e.g. 128Mi.'),
  'deploy.options.resources.requests.cpu': value('Processors kept free for an instance, e.g. 100m.'),
  'deploy.healthEndpoints.liveness': value('Path that is asked whether the instance lives.', {
    usual: '/health/liveness',
  }),
  'deploy.healthEndpoints.readiness': value('Path that is asked whether the instance takes requests.', {
    usual: '/health/readiness',
  }),
};

/** Older versions have settings of `build`, `run` and `deploy` at the top: these are known there, and not proposed. */
export const olderKeys: readonly string[] = Object.values(moved).flat();

const shape = refine(fromSchema(funcSettings), words);

/** `func.yaml` of Knative. */
export const funcShape: FileShape = {
  id: 'func',
  shape: () => shape,
  platform: () => 'knative',
  functions: [
    {
      entry: [],
      settings: [],
      runtime: 'runtime',
      name: 'name',
      environmentItems: [['run', 'envs'], ['envs']],
    },
  ],
  variables: false,
  intrinsics: false,
};
