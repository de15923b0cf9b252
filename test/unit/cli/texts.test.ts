import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEvent } from '../../../runtime/cli/event.ts';
import { isForPrograms, speakAsTerminal } from '../../../runtime/cli/language.ts';
import { plain as english, useTranslator } from '../../../runtime/support/l10n.ts';
import { describeFailure } from '../../../runtime/cli/exitCode.ts';
import { functionTable, problemLine } from '../../../runtime/cli/functionTable.ts';
import { logText, reportLine } from '../../../runtime/cli/invocationText.ts';
import { planText, resultText } from '../../../runtime/cli/planText.ts';
import { runCommandLine } from '../../../runtime/cli/program.ts';
import { painter, type Terminal } from '../../../runtime/cli/terminal.ts';
import { PorchlightError, told } from '../../../runtime/model/errors.ts';
import { defaultProcess } from '../../../runtime/model/functionDefinition.ts';
import type { FunctionState } from '../../../runtime/protocol/control/state.ts';
import { recordOf } from '../../support/records.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const plain = painter({}, {});

function terminalOf(cwd: string, input = ''): Terminal & { text: { out: string; err: string } } {
  const text = { out: '', err: '' };
  const into = (key: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _, done) {
        text[key] += chunk.toString();
        done();
      },
    });
  return {
    stdout: into('out'),
    stderr: into('err'),
    stdin: Readable.from([Buffer.from(input)]),
    env: {},
    cwd,
    text,
  };
}

test('the event: a file, the text itself, the standard input, or an empty object', async (t) => {
  const cwd = tempFolder(t);
  writeFileSync(join(cwd, 'event.json'), '{"from":"file"}');
  writeFileSync(join(cwd, 'bytes'), Buffer.from([0xff, 0x00]));
  const cases: [string | undefined, string, { encoding: string; data: string }][] = [
    [undefined, '', { encoding: 'utf8', data: '{}' }],
    ['event.json', '', { encoding: 'utf8', data: '{"from":"file"}' }],
    ['bytes', '', { encoding: 'base64', data: '/wA=' }],
    ['{"a":"/b.json"}', '', { encoding: 'utf8', data: '{"a":"/b.json"}' }],
    ['just text', '', { encoding: 'utf8', data: 'just text' }],
    ['-', 'from stdin 灯', { encoding: 'utf8', data: 'from stdin 灯' }],
    ['', '', { encoding: 'utf8', data: '' }],
    [`{"long":"${'x'.repeat(5000)}"}`, '', { encoding: 'utf8', data: `{"long":"${'x'.repeat(5000)}"}` }],
  ];
  for (const [given, input, expected] of cases) {
    assert.deepEqual(await readEvent(terminalOf(cwd, input), given), expected, given?.slice(0, 40));
  }
  for (const missing of ['evnt.json', './events/a', '/nowhere/at/all']) {
    await assert.rejects(readEvent(terminalOf(cwd), missing), { code: 'USAGE', message: /no event file/ });
  }
});

test('whose mistake it is decides the exit code', () => {
  assert.equal(describeFailure(new PorchlightError('PORT_IN_USE', { port: 1 }), false).code, 2);
  assert.equal(
    describeFailure(new PorchlightError('HOST_UNREACHABLE', { root: '/p', detail: 'x' }), false).code,
    3,
  );
  const ours = describeFailure(new TypeError('oops'), true);
  assert.equal(ours.code, 3);
  assert.match(ours.text, /fault of Porchlight: TypeError: oops/);
});

test('people read an error in the language of their terminal, programs in English with its code', (t) => {
  t.after(() => useTranslator(english));
  const error = new PorchlightError('INSTANCE_UNKNOWN', { instance: 'a#1' });
  const zh = { LANG: 'zh_CN.UTF-8' };
  speakAsTerminal(['list', '--json'], zh);
  assert.equal(isForPrograms(['list', '--json']), true);
  assert.equal(describeFailure(error, true).text, 'INSTANCE_UNKNOWN: There is no instance "a#1" (any more).');
  speakAsTerminal(['list'], { ...zh, LC_ALL: 'C' });
  assert.equal(describeFailure(error, false).text, 'There is no instance "a#1" (any more).');
  speakAsTerminal(['list'], zh);
  assert.equal(describeFailure(error, false).text, '没有实例“a#1”（或已不存在）。');
  const problem = {
    severity: 'error',
    file: '/p/s.yaml',
    line: 2,
    ...told('INSTANCE_UNKNOWN', error.facts),
  } as const;
  assert.equal(problemLine(problem), '/p/s.yaml:2:1: error: 没有实例“a#1”（或已不存在）。\n');
});

test('what the command line does not understand is explained, with exit code 2', async (t) => {
  const cases: [string[], number, RegExp][] = [
    [['bogus'], 2, /unknown command 'bogus'/],
    [['invoke'], 2, /missing required argument 'name'/],
    [['start', '--port', '70000'], 2, /0 to 65535/],
    [['start', '--port', 'x'], 2, /0 to 65535/],
    [['invoke', 'a', '--cold', '--warm'], 2, /cannot be used with/],
    [['profile', 'a', '-n', '0'], 2, /from 1 to 100/],
    [['list', '/nowhere'], 2, /is not a folder/],
    [['--help'], 0, /Usage: porchlight/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  ];
  for (const [args, code, words] of cases) {
    const terminal = terminalOf(tempFolder(t));
    assert.equal(await runCommandLine(['node', 'porchlight', ...args], terminal), code, args.join(' '));
    assert.match(terminal.text.out + terminal.text.err, words);
  }
});

test('commands that do not exist yet are not listed', async (t) => {
  const terminal = terminalOf(tempFolder(t));
  await runCommandLine(['node', 'porchlight', '--help'], terminal);
  const listed = [...terminal.text.out.matchAll(/^ {2}([a-z]+)[ [<|]/gm)].map((match) => match[1]);
  assert.deepEqual(listed, [
    'start',
    'mcp',
    'list',
    'invoke',
    'triggers',
    'fire',
    'send',
    'queues',
    'purge',
    'redrive',
    'sample',
    'replay',
    'diff',
    'logs',
    'profile',
    'load',
    'test',
    'deploy',
    'rollback',
    'remove',
    'serve',
    'help',
  ]);
});

test('colours only on a terminal that wants them', () => {
  assert.equal(painter({ isTTY: true }, {})('red', 'x'), '\x1b[31mx\x1b[0m');
  assert.equal(painter({ isTTY: true }, { NO_COLOR: '1' })('red', 'x'), 'x');
  assert.equal(painter({ isTTY: true }, { TERM: 'dumb' })('red', 'x'), 'x');
  assert.equal(painter({ isTTY: false }, {})('red', 'x'), 'x');
});

test('an invocation that another one made names it', () => {
  const line = reportLine(recordOf('r', { parent: '1-6b07e151-53f79e1e-26aaf9889035' }), plain);
  assert.match(line, /handler 1\.50 ms · called by 889035 · billed/);
});

test('an invocation in one line, its error and notes below', () => {
  const record = recordOf('r', {
    startKind: 'cold',
    status: 'error',
    wallMs: 61.23,
    phases: [
      { name: 'spawn', startUs: 0, durationUs: 20_100 },
      { name: 'handler', startUs: 1, durationUs: 3256 },
    ],
    error: { type: 'TypeError', message: 'no', stack: [], at: { file: '/p/a.ts', line: 3, column: 5 } },
    warnings: [
      { kind: 'openWork', text: 'A timer was open.', at: { file: '/p/a.ts', line: 7, column: 2 } },
      { kind: 'carriedState', text: '`seen` held 1.', from: 'q' },
    ],
    notes: ['New instance because the code changed.'],
  });
  assert.equal(
    reportLine(record, plain),
    [
      'hello error · cold · 61.2 ms · spawn 20.1 ms, handler 3.26 ms · billed 2 ms · 45 of 128 MB',
      'TypeError: no (/p/a.ts:3:5)',
      'A timer was open. (/p/a.ts:7:2)',
      '`seen` held 1.',
      'New instance because the code changed.',
      '',
    ].join('\n'),
  );
  assert.equal(logText({ t: 0, level: 'error', stream: 'stdout', text: 'x' }, plain), 'x');
});

test('functions in columns; without a host, addresses are paths', () => {
  const fn: FunctionState = {
    name: 'hello',
    platform: 'aliyun-fc',
    platformName: 'Function Compute',
    language: 'nodejs',
    interpreter: 'Node.js 20.20.2',
    handler: 'index.handler',
    codeRoot: '/p',
    declaredAt: { file: '/p/s.yaml', line: 1, column: 1 },
    process: defaultProcess,
    configuredModel: 'resident',
    memoryMB: 512,
    timeoutMs: 3000,
    environmentNames: [],
    triggers: [],
    urls: { invoke: 'http://127.0.0.1:1/_porchlight/invoke/hello', http: ['http://127.0.0.1:1/hello'] },
    build: { state: 'none' },
    instances: [],
    queued: 2,
    statistics: { cold: { count: 3, medianMs: 61.04 }, warm: { count: 12, medianMs: 0.8 } },
  };
  assert.equal(
    functionTable([fn], true),
    [
      'FUNCTION  PLATFORM   RUNS ON          PROCESS   COLD         PREWARMED  WARM          INSTANCES     URL',
      'hello     aliyun-fc  Node.js 20.20.2  resident  61.0 ms (3)  -          0.80 ms (12)  0 (2 queued)  http://127.0.0.1:1/hello',
      '',
    ].join('\n'),
  );
  assert.match(functionTable([fn], false), / \/hello\n$/);
});

test('a plan and a result for people', () => {
  const text = planText(
    {
      id: 'p',
      target: 'local',
      targetType: 'local',
      createdAt: 0,
      functions: [
        {
          function: 'hello',
          change: 'change',
          fields: [
            { path: 'memoryMB', change: 'change', before: '128', after: '256' },
            { path: 'handler', change: 'same', before: 'a.b', after: 'a.b' },
            { path: 'environment.TOKEN', change: 'create' },
          ],
          package: {
            hash: 'abcdef0123456789',
            bytes: 3 * 1024 * 1024,
            files: 2,
            unchanged: true,
            largest: [
              { path: 'node_modules/big/index.js', bytes: 3_000_000 },
              { path: 'index.js', bytes: 100 },
            ],
          },
          findings: [{ severity: 'warning', code: 'X', message: 'Look here.', file: '/p/s.yaml', line: 7 }],
        },
      ],
    },
    plain,
  );
  assert.equal(
    text,
    `Plan for local (local)

hello: changes
  ~ memoryMB: 128 -> 256
  + environment.TOKEN
  package abcdef012345: 3.0 MB in 2 files, is there already
    2.9 MB  node_modules/big/index.js
    100 B  index.js
  warning: /p/s.yaml:7: Look here.
`,
  );
  const result = resultText(
    {
      target: 'local',
      functions: [
        {
          function: 'hello',
          status: 'deployed',
          version: '2',
          previous: '1',
          verification: { status: 'ok', startKind: 'cold', durationMs: 61.2 },
          urls: ['http://127.0.0.1:1/hello'],
        },
        { function: 'other', status: 'failed', message: 'other: boom. Nothing of it is deployed.', urls: [] },
      ],
    },
    plain,
  );
  assert.equal(
    result,
    `hello deployed version 2 (before: 1)
  answered: ok, cold 61.2 ms
  http://127.0.0.1:1/hello
other failed
  other: boom. Nothing of it is deployed.
`,
  );
});
