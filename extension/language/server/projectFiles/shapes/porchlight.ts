import { awsLambdaTarget, aliyunFcTarget } from '../../../../../runtime/model/projectFiles/targetSchema.ts';
import { porchlightSettings } from '../../../../../runtime/model/projectFiles/porchlightSchema.ts';
import { runnableLanguages } from '../../../../../runtime/model/languages.ts';
import { languageOfRuntime } from '../../../../../runtime/model/platformDefaults.ts';
import { usualPlatform } from '../../../../../runtime/model/usualRuntimes.ts';
import { getIn, textOf } from '../../../../../runtime/model/projectFiles/tree.ts';
import { byText, map, type FileShape } from '../shape.ts';
import { fromSchema, refine } from './fromSchema.ts';

const localTarget = map(
  'This machine: versions are served from here.',
  {
    type: {
      about: 'Kind of the target.',
      values: [{ value: 'local' }, { value: 'aws-lambda' }, { value: 'aliyun-fc' }],
      more: true,
    },
  },
  { open: true },
);

const functionAt = 'functions.*';

/** The names of languages that a trigger's settings begin with, as snippets. */
const triggerSnippets = {
  [`${functionAt}.triggers.*.http`]: {
    about: 'Requests on the gateway.',
    snippet: '\n  path: ${1:/hello}\n  methods: [${2:GET}]',
  },
  [`${functionAt}.triggers.*.timer`]: {
    about: 'Fires by a schedule.',
    snippet: '\n  cron: "${1:0 */5 * * * *}"',
  },
  [`${functionAt}.triggers.*.storage`]: {
    about: 'Objects that come to a bucket, or go.',
    snippet: '\n  bucket: ${1:uploads}\n  events: [${2:created}]',
  },
  [`${functionAt}.triggers.*.queue`]: {
    about: 'Messages of a queue or topic.',
    snippet: '\n  queue: ${1:orders}',
  },
  [`${functionAt}.triggers.*.event`]: {
    about: 'Events that are given by hand.',
    snippet: '\n  name: ${1:event}',
  },
};

const shape = refine(fromSchema(porchlightSettings), {
  functions: { topic: 'functions', snippet: '\n  ${1:hello}:\n    handler: ${2:src/hello.handler}' },
  [`${functionAt}.handler`]: { topic: 'handler' },
  [`${functionAt}.code`]: { topic: 'path' },
  [`${functionAt}.runtime`]: { topic: 'runtime' },
  [`${functionAt}.language`]: { values: runnableLanguages.map((value) => ({ value })), more: true },
  [`${functionAt}.memory`]: { topic: 'memory' },
  [`${functionAt}.timeout`]: { topic: 'timeout' },
  [`${functionAt}.env`]: { topic: 'environment' },
  [`${functionAt}.process`]: { about: 'How instances of the function live.' },
  [`${functionAt}.initializer`]: { about: 'Runs once in an instance, before its first invocation.' },
  [`${functionAt}.preStop`]: { about: 'Runs before an instance ends.' },
  [`${functionAt}.triggers.*.timer.cron`]: { topic: 'schedule' },
  ...triggerSnippets,
  'targets.*': {
    choose: byText(
      'type',
      { 'aws-lambda': fromSchema(awsLambdaTarget), 'aliyun-fc': fromSchema(aliyunFcTarget) },
      localTarget,
    ),
  },
});

/** `porchlight.yaml`, by the schema that checks it. */
export const porchlightShape: FileShape = {
  id: 'porchlight',
  shape: () => shape,
  platform(root, [first, name]) {
    if (first === 'targets') return textOf(getIn(root, 'targets', name ?? '', 'type'));
    if (first !== 'functions' || name === undefined) return undefined;
    const settings = getIn(root, 'functions', name);
    const stated = textOf(getIn(settings, 'platform'));
    const runtime = textOf(getIn(settings, 'runtime'));
    const language =
      textOf(getIn(settings, 'language')) ?? (runtime === undefined ? undefined : languageOfRuntime(runtime));
    return stated ?? usualPlatform(language ?? 'nodejs');
  },
  functions: [
    {
      entry: ['functions', '*'],
      settings: [],
      handler: 'handler',
      code: [['code']],
      runtime: 'runtime',
      environment: ['env'],
    },
  ],
  variables: false,
  intrinsics: false,
};
