import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linuxMemory, type ProcFiles } from '../../../../runtime/support/memory/linuxMemory.ts';

/** A /proc of one process, with what it is asked to write. */
function fakeProc(files: Record<string, string>): ProcFiles & { written: string[]; open_: Set<string> } {
  const paths: string[] = [];
  const proc = {
    pageKB: 4,
    written: [] as string[],
    open_: new Set<string>(),
    open(path: string) {
      if (!(path in files)) return undefined;
      proc.open_.add(path);
      return paths.push(path) - 1;
    },
    read: (descriptor: number) => files[paths[descriptor]!],
    write(descriptor: number, text: string) {
      proc.written.push(`${paths[descriptor]!} ${text}`);
      return true;
    },
    readPath: (path: string) => files[path],
    close: (descriptor: number) => void proc.open_.delete(paths[descriptor]!),
  };
  return proc;
}

const status = (peakKB: number, residentKB: number) =>
  `Name:\tnode\nVmHWM:\t  ${peakKB} kB\nVmRSS:\t  ${residentKB} kB\n`;

test('resident size: own pages, and what children hold for themselves', () => {
  const memory = linuxMemory(
    fakeProc({
      '/proc/7/statm': '9999 1000 300 1 0 1 0\n',
      '/proc/7/task/7/children': '8 9 10 ',
      '/proc/8/statm': '1 500 400 1 0 1 0\n',
      '/proc/9/statm': '1 200 250 1 0 1 0\n',
    }),
  ).open(7);
  assert.equal(memory.residentKB(), (1000 + 100) * 4);
});

test('pages of another size, and kernels that do not list children', () => {
  const proc = { ...fakeProc({ '/proc/7/statm': '9 10 3\n' }), pageKB: 16 };
  assert.equal(linuxMemory(proc).open(7).residentKB(), 160);
});

test('the peak is forgotten only when it lies noticeably above the present size', () => {
  const files = { '/proc/7/status': status(300_000, 299_500), '/proc/7/clear_refs': '' };
  const proc = fakeProc(files);
  const memory = linuxMemory(proc).open(7);
  assert.deepEqual(memory.takePeak(), { peakKB: 300_000, residentKB: 299_500 });
  assert.deepEqual(proc.written, []);
  files['/proc/7/status'] = status(300_000, 50_000);
  assert.deepEqual(memory.takePeak(), { peakKB: 300_000, residentKB: 50_000 });
  assert.deepEqual(proc.written, ['/proc/7/clear_refs 5']);
});

test('a process that is gone, a zombie, and a closed reader tell nothing', () => {
  assert.equal(linuxMemory(fakeProc({})).open(7).residentKB(), undefined);
  assert.equal(linuxMemory(fakeProc({})).open(7).takePeak(), undefined);
  const proc = fakeProc({ '/proc/7/status': 'Name:\tnode\nState:\tZ\n', '/proc/7/statm': '0 0 0' });
  const memory = linuxMemory(proc).open(7);
  assert.equal(memory.takePeak(), undefined);
  memory.close();
  memory.close();
  assert.equal(memory.residentKB(), undefined);
  assert.deepEqual([...proc.open_], []);
});

test('this process, for real', { skip: process.platform !== 'linux' }, () => {
  const memory = linuxMemory().open(process.pid);
  const residentMB = memory.residentKB()! / 1024;
  assert.ok(Math.abs(residentMB - process.memoryUsage.rss() / 1024 / 1024) < 100, String(residentMB));
  assert.ok(memory.takePeak()!.peakKB >= 20_000);
  memory.close();
});
