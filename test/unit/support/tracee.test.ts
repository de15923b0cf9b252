import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTracee, type ProcReader } from '../../../runtime/support/tracee.ts';

/** A debugger (7) whose second thread (8) started a helper (20) and, after `begin`, the program it debugs (21). */
function machine() {
  const files: Record<string, string> = {
    '/proc/7/task/7/children': '',
    '/proc/7/task/8/children': '20 ',
    '/proc/20/status': 'Name:\thelper\nTracerPid:\t0\n',
    '/proc/20/stat': '20 (helper) t 7',
  };
  const proc: ProcReader = {
    read: (path) => files[path],
    list: (path) => ({ '/proc/7/task': ['7', '8'], '/proc/21/task': ['21', '22'] })[path],
  };
  const state = (letter: string) => (files['/proc/21/stat'] = `21 (a) t (b) ${letter} 7 21`);
  const begin = () => {
    files['/proc/7/task/8/children'] = '20 21 ';
    files['/proc/21/status'] = 'Name:\ta) t (b\nTracerPid:\t8\n';
    state('t');
  };
  const thread = (letter: string) => (files['/proc/21/task/22/stat'] = `22 (a) ${letter} 7 21`);
  const gone = () => delete files['/proc/21/stat'];
  return { proc, begin, state, thread, gone };
}

describe('a program in its debugger', () => {
  it('is found when it has begun, and is stopped in a tracing stop or when it has ended', () => {
    const { proc, begin, state, thread, gone } = machine();
    const tracee = openTracee(7, 'linux', proc)!;
    assert.equal(tracee.stopped(), false, 'there is none yet');
    begin();
    assert.equal(tracee.stopped(), true);
    for (const [letter, stopped] of Object.entries({
      R: false,
      S: false,
      D: false,
      t: true,
      Z: true,
      X: true,
    })) {
      state(letter);
      assert.equal(tracee.stopped(), stopped, letter);
    }
    state('S');
    thread('t');
    assert.equal(tracee.stopped(), true, 'one thread is stopped already');
    thread('Z');
    assert.equal(tracee.stopped(), false, 'threads may end');
    gone();
    assert.equal(tracee.stopped(), true);
  });

  it('cannot be told where a debugger or /proc is not there', () => {
    const { proc } = machine();
    assert.equal(openTracee(99, 'linux', proc)!.stopped(), false);
    assert.equal(openTracee(7, 'linux', { read: () => undefined, list: () => ['7'] })!.stopped(), false);
    assert.equal(openTracee(7, 'darwin', proc), undefined);
    assert.equal(openTracee(7, 'win32', proc), undefined);
  });

  it('is looked for in the real system without harm', { skip: process.platform !== 'linux' }, () => {
    assert.equal(openTracee(process.pid)!.stopped(), false);
  });
});
