import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { BreakpointLedger } from '../../../../../runtime/languages/nodejs/breakpointLedger.ts';

suite('which breakpoints are set in an instance', () => {
  let ledger: BreakpointLedger;
  let now: number;

  beforeEach(() => {
    now = 1000;
    ledger = new BreakpointLedger(() => now);
  });

  const event = (method: string, params: object, whole = true) =>
    ledger.fromInspector(Buffer.from(JSON.stringify({ method, params })), whole);
  const parsed = (scriptId: string, url: string) => event('Debugger.scriptParsed', { scriptId, url });
  const send = (id: number, method: string, params: object = {}) =>
    ledger.fromClient(Buffer.from(JSON.stringify({ id, method, params })));
  const reply = (id: number, result: object) =>
    ledger.fromInspector(Buffer.from(JSON.stringify({ id, result })), true);
  const at = (scriptId: string, lineNumber: number, columnNumber = 0) => ({
    scriptId,
    lineNumber,
    columnNumber,
  });

  test('set by a place in a script, by an address, and when the script comes', () => {
    parsed('7', 'file:///p/a.js');
    send(1, 'Debugger.setBreakpoint');
    reply(1, { breakpointId: 'one', actualLocation: at('7', 3, 2) });
    send(2, 'Debugger.setBreakpointByUrl');
    reply(2, { breakpointId: 'two', locations: [at('7', 9)] });
    send(3, 'Debugger.setBreakpointByUrl');
    reply(3, { breakpointId: 'three', locations: [] });
    assert.deepEqual(ledger.bound, [
      { url: 'file:///p/a.js', line: 4, column: 3, hits: 0 },
      { url: 'file:///p/a.js', line: 10, column: 1, hits: 0 },
    ]);
    parsed('8', '/p/b.js');
    event('Debugger.breakpointResolved', { breakpointId: 'three', location: at('8', 0) });
    assert.deepEqual(ledger.bound[2], { url: '/p/b.js', line: 1, column: 1, hits: 0 });
    send(4, 'Debugger.removeBreakpoint', { breakpointId: 'one' });
    assert.equal(ledger.bound.length, 2);
  });

  test('a script that brings its breakpoints along', () => {
    event('Debugger.scriptParsed', {
      scriptId: '7',
      url: 'file:///p/a.js',
      resolvedBreakpoints: [{ breakpointId: 'one', location: at('7', 3) }],
    });
    assert.equal(ledger.bound[0]?.line, 4);
  });

  test('hits are counted for the breakpoints that were hit, with their time', () => {
    parsed('7', 'file:///p/a.js');
    send(1, 'Debugger.setBreakpoint');
    reply(1, { breakpointId: 'one', actualLocation: at('7', 3) });
    for (now of [2000, 3000])
      event('Debugger.paused', { reason: 'other', hitBreakpoints: ['one', 'strange'] });
    event('Debugger.paused', { reason: 'instrumentation', hitBreakpoints: [] });
    assert.deepEqual(ledger.bound, [{ url: 'file:///p/a.js', line: 4, column: 1, hits: 2, lastHitAt: 3000 }]);
  });

  test('scripts from files only, also when their message is too long to be held', () => {
    parsed('1', 'node:internal/x');
    parsed('2', '');
    parsed('3', 'evaluate.js');
    parsed('4', 'C:\\p\\a.js');
    const long = { scriptId: '5', url: 'file:///p/%22b%22.js', sourceMapURL: `data:,${'x'.repeat(20_000)}` };
    const message = Buffer.from(JSON.stringify({ method: 'Debugger.scriptParsed', params: long }));
    ledger.fromInspector(message.subarray(0, 9000), false);
    assert.deepEqual([...ledger.scripts], ['C:\\p\\a.js', 'file:///p/%22b%22.js']);
  });

  test('errors, replies to others, and nonsense change nothing', () => {
    parsed('7', 'file:///p/a.js');
    reply(9, { breakpointId: 'strange', actualLocation: at('7', 3) });
    send(1, 'Debugger.setBreakpoint');
    ledger.fromInspector(Buffer.from('{"id":1,"error":{"code":-32000,"message":"no"}}'), true);
    for (const text of ['', '{', '"Debugger.setBreakpoint', '{"id":"Debugger.x"}', 'null']) {
      ledger.fromClient(Buffer.from(text));
      ledger.fromInspector(Buffer.from(text), true);
    }
    for (const params of [{}, { breakpointId: 1 }, { breakpointId: 'x', location: null }])
      event('Debugger.breakpointResolved', params);
    event('Debugger.paused', { hitBreakpoints: 'one' });
    assert.deepEqual(ledger.bound, []);
  });
});
