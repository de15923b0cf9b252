import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import { killMarked } from '../../runtime/instances/reaper.ts';
import { isAlive } from '../../runtime/support/processTree.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

/** Each function of the fixture is named by what it does; one row says what must come of it. */
interface Row {
  function: string;
  event?: unknown;
  status: string;
  body?: string | RegExp;
  error?: RegExp;
  at?: { file: string; line: number };
}

const rows: Row[] = [
  { function: 'answers', event: { a: 1 }, status: 'ok', body: /^\{"got":\{"a":1\},"id":"[0-9a-f-]{36}"\}$/ },
  { function: 'answers-by-callback', event: [1], status: 'ok', body: '{"got":[1]}' },
  { function: 'answers-nothing', status: 'ok', body: 'null' },
  { function: 'never-answers', status: 'timeout', error: /timed out after 0\.30 seconds/ },
  { function: 'blocks-its-loop', status: 'timeout', error: /timed out after 0\.30 seconds/ },
  {
    function: 'throws-error',
    status: 'error',
    body: /"errorType":"TypeError","errorMessage":"not like this"/,
    error: /^TypeError: not like this$/,
    at: { file: 'handlers.js', line: 16 },
  },
  { function: 'throws-text', status: 'error', body: /"errorType":"string","errorMessage":"just text"/ },
  { function: 'throws-undefined', status: 'error', body: /"errorType":"undefined"/ },
  { function: 'throws-later', status: 'error', error: /^RangeError: too late$/ },
  { function: 'exits', status: 'crashed', error: /Runtime exited with error: exit status 3/ },
  { function: 'kills-itself', status: 'crashed', error: /signal: killed/ },
  { function: 'result-not-serialisable', status: 'error', error: /Unable to stringify response body/ },
  { function: 'breaks-protocol', status: 'crashed', error: /broke its protocol/ },
  {
    function: 'module-throws',
    status: 'error',
    error: /broken at module level/,
    at: { file: 'moduleThrows.js', line: 4 },
  },
  {
    function: 'syntax-error',
    status: 'error',
    error: /UserCodeSyntaxError: .*Unexpected token/,
    at: { file: 'syntaxError.js', line: 4 },
  },
  { function: 'export-missing', status: 'error', error: /handlers\.nowhere is undefined or not exported/ },
  { function: 'module-missing', status: 'error', error: /Module '.*nowhere.*' is missing/ },
];

describe('a handler that', () => {
  let host: Host;
  let close: () => Promise<void>;
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'behaviours');
  });
  after(async () => {
    await close();
    assert.equal(killMarked(host.mark), 0, 'no process is left over');
  });

  for (const row of rows) {
    it(row.function, async () => {
      const record = await invoke(host, row.function, row.event);
      assert.equal(record.status, row.status);
      if (row.body instanceof RegExp) assert.match(record.body, row.body);
      else if (row.body !== undefined) assert.equal(record.body, row.body);
      if (row.error) assert.match(`${record.error?.type}: ${record.error?.message}`, row.error);
      if (row.at) {
        assert.ok(record.error?.at?.file.endsWith(row.at.file), record.error?.at?.file);
        assert.equal(record.error?.at?.line, row.at.line);
      }
      // Whatever happened to its instance, the function answers the next call in the same way.
      assert.equal((await invoke(host, row.function, row.event)).status, row.status);
    });
  }

  it('logs: lines in order, with the source line of console calls', async () => {
    const { logs } = await invoke(host, 'logs');
    const shown = logs
      .filter((entry) => entry.stream !== 'platform')
      .map((entry) => `${entry.stream} ${entry.level} ${entry.text} ${entry.at?.line ?? '-'}`);
    assert.deepEqual(shown.slice(0, 3), [
      'stdout info row 1 { a: 1 } 43',
      'stderr warn careful 44',
      'stdout info no line break -',
    ]);
    assert.deepEqual(shown.slice(3).sort(), ['stdout info and a rest -', 'stdout info from a child -']);
  });

  it('floods its log: the record is bounded and says what is left out', async () => {
    const record = await invoke(host, 'floods-log');
    assert.equal(record.status, 'ok');
    assert.equal(record.logs.length, 5000);
    assert.ok(record.logsDropped >= 15_000);
  });

  it('echoes a megabyte of binary', async () => {
    const event = Buffer.alloc(1024 * 1024, 0xfe);
    const accepted = host.registry.get('echoes').accept({ event, trigger: 'event' });
    const outcome = await accepted.outcome;
    assert.ok(event.equals(Buffer.from(outcome.body)));
  });

  it('leaves a child process: it goes with its instance', async () => {
    const { body, instance } = await invoke(host, 'leaves-child');
    const runtime = host.registry.get('leaves-child');
    const slot = runtime.pool.slots.find((candidate) => candidate.instance.id === instance?.id)!;
    assert.ok(isAlive(Number(body)));
    runtime.pool.end(slot, 'test');
    await slot.instance.exited;
    // The group's signal is on its way; the kernel needs a moment to reap an orphan.
    const goneBy = Date.now() + 5000;
    while (isAlive(Number(body)) && Date.now() < goneBy)
      await new Promise((resolve) => setImmediate(resolve));
    assert.ok(!isAlive(Number(body)));
  });

  it("reads its environment: its own, not the shell's, and secrets do not reach the log", async () => {
    process.env['LEAKED_FROM_SHELL'] = 'x';
    const { body, logs } = await invoke(host, 'reads-environment');
    delete process.env['LEAKED_FROM_SHELL'];
    const names = JSON.parse(body) as string[];
    assert.ok(names.includes('GREETING') && names.includes('AWS_LAMBDA_FUNCTION_NAME'));
    assert.ok(!names.includes('LEAKED_FROM_SHELL'));
    assert.deepEqual(
      logs.filter((entry) => entry.stream === 'stdout').map((entry) => entry.text),
      ['token is ••••••'],
    );
  });
});
