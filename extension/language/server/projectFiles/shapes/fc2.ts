import { fc2Keys } from '../../../../../runtime/model/projectFiles/serverlessDevs/fc2Keys.ts';
import { byText, list, map, named, number, oneOf, plain, value, type Shape } from '../shape.ts';

/* Component `fc` of Serverless Devs (its documentation, "Yaml-Spec"); which keys there are has its reader's list. */

const configs: Record<string, Shape> = {
  http: map(
    'Requests.',
    {
      authType: oneOf('Who may call.', ['anonymous', 'function'], { more: true }),
      methods: list('Methods that reach the function.'),
    },
    { open: true },
  ),
  timer: map(
    'A schedule.',
    {
      cronExpression: value('Second, minute, hour, day of month, month, day of week; or `@every 5m`.', {
        topic: 'schedule',
      }),
      enable: oneOf('Whether it fires.', ['true', 'false']),
      payload: {},
    },
    { open: true },
  ),
};

const triggerKeys = {
  ...plain(fc2Keys.trigger),
  name: value('Name of the trigger.'),
  type: oneOf('What sends the events.', [
    'http',
    'timer',
    'oss',
    'log',
    'mns_topic',
    'cdn_events',
    'tablestore',
    'eventbridge',
  ]),
};
const anyTrigger = map('A trigger.', triggerKeys);

/** Settings of a resource of component `fc`. */
export const fc2Props: Shape = map('Settings of service, function and triggers.', {
  ...plain(fc2Keys.props),
  region: value('Region, e.g. cn-hangzhou.'),
  service: map('Service the function belongs to.', { name: value('Name of the service.') }, { open: true }),
  function: map('Settings of the function.', {
    ...plain(fc2Keys.function),
    name: value('Name in the cloud.', { topic: 'functionName' }),
    runtime: value('What runs the function.', { topic: 'runtime' }),
    handler: value('`file.export`, relative to `codeUri`.', { topic: 'handler' }),
    codeUri: value('Folder with the code.', { topic: 'path' }),
    memorySize: value('Memory of an instance in MB.', { topic: 'memory', usual: '128' }),
    timeout: value('Longest time an invocation may take, in seconds.', { topic: 'timeout' }),
    initializer: value('`file.export` of what runs once, before the first invocation.', { topic: 'handler' }),
    initializationTimeout: number('Longest time it may take.', 1, 300, { unit: 's', usual: '3' }),
    instanceConcurrency: number('Requests an instance handles at a time.', 1, 200, { usual: '1' }),
    environmentVariables: named(
      'Variables of the function.',
      {},
      { topic: 'environment', snippet: '\n  ${1:NAME}: ${2:value}' },
    ),
  }),
  triggers: list('What calls the function.', {
    ...anyTrigger,
    choose: byText(
      'type',
      Object.fromEntries(
        Object.entries(configs).map(([type, config]) => [
          type,
          map('A trigger.', { ...triggerKeys, config }),
        ]),
      ),
      anyTrigger,
    ),
  }),
});
