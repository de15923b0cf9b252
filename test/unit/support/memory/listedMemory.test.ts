import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedMemory } from '../../../../runtime/support/memory/listedMemory.ts';

test('macOS: one run of ps for all processes', async () => {
  const calls: string[] = [];
  const source = listedMemory('darwin', (command, args) => {
    calls.push([command, ...args].join(' '));
    return Promise.resolve('  7  43210\n    8 1000\n  99 5\n');
  });
  const [first, second] = [source.open(7), source.open(8)];
  assert.equal(first.residentKB(), undefined);
  await source.refresh!();
  assert.deepEqual(calls, ['ps -o pid=,rss= -p 7,8']);
  assert.deepEqual([first.residentKB(), second.residentKB()], [43_210, 1000]);
  assert.equal(first.takePeak(), undefined);
  first.close();
  second.close();
  await source.refresh!();
  assert.equal(calls.length, 1);
});

test('Windows: the list of tasks, in whatever language its numbers are', async () => {
  const source = listedMemory('win32', () =>
    Promise.resolve(
      [
        '"System Idle Process","0","Services","0","8 K"',
        '"node.exe","7","Console","1","45,320 K"',
        '"node.exe","8","Console","1","1.245.320 K"',
        '"node.exe","9","Console","1","45\u00a0320 \u041a"',
        '',
      ].join('\r\n'),
    ),
  );
  const processes = [7, 8, 9, 10].map((pid) => source.open(pid));
  await source.refresh!();
  assert.deepEqual(
    processes.map((memory) => memory.residentKB()),
    [45_320, 1_245_320, 45_320, undefined],
  );
});

test('a tool that fails tells nothing', async () => {
  const source = listedMemory('darwin', () => Promise.resolve(''));
  const memory = source.open(7);
  await source.refresh!();
  assert.equal(memory.residentKB(), undefined);
});
