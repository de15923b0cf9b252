/** What one object of the API holds. */
export type Fields = Record<string, unknown>;

/** An answer that says no. */
export class FcRefused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message = code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Refuses fields that an object of the API does not have. */
export function known(body: Fields, fields: string[]): void {
  for (const key of Object.keys(body)) check(fields.includes(key), `unknown field ${key}`);
}

/** The documented rules for the fields of a function. */
export function checkFunction(body: Fields, create: boolean): void {
  const { functionName, runtime, handler, code, memorySize, cpu, timeout, diskSize, layers, role } = body;
  check(/^[A-Za-z_][\w-]{0,63}$/.test(String(functionName)), 'functionName');
  check(/^(nodejs\d+|python3(\.\d+)?|php7\.2|custom(\.debian\d\d)?)$/.test(String(runtime)), 'runtime');
  check(typeof handler === 'string' && handler !== '', 'handler');
  if (create) check(typeof code === 'object', 'code');
  const memory = Number(memorySize ?? 512);
  check(Number.isInteger(memory) && memory >= 128 && memory <= 32_768 && memory % 64 === 0, 'memorySize');
  if (cpu !== undefined) {
    check(Math.abs(Number(cpu) * 20 - Math.round(Number(cpu) * 20)) < 1e-9, 'cpu');
    check(create || (memory / 1024 >= Number(cpu) && memory / 1024 <= 4 * Number(cpu)), 'cpu and memorySize');
  }
  check(timeout === undefined || (Number(timeout) >= 1 && Number(timeout) <= 86_400), 'timeout');
  check(diskSize === undefined || diskSize === 512 || diskSize === 10_240, 'diskSize');
  check(layers === undefined || (Array.isArray(layers) && layers.length <= 5), 'layers');
  check(role === undefined || /^acs:ram::\d+:role\//.test(String(role)), 'role');
  const concurrency = body['instanceConcurrency'];
  if (concurrency !== undefined) {
    check(
      Number.isInteger(concurrency) && Number(concurrency) >= 1 && Number(concurrency) <= 200,
      'concurrency',
    );
    check(concurrency === 1 || String(runtime).startsWith('custom'), 'concurrency of a built-in runtime');
  }
  const custom = body['customRuntimeConfig'] as Fields | undefined;
  if (custom) {
    known(custom, ['command', 'args', 'port', 'healthCheckConfig']);
    check(String(runtime).startsWith('custom'), 'customRuntimeConfig of a built-in runtime');
    check(Array.isArray(custom['command']) && Number.isInteger(custom['port']), 'customRuntimeConfig');
  }
  for (const value of Object.values(body['environmentVariables'] ?? {}))
    check(typeof value === 'string', 'environmentVariables');
}

/** The documented rules for triggers: `triggerConfig` is JSON in a string. */
export function checkTrigger(whole: Fields, body: Fields, create: boolean): void {
  const changeable = ['triggerConfig', 'qualifier', 'invocationRole', 'description'];
  known(body, create ? ['triggerName', 'triggerType', 'sourceArn', ...changeable] : changeable);
  const { triggerName, triggerType, triggerConfig, sourceArn, invocationRole } = whole;
  check(/^[A-Za-z_][\w-]{0,127}$/.test(String(triggerName)), 'triggerName');
  check(typeof triggerConfig === 'string', 'triggerConfig has to be text');
  const config = JSON.parse(triggerConfig as string) as Fields;
  if (triggerType === 'http') {
    check(/^(anonymous|function|jwt)$/.test(String(config['authType'])), 'authType');
    check(Array.isArray(config['methods']), 'methods');
    known(config, ['authType', 'methods', 'disableURLInternet', 'authConfig', 'corsConfig']);
    check(['undefined', 'string'].includes(typeof config['authConfig']), 'authConfig has to be text');
    check(config['authType'] !== 'jwt' || word(config['authConfig']), 'authConfig');
  } else if (triggerType === 'timer') {
    check(typeof config['cronExpression'] === 'string', 'cronExpression');
    check(typeof config['enable'] === 'boolean', 'enable');
  } else {
    const rule = sources[String(triggerType)];
    check(rule !== undefined, 'triggerType');
    known(config, Object.keys(rule!.settings));
    for (const [key, right] of Object.entries(rule!.settings)) check(right(config[key]), key);
    check(rule!.sourceArn.test(String(sourceArn ?? '')), 'sourceArn');
    if (triggerType === 'oss') check(invocationRole !== undefined, 'invocationRole');
  }
  check(
    invocationRole === undefined || /^acs:ram::\d+:role\//.test(String(invocationRole)),
    'invocationRole',
  );
  check(String(body['description'] ?? '').length <= 256, 'description');
}

type Rule = (value: unknown) => boolean;
const truth: Rule = (value) => typeof value === 'boolean';
const word: Rule = (value) => typeof value === 'string' && value !== '';
const may =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);
const oneOf =
  (...words: string[]): Rule =>
  (value) =>
    words.includes(String(value));
const has =
  (...keys: string[]): Rule =>
  (value) =>
    typeof value === 'object' && value !== null && keys.every((key) => word((value as Fields)[key]));

/** Settings of triggers by type, and what their sources are called. */
const sources: Record<string, { settings: Record<string, Rule>; sourceArn: RegExp }> = {
  oss: {
    settings: { events: Array.isArray, filter: may(has()) },
    sourceArn: /^acs:oss:[\w-]+:\d+:[\w-]+$/,
  },
  log: {
    settings: {
      enable: truth,
      functionParameter: may(has()),
      jobConfig: has(),
      logConfig: has('project', 'logstore'),
      sourceConfig: has('logstore'),
    },
    sourceArn: /^acs:log:[\w-]+:\d+:project\/[\w-]+$/,
  },
  mns_topic: {
    settings: {
      filterTag: () => true,
      notifyContentFormat: oneOf('STREAM', 'JSON'),
      notifyStrategy: oneOf('BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'),
    },
    sourceArn: /^acs:mns:[\w-]+:\d+:\/topics\/[\w-]+$/,
  },
  cdn_events: {
    settings: { eventName: word, eventVersion: word, notes: word, filter: has() },
    sourceArn: /^acs:cdn:\*:\d+$/,
  },
  tablestore: { settings: {}, sourceArn: /^acs:ots:[\w-]+:\d+:instance\/[\w-]+\/table\/[\w-]+$/ },
  eventbridge: {
    settings: {
      triggerEnable: truth,
      asyncInvocationType: truth,
      eventRuleFilterPattern: (value) => typeof value === 'string',
      eventSinkConfig: (value) => has()((value as Fields | undefined)?.['deliveryOption']),
      eventSourceConfig: (value) =>
        oneOf(
          'Default',
          'MNS',
          'RocketMQ',
          'RabbitMQ',
          'Kafka',
          'MQTT',
          'DTS',
        )((value as Fields | undefined)?.['eventSourceType']),
      runOptions: (value) =>
        oneOf('event-streaming', 'event-driven')((value as Fields | undefined)?.['mode']),
    },
    sourceArn: /^($|acs:)/,
  },
};

/** The documented rules for instances that are kept. */
export function checkProvision(body: Fields): void {
  known(body, [
    ...['defaultTarget', 'target', 'alwaysAllocateCPU', 'alwaysAllocateGPU'],
    ...['scheduledActions', 'targetTrackingPolicies'],
  ]);
  const target = Number(body['defaultTarget']);
  check(Number.isInteger(target) && target >= 0 && target <= 10_000, 'defaultTarget');
}

/** The documented rules for a custom domain. */
export function checkDomain(body: Fields): void {
  known(body, [
    'domainName',
    'protocol',
    'routeConfig',
    'certConfig',
    'tlsConfig',
    'authConfig',
    'corsConfig',
  ]);
  check(/^([a-z0-9-]+\.)+[a-z]+$/.test(String(body['domainName'])), 'domainName');
  check(/^(HTTP|HTTPS|HTTP,HTTPS)$/.test(String(body['protocol'])), 'protocol');
  const { routes } = body['routeConfig'] as { routes: Fields[] };
  const paths = routes.map(({ path }) => String(path));
  check(new Set(paths).size === paths.length && paths.every((path) => path.startsWith('/')), 'routes');
  for (const route of routes) known(route, ['path', 'functionName', 'qualifier', 'methods', 'rewriteConfig']);
}

function check(right: boolean, what: string): void {
  if (!right) throw new FcRefused(400, 'InvalidArgument', what);
}
