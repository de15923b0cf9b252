import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OtherTrigger } from '../../../runtime/model/functionDefinition.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const trigger = (config: Record<string, unknown>): OtherTrigger => ({
  kind: 'timer',
  name: 'nightly',
  config,
});

/** The next times of a schedule after a moment, or what is wrong with it. */
function times(platform: string, config: Record<string, unknown>, after: string, count = 3): string[] {
  const { settings, problems } = findPlatform(platform)!.sources!.timer!.read(trigger(config));
  if (!settings) return problems.map(({ severity, key, detail }) => `${severity} ${key}: ${detail}`);
  const found: string[] = [];
  const from = Date.parse(after);
  for (let time: number | undefined = from; found.length < count;) {
    time = settings.schedule.next(time, from);
    if (time === undefined) break;
    found.push(new Date(time).toISOString().replace(/:00\.000Z$/, ''));
  }
  return found;
}

const fc: [expression: string, after: string, expected: string[]][] = [
  ['0 0 4 * * *', '2026-11-26T03:59:59Z', ['2026-11-26T04:00', '2026-11-27T04:00', '2026-11-28T04:00']],
  [
    'CRON_TZ=Asia/Shanghai 0 0 4 * * *',
    '2026-11-26T00:00:00Z',
    ['2026-11-26T20:00', '2026-11-27T20:00', '2026-11-28T20:00'],
  ],
  [
    'TZ=Asia/Shanghai 0 0 4 * * *',
    '2026-11-26T00:00:00Z',
    ['2026-11-26T20:00', '2026-11-27T20:00', '2026-11-28T20:00'],
  ],
  ['@every 5m', '2026-11-26T00:00:00Z', ['2026-11-26T00:05', '2026-11-26T00:10', '2026-11-26T00:15']],
  ['@every 1h30m', '2026-11-26T00:00:00Z', ['2026-11-26T01:30', '2026-11-26T03:00', '2026-11-26T04:30']],
  [
    '0 0/20 9-10 ? * MON-FRI',
    '2026-11-28T00:00:00Z',
    ['2026-11-30T09:00', '2026-11-30T09:20', '2026-11-30T09:40'],
  ],
  ['0 0 9 * * 1', '2026-11-26T00:00:00Z', ['2026-11-30T09:00', '2026-12-07T09:00', '2026-12-14T09:00']],
  ['0 0 9 * * 7', '2026-11-26T00:00:00Z', ['2026-11-29T09:00', '2026-12-06T09:00', '2026-12-13T09:00']],
  ['0 0 9 * * MON-SUN', '2026-11-28T10:00:00Z', ['2026-11-29T09:00', '2026-11-30T09:00', '2026-12-01T09:00']],
  ['0 0 0 31 FEB *', '2026-11-26T00:00:00Z', []],
  [
    '0 0 4 * *',
    '',
    [
      'error cronExpression: "0 0 4 * *" has 5 fields; 6 are expected: seconds, minutes, hours, day of month, month, day of week.',
    ],
  ],
  [
    '0 0 4 L * *',
    '',
    ['error cronExpression: "0 0 4 L * *" has L, W or #, which Function Compute does not know.'],
  ],
  ['@every 5', '', ['error cronExpression: "@every 5" is no interval. Write it as @every 5m, in m or h.']],
  [
    'CRON_TZ=Mars/Base 0 0 4 * * *',
    '',
    ['error cronExpression: "Mars/Base" is no time zone. Write it as Asia/Shanghai or UTC.'],
  ],
  [' ', '', ['error cronExpression: give a schedule such as "0 0 4 * * *" or "@every 5m".']],
];

for (const [expression, after, expected] of fc) {
  test(`Function Compute: ${expression}`, () => {
    assert.deepEqual(
      times('aliyun-fc', { cronExpression: expression }, after || '2026-01-01T00:00:00Z'),
      expected,
    );
  });
}

const aws: [expression: string, after: string, expected: string[]][] = [
  ['rate(5 minutes)', '2026-11-26T00:00:00Z', ['2026-11-26T00:05', '2026-11-26T00:10', '2026-11-26T00:15']],
  ['rate(1 day)', '2026-11-26T06:00:00Z', ['2026-11-27T06:00', '2026-11-28T06:00', '2026-11-29T06:00']],
  [
    'cron(0 10 * * ? *)',
    '2026-11-26T10:00:00Z',
    ['2026-11-27T10:00', '2026-11-28T10:00', '2026-11-29T10:00'],
  ],
  [
    'cron(15 10 ? * 6L 2026-2027)',
    '2026-12-26T00:00:00Z',
    ['2027-01-29T10:15', '2027-02-26T10:15', '2027-03-26T10:15'],
  ],
  [
    'cron(0 9 ? * 3#2 *)',
    '2026-11-26T00:00:00Z',
    ['2026-12-08T09:00', '2027-01-12T09:00', '2027-02-09T09:00'],
  ],
  [
    'cron(0 8 1W * ? *)',
    '2026-07-30T00:00:00Z',
    ['2026-08-03T08:00', '2026-09-01T08:00', '2026-10-01T08:00'],
  ],
  ['cron(0 0 L * ? *)', '2026-11-26T00:00:00Z', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00']],
  [
    'cron(0/20 9 ? * 2-6 *)',
    '2026-11-28T00:00:00Z',
    ['2026-11-30T09:00', '2026-11-30T09:20', '2026-11-30T09:40'],
  ],
  [
    'cron(0 9 ? * SAT-SUN *)',
    '2026-11-26T00:00:00Z',
    ['2026-11-28T09:00', '2026-11-29T09:00', '2026-12-05T09:00'],
  ],
  ['cron(0 9 ? * L *)', '2026-11-26T00:00:00Z', ['2026-11-28T09:00', '2026-12-05T09:00', '2026-12-12T09:00']],
  ['cron(0 9 1 1 ? 2020)', '2026-11-26T00:00:00Z', []],
  ['rate(5 minute)', '', ['error Schedule: EventBridge refuses "rate(5 minute)": write rate(5 minutes).']],
  ['rate(1 minutes)', '', ['error Schedule: EventBridge refuses "rate(1 minutes)": write rate(1 minute).']],
  [
    'rate(0 minutes)',
    '',
    ['error Schedule: "rate(0 minutes)" is no rate. Write it as rate(5 minutes), in minutes, hours or days.'],
  ],
  [
    'cron(0 10 * * * *)',
    '',
    [
      'error Schedule: "cron(0 10 * * * *)" needs ? for either the day of month or the day of week, not for none.',
    ],
  ],
  [
    'cron(0 10 ? * ? *)',
    '',
    [
      'error Schedule: "cron(0 10 ? * ? *)" needs ? for either the day of month or the day of week, not for both.',
    ],
  ],
  [
    'cron(0 10 * ?)',
    '',
    [
      'error Schedule: "0 10 * ?" has 4 fields; 6 are expected: minutes, hours, day of month, month, day of week, year.',
    ],
  ],
  ['cron(0 10 ? * 0 *)', '', ['error Schedule: "0" is no day of the week: days are 1 (SUN) to 7 (SAT).']],
  [
    'at(2026-11-26T10:00:00)',
    '',
    ['error Schedule: at() needs a schedule of EventBridge Scheduler (ScheduleV2).'],
  ],
  [
    'every day',
    '',
    ['error Schedule: "every day" is no schedule. Write rate(5 minutes) or cron(0 10 * * ? *).'],
  ],
];

for (const [expression, after, expected] of aws) {
  test(`EventBridge: ${expression}`, () => {
    const config = { type: 'Schedule', Schedule: expression };
    assert.deepEqual(times('aws-lambda', config, after || '2026-01-01T00:00:00Z'), expected);
  });
}

const newYork = { ScheduleExpressionTimezone: 'America/New_York' };
const scheduler: [what: string, config: Record<string, unknown>, after: string, expected: string[]][] = [
  [
    'a time zone',
    { ScheduleExpression: 'cron(30 9 * * ? *)', ...newYork },
    '2026-06-01T00:00:00Z',
    ['2026-06-01T13:30', '2026-06-02T13:30', '2026-06-03T13:30'],
  ],
  [
    'a time that clocks skip is left out',
    { ScheduleExpression: 'cron(30 2 * * ? *)', ...newYork },
    '2027-03-13T12:00:00Z',
    ['2027-03-15T06:30', '2027-03-16T06:30', '2027-03-17T06:30'],
  ],
  [
    'a time that occurs twice counts once',
    { ScheduleExpression: 'cron(0/30 1 * * ? *)', ...newYork },
    '2026-11-01T05:10:00Z',
    ['2026-11-01T05:30', '2026-11-02T06:00', '2026-11-02T06:30'],
  ],
  [
    'once',
    { ScheduleExpression: 'at(2026-11-26T10:00:00)', ScheduleExpressionTimezone: 'Asia/Shanghai' },
    '2026-11-01T00:00:00Z',
    ['2026-11-26T02:00'],
  ],
  ['once, and gone', { ScheduleExpression: 'at(2026-11-26T10:00:00)' }, '2026-11-26T10:00:00Z', []],
  [
    'bounds',
    {
      ScheduleExpression: 'rate(1 hours)',
      StartDate: '2026-11-26T00:30:00Z',
      EndDate: '2026-11-26T03:00:00Z',
    },
    '2026-11-25T00:00:00Z',
    ['2026-11-26T01:30', '2026-11-26T02:30'],
  ],
  [
    'no such zone',
    { ScheduleExpression: 'rate(1 hour)', ScheduleExpressionTimezone: 'Mars' },
    '2026-11-01T00:00:00Z',
    ['error ScheduleExpression: "Mars" is no time zone. Write it as Asia/Shanghai or UTC.'],
  ],
];

for (const [what, config, after, expected] of scheduler) {
  test(`EventBridge Scheduler: ${what}`, () => {
    assert.deepEqual(times('aws-lambda', { type: 'ScheduleV2', ...config }, after), expected);
  });
}

function eventOf(platform: string, config: Record<string, unknown>): unknown {
  const definition = functionDefinition('/p', { name: 'report' });
  const at = new Date('2026-11-26T10:00:00.123Z');
  const bytes = findPlatform(platform)!.sources!.timer!.event(trigger(config), { at, id: 'ID', definition });
  return JSON.parse(Buffer.from(bytes).toString());
}

test('events are what the platforms send', () => {
  assert.deepEqual(eventOf('aliyun-fc', { cronExpression: '@every 1m', payload: 'hi' }), {
    triggerTime: '2026-11-26T10:00:00Z',
    triggerName: 'nightly',
    payload: 'hi',
  });
  const common = {
    version: '0',
    id: 'ID',
    'detail-type': 'Scheduled Event',
    account: '123456789012',
    time: '2026-11-26T10:00:00Z',
    region: 'us-east-1',
  };
  assert.deepEqual(eventOf('aws-lambda', { type: 'Schedule', Schedule: 'rate(1 day)' }), {
    ...common,
    source: 'aws.events',
    resources: ['arn:aws:events:us-east-1:123456789012:rule/report-nightly'],
    detail: {},
  });
  assert.deepEqual(eventOf('aws-lambda', { type: 'ScheduleV2', Name: 'n' }), {
    ...common,
    source: 'aws.scheduler',
    resources: ['arn:aws:scheduler:us-east-1:123456789012:schedule/default/n'],
    detail: '{}',
  });
  assert.deepEqual(eventOf('aws-lambda', { type: 'Schedule', Input: '{"a": 1}' }), { a: 1 });
  const input = '{"at": "<aws.scheduler.scheduled-time>", "try": "<aws.scheduler.attempt-number>"}';
  assert.deepEqual(eventOf('aws-lambda', { type: 'ScheduleV2', Input: input }), {
    at: '2026-11-26T10:00:00Z',
    try: '1',
  });
});

test('switched off in the project file', () => {
  const enabled = (platform: string, config: Record<string, unknown>) =>
    findPlatform(platform)!.sources!.timer!.read(trigger(config)).settings?.enabled;
  assert.equal(enabled('aliyun-fc', { cronExpression: '@every 1m', enable: false }), false);
  assert.equal(enabled('aliyun-fc', { cron: '@every 1m' }), true);
  assert.equal(enabled('aws-lambda', { Schedule: 'rate(1 day)', Enabled: false }), false);
  assert.equal(enabled('aws-lambda', { ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }), false);
  assert.equal(enabled('aws-lambda', { cron: '0 10 * * ? *' }), true);
});
