import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import type { Diagnosis } from '../../../../../extension/debug/doctor/diagnosis.ts';
import { BreakpointHints } from '../../../../../extension/debug/doctor/hints.ts';
import { Emitter } from '../../../../../runtime/support/emitter.ts';
import { FakeClock } from '../../../../support/fakeClock.ts';

class SourceBreakpoint {
  readonly id: string;
  readonly enabled = true;
  readonly location: unknown;
  constructor(id: string, line: number) {
    this.id = id;
    const uri = { scheme: 'file', fsPath: '/p/a.ts', path: '/p/a.ts', toString: () => 'file:///p/a.ts' };
    this.location = { uri, range: { start: { line: line - 1 } } };
  }
}

const problem: Diagnosis = { reason: { kind: 'notPart' }, standing: 'problem', remedies: [] };
const waiting: Diagnosis = {
  reason: { kind: 'notLoaded', functions: ['hello'] },
  standing: 'waiting',
  remedies: [],
};

suite('hints after a call', () => {
  let clock: FakeClock;
  let diagnosis: Diagnosis;
  let set: string[];
  let asked: number;
  let remarks: string[];
  let breakpoints: SourceBreakpoint[];
  let hints: BreakpointHints;
  const changed = new Emitter<unknown>();
  const told = new Emitter<void>();
  const breakpointsChanged = new Emitter<unknown>();
  const saved = new Emitter<unknown>();
  const started = new Emitter<unknown>();
  const ended = new Emitter<unknown>();
  let summary: Record<string, unknown>;
  let debugs: boolean;

  beforeEach(() => {
    clock = new FakeClock();
    diagnosis = problem;
    set = [];
    asked = 0;
    remarks = [];
    debugs = true;
    breakpoints = [new SourceBreakpoint('b1', 3)];
    const host = { folder: { path: '/p' }, mirror: { invocation: () => summary } };
    const api = {
      SourceBreakpoint,
      debug: {
        get breakpoints() {
          return breakpoints;
        },
        onDidChangeBreakpoints: breakpointsChanged.event,
        onDidStartDebugSession: started.event,
        onDidTerminateDebugSession: ended.event,
      },
      workspace: { onDidSaveTextDocument: saved.event },
    };
    hints = new BreakpointHints({
      api,
      hosts: { onDidChange: changed.event, ofFile: () => host },
      told: { onDidChange: told.event, of: () => ({ instances: set, stops: 0 }) },
      doctor: {
        examine: async () => {
          asked++;
          return [diagnosis];
        },
      },
      dialogs: { remark: (text: string) => remarks.push(text) },
      clock,
      isDebugging: () => true,
      debugs: () => debugs,
      log: { warn: (text: string) => assert.fail(text) },
    } as never);
    call = async (id, receivedAt = clock.epochMs() + 1) => {
      summary = { id, function: 'hello', status: 'ok', notes: [], receivedAt, instance: { id: 'hello#1' } };
      changed.fire({ kind: 'mirror', host, change: { kind: 'invocation', id } });
      clock.advance(1000);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    };
  });
  let call: (id: string, receivedAt?: number) => Promise<void>;

  test('a problem is shown, and remarked once', async () => {
    await call('1');
    await call('2');
    assert.equal(hints.all.length, 1);
    assert.deepEqual(remarks, ['$(debug-breakpoint-unverified) a.ts:3: this file is part of no function']);
  });

  test('what is set is not even asked about; what waits gets nothing', async () => {
    set = ['hello#1'];
    await call('1');
    assert.deepEqual([hints.all.length, asked], [0, 0]);
    set = [];
    diagnosis = waiting;
    await call('2');
    assert.deepEqual([hints.all.length, asked, remarks], [0, 1, []]);
  });

  test('a hint goes as soon as a debugger has set the breakpoint, the file is saved, or debugging ends', async () => {
    await call('1');
    set = ['hello#2'];
    told.fire();
    assert.equal(hints.all.length, 0);
    set = [];
    await call('2');
    assert.equal(hints.all.length, 1);
    saved.fire({ uri: { toString: () => 'file:///p/a.ts' } });
    assert.equal(hints.all.length, 0);
    await call('3');
    hints.clear();
    assert.equal(hints.all.length, 0);
  });

  test('a breakpoint that came during the call is left alone', async () => {
    const before = clock.epochMs();
    clock.advance(10);
    breakpointsChanged.fire({ added: breakpoints, removed: [], changed: [] });
    await call('1', before);
    assert.equal(hints.all.length, 0);
    await call('2');
    assert.equal(hints.all.length, 1);
    breakpointsChanged.fire({ added: [], removed: breakpoints, changed: [] });
    assert.equal(hints.all.length, 0);
  });

  test('functions that are not debugged, and calls that run, are none of its business', async () => {
    debugs = false;
    await call('1');
    assert.equal(asked, 0);
  });

  test('while another debugger runs, files of no function are left to it', async () => {
    const jest = { id: 's1', type: 'pwa-node', configuration: {} };
    started.fire(jest);
    await call('1');
    assert.equal(hints.all.length, 0);
    ended.fire(jest);
    started.fire({ id: 's2', type: 'porchlight', configuration: {} });
    started.fire({ id: 's3', type: 'pwa-node', configuration: { porchlightInstance: 'hello#1' } });
    await call('2');
    assert.equal(hints.all.length, 1);
  });
});
