import { byText, list, map, oneOf, plain, value, yesNo, type Shape } from '../shape.ts';

/* Triggers of component `fc3` (devsapp/fc3, `schema.json`). */

const methods = list(
  'Methods that reach the function.',
  oneOf('', ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS']),
  { snippet: ' [${1:GET}, ${2:POST}]' },
);

const ossEvents = [
  'oss:ObjectCreated:*',
  'oss:ObjectCreated:PutObject',
  'oss:ObjectCreated:PostObject',
  'oss:ObjectCreated:CopyObject',
  'oss:ObjectCreated:CompleteMultipartUpload',
  'oss:ObjectCreated:AppendObject',
  'oss:ObjectModified:UpdateObjectMeta',
  'oss:ObjectRemoved:DeleteObject',
  'oss:ObjectRemoved:DeleteObjects',
];

/** What `triggerConfig` holds, by `triggerType`. */
const triggerConfigs: Record<string, Shape> = {
  http: map(
    "Requests at an address of the function's own.",
    {
      authType: oneOf(
        'Who may call.',
        [
          ['anonymous', 'Everybody.'],
          ['function', 'Callers that sign with credentials.'],
          ['jwt', 'Callers with a token.'],
        ],
        { more: true },
      ),
      methods,
      disableURLInternet: yesNo('No address on the internet.'),
      authConfig: {},
      corsConfig: map(
        'Answers to pages of other origins.',
        plain([
          'allowCredentials',
          'allowHeaders',
          'allowMethods',
          'allowOrigins',
          'exposeHeaders',
          'maxAge',
        ]),
      ),
    },
    { open: true, snippet: '\n  authType: ${1|anonymous,function,jwt|}\n  methods: [${2:GET}, ${3:POST}]' },
  ),
  timer: map(
    'A schedule.',
    {
      cronExpression: value(
        'Second, minute, hour, day of month, month, day of week; in UTC unless it begins with CRON_TZ=. Or `@every 5m`.',
        { topic: 'schedule', snippet: " '${1:0 0 4 * * *}'" },
      ),
      enable: yesNo('Whether it fires.'),
      payload: value('What the event carries, as text.'),
    },
    { open: true, snippet: "\n  cronExpression: '${1:0 0 4 * * *}'\n  enable: true" },
  ),
  oss: map(
    'Objects of a bucket.',
    {
      bucketName: value('The bucket.'),
      events: list('What it hears of.', { values: ossEvents.map((each) => ({ value: each })), more: true }),
      filter: map('Only some keys.', { key: map('By the key.', { prefix: {}, suffix: {} }) }),
    },
    {
      open: true,
      snippet:
        '\n  events: [oss:ObjectCreated:*]\n  filter:\n    key:\n      prefix: ${1}\n      suffix: ${2}',
    },
  ),
  mns_topic: map(
    'Messages of an MNS topic.',
    {
      notifyContentFormat: oneOf('Form of a message.', ['STREAM', 'JSON']),
      notifyStrategy: oneOf('How failed events are repeated.', ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY']),
      ...plain(['topicName', 'region', 'filterTag']),
    },
    { open: true, snippet: '\n  notifyContentFormat: ${1|STREAM,JSON|}\n  notifyStrategy: BACKOFF_RETRY' },
  ),
  log: map(
    'Lines of the log service.',
    plain(['enable', 'functionParameter', 'jobConfig', 'logConfig', 'sourceConfig']),
    { open: true },
  ),
  cdn_events: map('Events of the CDN.', plain(['eventName', 'eventVersion', 'notes', 'filter']), {
    open: true,
  }),
  tablestore: map('Changes of a table.', undefined, { open: true }),
  eventbridge: map(
    'Events of EventBridge.',
    plain([
      'triggerEnable',
      'asyncInvocationType',
      'eventRuleFilterPattern',
      'eventSinkConfig',
      'eventSourceConfig',
      'runOptions',
    ]),
    { open: true },
  ),
};

const triggerTypes = Object.entries(triggerConfigs).map(([type, { about = '' }]): [string, string] => [
  type,
  about,
]);
const triggerKeys: Record<string, Shape> = {
  triggerName: value(
    'Name of the trigger: at most 128 letters, digits, - and _, not beginning with a digit or -.',
  ),
  triggerType: oneOf('What sends the events.', triggerTypes),
  triggerConfig: {},
  qualifier: value('Version or alias that is called.', { usual: 'LATEST' }),
  description: value('For people.'),
  sourceArn: value('ARN of what sends the events.'),
  invocationRole: value('ARN of the role by which it calls the function.'),
};
const anyTrigger = map('A trigger.', triggerKeys, {
  snippet: '\n  - triggerName: ${1:http}\n    triggerType: ${2:http}',
});
/** One trigger of a function. */
export const fc3Trigger: Shape = {
  ...anyTrigger,
  choose: byText(
    'triggerType',
    Object.fromEntries(
      Object.entries(triggerConfigs).map(([type, config]) => [
        type,
        map('A trigger.', { ...triggerKeys, triggerConfig: config }),
      ]),
    ),
    anyTrigger,
  ),
};
