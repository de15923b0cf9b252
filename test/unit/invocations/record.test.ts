import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { recordLimits } from '../../../runtime/model/invocationRecord.ts';
import { CapturedLog } from '../../../runtime/invocations/capturedLog.ts';
import { createRedactor } from '../../../runtime/invocations/redactor.ts';
import { mapError } from '../../../runtime/invocations/stacks.ts';
import { Statistics } from '../../../runtime/invocations/statistics.ts';
import { storeBody } from '../../../runtime/invocations/storedBody.ts';
import { PipeLines } from '../../../runtime/instances/pipeLines.ts';
import { parseMessage } from '../../../runtime/instances/instanceMessages.ts';
import { SourceMaps } from '../../../runtime/support/sourceMaps.ts';

const plain = (text: string) => text;

describe('what an invocation leaves', () => {
  it('log: whole lines in order, console calls as one entry, the rest at the end', () => {
    const log = new CapturedLog(1000, new SourceMaps(), plain, () => {});
    log.add({ atUs: 2000, stream: 'stdout', text: 'a' });
    log.add({ atUs: 3000, stream: 'stderr', text: 'x\n' });
    log.add({ atUs: 4000, stream: 'stdout', text: 'b\nc' });
    log.add({
      atUs: 5000,
      stream: 'stdout',
      level: 'warn',
      text: 'two\nlines\n',
      frame: ['/no/such/file.js', 3, 7],
    });
    log.add({ atUs: 6000, stream: 'stdout', text: 'piped', pipe: true });
    log.close(7000);
    assert.deepEqual(
      log.entries.map(({ t, level, text, at }) => [t, level, text, at?.line]),
      [
        [2000, 'error', 'x', undefined],
        [3000, 'info', 'ab', undefined],
        [4000, 'warn', 'two\nlines', 3],
        [5000, 'info', 'piped', undefined],
        [6000, 'info', 'c', undefined],
      ],
    );
  });

  it('log: lines that come in pieces stand where they began', () => {
    const log = new CapturedLog(0, new SourceMaps(), plain, () => {});
    const piece = (text: string, line?: number) =>
      log.add({
        atUs: 0,
        stream: 'stdout',
        text,
        ...(line === undefined ? {} : { frame: ['/no/such/a.php', line, 1] }),
      });
    piece('a', 3);
    piece('b\nwhole\nc', 4);
    piece('d\n', 5);
    piece('placeless');
    piece('!\n', 6);
    piece('rest', 7);
    log.close(1);
    assert.deepEqual(
      log.entries.map(({ text, at }) => [text, at?.line]),
      [
        ['ab', 3],
        ['whole', 4],
        ['cd', 4],
        ['placeless!', undefined],
        ['rest', 7],
      ],
    );
  });

  it('log: bounded in lines and in the length of a line', () => {
    const log = new CapturedLog(0, new SourceMaps(), plain, () => {});
    log.add({ atUs: 0, stream: 'stdout', level: 'info', text: 'x'.repeat(40_000) });
    for (let index = 0; index < 5002; index++)
      log.add({ atUs: 0, stream: 'stdout', level: 'info', text: 'x' });
    assert.equal(log.entries.length, 5000);
    assert.equal(log.dropped, 3);
    assert.equal(log.entries[0]!.text.length, 32 * 1024);
  });

  it('secrets are replaced by value, in every spelling', () => {
    const redact = createRedactor({
      API_TOKEN: 'to"ken/value',
      PASSWORD: 'short',
      GREETING: 'hello world',
      DB_PASSWORD: 'hunter22',
    });
    assert.equal(redact('hunter22 and to"ken/value'), '•••••• and ••••••');
    assert.equal(redact('to%22ken%2Fvalue {"a":"to\\"ken/value"}'), '•••••• {"a":"••••••"}');
    assert.equal(redact('short hello world'), 'short hello world');
  });

  it('bodies: text as text, binary as base64, cut without splitting a character', () => {
    assert.deepEqual(storeBody(Buffer.from('{"a":"ü"}'), plain), {
      encoding: 'utf8',
      data: '{"a":"ü"}',
      size: 10,
      truncated: false,
    });
    assert.deepEqual(storeBody(Buffer.from([0xff, 0]), plain), {
      encoding: 'base64',
      data: '/wA=',
      size: 2,
      truncated: false,
    });
    assert.deepEqual(storeBody(Buffer.from('aüb'), plain, { limit: 2 }), {
      encoding: 'utf8',
      data: 'a',
      size: 4,
      truncated: true,
    });
    assert.deepEqual(storeBody(Buffer.alloc(0), plain), {
      encoding: 'utf8',
      data: '',
      size: 0,
      truncated: false,
    });
  });

  it('stacks: mapped to sources, without frames of Node and of ours', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const generated = join(folder, 'index.js');
    // One segment: line 1 column 0 of the generated file is line 3 column 2 of the source.
    const map = { version: 3, sources: ['src/a.ts'], names: [], mappings: 'AAEE' };
    writeFileSync(
      generated,
      `throw 1;\n//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}`,
    );
    const error = mapError(
      {
        type: 'Error',
        message: 'm',
        stack: [
          'Error: m',
          `    at fn (${generated}:1:1)`,
          '    at node:internal/x:1:1',
          '    at run (/our/bootstrap.cjs:9:9)',
          '    at /x/node_modules/p/i.js:1:2',
        ],
      },
      new SourceMaps(),
      (file) => file.endsWith('bootstrap.cjs'),
    );
    const source = join(folder, 'src', 'a.ts');
    assert.deepEqual(error.stack, [
      'Error: m',
      `    at fn (${source}:3:3)`,
      '    at /x/node_modules/p/i.js:1:2',
    ]);
    assert.deepEqual(error.at, { file: source, line: 3, column: 3 });
  });

  it('errors: a syntax error has the place its caret points at', () => {
    const message = "Unexpected token ';'";
    const stack = ['/p/b.js:2', '  const a = ;', '            ^', '', `SyntaxError: ${message}`];
    const error = mapError({ type: 'SyntaxError', message, stack }, new SourceMaps(), () => false);
    assert.deepEqual(error.at, { file: '/p/b.js', line: 2, column: 13 });
  });

  it('statistics: medians of undisturbed calls, per start kind', () => {
    const statistics = new Statistics();
    const call = (wallMs: number, over: object = {}) =>
      statistics.add({ startKind: 'warm', status: 'ok', debugged: false, wallMs, ...over } as never);
    call(1);
    call(3);
    call(100);
    call(50, { startKind: 'cold' });
    call(60, { startKind: 'cold' });
    call(9999, { debugged: true });
    call(9999, { status: 'timeout' });
    assert.deepEqual(statistics.toJSON(), {
      warm: { count: 3, medianMs: 3 },
      cold: { count: 2, medianMs: 55 },
    });
  });

  it('text without a line break does not pile up, and a secret across a cut is taken out', () => {
    const secret = 's3cret-value';
    const redact = (text: string) => text.replaceAll(secret, '••••••');
    const log = new CapturedLog(0, new SourceMaps(), redact, () => {});
    const half = recordLimits.logTextBytes - 5;
    log.add({ atUs: 1, stream: 'stdout', text: `${'x'.repeat(half)}${secret}${'y'.repeat(100)}` });
    log.add({ atUs: 1, stream: 'stdout', level: 'info', text: `${'x'.repeat(half)}${secret}` });
    log.close(2);
    assert.ok(log.entries.length >= 2);
    for (const { text } of log.entries) {
      assert.ok(text.length <= recordLimits.logTextBytes);
      assert.ok(!text.includes('s3cre') && !text.includes('value'), text.slice(-50));
    }
  });

  it('what the platform says in the end is kept behind a flood', () => {
    const log = new CapturedLog(0, new SourceMaps(), plain, () => {});
    for (let index = 0; index < recordLimits.logEntries + 5; index++) {
      log.add({ atUs: 1, stream: 'stdout', level: 'info', text: 'x' });
    }
    log.platform('END', 2);
    assert.equal(log.dropped, 5);
    assert.equal(log.entries.length, recordLimits.logEntries + 1);
    assert.equal(log.entries.at(-1)?.text, 'END');
  });

  it('long entries fill a log sooner than many do', () => {
    const log = new CapturedLog(0, new SourceMaps(), plain, () => {});
    const text = 'x'.repeat(recordLimits.logTextBytes);
    const fit = recordLimits.logBytes / recordLimits.logTextBytes;
    for (let index = 0; index < fit + 3; index++) log.add({ atUs: 1, stream: 'stdout', level: 'info', text });
    assert.equal(log.entries.length, fit);
    assert.equal(log.dropped, 3);
  });

  it('a full log counts what it does not keep', () => {
    const log = new CapturedLog(0, new SourceMaps(), plain, () => {});
    for (let index = 0; index < recordLimits.logEntries; index++) {
      log.add({ atUs: 1, stream: 'stdout', level: 'info', text: 'x' });
    }
    log.add({ atUs: 1, stream: 'stdout', level: 'info', text: 'x' });
    log.add({ atUs: 1, stream: 'stdout', text: 'a\nb\nc' });
    assert.equal(log.entries.length, recordLimits.logEntries);
    assert.equal(log.dropped, 3);
  });

  it('pipes: lines over any cut, characters kept whole, the inspector’s own words left out', () => {
    const lines: string[] = [];
    const pipe = new PipeLines((line) => lines.push(line));
    const bytes = Buffer.from('one\r\ntwo ü\nDebugger attached.\nDebugger listening on ws://x\nlast');
    for (const byte of bytes) pipe.push(Buffer.from([byte]));
    pipe.end();
    assert.deepEqual(lines, ['one', 'two ü', 'last']);
  });

  it('messages of an instance are believed only when they are whole', () => {
    const good = { type: 'result', id: 'a', startUs: 1, endUs: 2, peakKB: 3 };
    assert.equal(parseMessage(good).type, 'result');
    const observed = (...observations: unknown[]) => ({ type: 'observed', id: 'a', observations });
    parseMessage(observed({ kind: 'openWork', what: 'timer', count: 1, frame: ['f', 1, 2] }));
    parseMessage(
      observed({
        kind: 'carriedState',
        what: 'files',
        names: [{ name: '/tmp/a' }],
        more: 0,
        from: 'a',
        callsAgo: 1,
      }),
    );
    for (const bad of [
      { type: 'nothing' },
      { type: 'constructor' },
      { ...good, id: 1 },
      { ...good, endUs: -1 },
      { ...good, omittedBytes: '1' },
      { type: 'hook', hook: 'preThaw', edge: 'start', atUs: 1 },
      { type: 'hook', hook: 'preStop', edge: 'end', atUs: 1, error: 'no' },
      { type: 'listens', signal: 'SIGKILL' },
      { ...good, endUs: Number.NaN },
      { type: 'log', atUs: 1, stream: 'stdin', text: '' },
      { type: 'log', atUs: 1, stream: 'stdout', text: '', frame: ['f', 1] },
      { ...good, type: 'error', handled: true, error: { type: 'x', message: 'y', stack: 'z' } },
      { ...good, observing: 'yes' },
      { type: 'observed', id: 'a', observations: 'none' },
      observed({ kind: 'constructor' }),
      observed({ kind: 'openWork', what: 'nothing', count: 1 }),
      observed({ kind: 'openWork', what: 'timer', count: 1, frame: ['f', 1] }),
      observed({ kind: 'ranLater', what: 'timer', count: 1 }),
      observed({ kind: 'carriedState', what: 'variables', names: [{}], more: 0, from: 'a', callsAgo: 1 }),
      observed(...Array.from({ length: 100 }, () => ({ kind: 'openWork', what: 'timer', count: 1 }))),
    ]) {
      assert.throws(() => parseMessage(bad), { name: 'FrameError' });
    }
  });
});
