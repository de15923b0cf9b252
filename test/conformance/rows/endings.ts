import assert from 'node:assert/strict';
import type { Expectation, Row } from '../row.ts';
import { timedOut } from './answers.ts';

/** The process ended under the invocation; `lambda`: the reason as Lambda words it. */
function crashed(lambda: string): Pick<Row, 'status' | 'on'> {
  const text = `Runtime ${lambda}`;
  return {
    status: 'crashed',
    on: {
      'aws-lambda': {
        body: new RegExp(
          `^\\{"errorType":"Runtime\\.ExitError","errorMessage":"RequestId: [0-9a-f-]{36} Error: ${text}"\\}$`,
        ),
        http: { status: 500 },
      },
      'aliyun-fc': {
        body: /^\{"errorMessage":"Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: \d+MB\)"\}$/,
        http: { status: 502, body: 'Internal Server Error' },
      },
    },
  };
}

/** A process id came back, and the process is not ours to wait for: `close` of the host finds it. */
const tellsPid: NonNullable<Expectation['check']> = (record, _, body) => {
  assert.match(body.toString(), /^\d+$/);
  assert.notEqual(Number(body), record.instance?.pid);
};

const warnsOf = (what: RegExp): NonNullable<Expectation['check']> => {
  return async ({ id }, tested) => {
    const { warnings = [] } = await tested.warned(id);
    const open = warnings.filter(({ kind }) => kind === 'openWork').map(({ text }) => text);
    assert.match(open.join('\n'), what);
  };
};

const notFrozen = { process: { freeze: false } };
const oneSecond = { timeout: '1s' };

/** Processes that end when they should not, or do not end when they should. */
export const endings: Row[] = [
  {
    name: 'exits 3',
    export: 'exits',
    module: 'endings',
    event: { code: 3 },
    everyForm: true,
    ...crashed('exited with error: exit status 3'),
  },
  {
    name: 'exits 0',
    export: 'exits',
    module: 'endings',
    event: { code: 0 },
    ...crashed('exited without providing a reason'),
  },
  {
    name: 'exits-after-answer 0',
    export: 'exits-after-answer',
    module: 'endings',
    event: { code: 0 },
    settings: notFrozen,
    thenGone: true,
    body: /answered/,
  },
  {
    name: 'exits-after-answer 3',
    export: 'exits-after-answer',
    module: 'endings',
    event: { code: 3 },
    settings: notFrozen,
    thenGone: true,
    body: /answered/,
  },
  { name: 'aborts', module: 'endings', ...crashed('exited with error: signal: aborted') },
  {
    name: 'kills-itself SIGKILL',
    export: 'kills-itself',
    module: 'endings',
    event: { signal: 'SIGKILL' },
    ...crashed('exited with error: signal: killed'),
  },
  {
    name: 'kills-itself SIGTERM',
    export: 'kills-itself',
    module: 'endings',
    event: { signal: 'SIGTERM' },
    ...crashed('exited with error: signal: terminated'),
  },
  { name: 'ignores-sigterm', module: 'endings', settings: oneSecond, on: timedOut },
  { name: 'blocks-its-loop', module: 'endings', settings: oneSecond, on: timedOut, everyForm: true },
  { name: 'leaves-timer', module: 'endings', body: /answered/, check: warnsOf(/timer|interval/i) },
  { name: 'leaves-server', module: 'endings', body: /answered/, check: warnsOf(/server/i) },
  { name: 'leaves-child', module: 'endings', check: tellsPid },
  { name: 'leaves-detached-child', module: 'endings', check: tellsPid },
  {
    name: 'forks-talkers',
    module: 'endings',
    body: /answered/,
    logsInclude: [
      { stream: 'stdout', level: 'info', text: 'fork one' },
      { stream: 'stdout', level: 'info', text: 'fork two' },
    ],
  },
];
