import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fits, headerBytes, machinesOf, thisMachine } from '../../../../runtime/packaging/native/machine.ts';
import { nativeHeader } from '../../../support/nativeHeader.ts';

describe('the machine of native code', () => {
  const cases: [string, Uint8Array, string[]][] = [
    ['ELF', nativeHeader('linux', 'x86_64'), ['linux x86_64']],
    ['ELF for arm64', nativeHeader('linux', 'arm64'), ['linux arm64']],
    ['ELF with musl', nativeHeader('linux', 'x86_64', '/lib/ld-musl-x86_64.so.1'), ['linux x86_64 musl']],
    [
      'ELF with glibc',
      nativeHeader('linux', 'x86_64', '/lib64/ld-linux-x86-64.so.2'),
      ['linux x86_64 glibc'],
    ],
    ['Mach-O', nativeHeader('macOS', 'arm64'), ['macOS arm64']],
    ['Mach-O for several', nativeHeader('macOS', 'both'), ['macOS x86_64', 'macOS arm64']],
    ['PE', nativeHeader('Windows', 'x86_64'), ['Windows x86_64']],
    ['a class of Java', Buffer.from('cafebabe00000041'.padEnd(48, '0'), 'hex'), []],
    ['a script', Buffer.from('#!/bin/sh\nexec node server.js\n'), []],
    ['a DOS program', Buffer.from('MZ'.padEnd(100, ' ')), []],
    ['a cut header', nativeHeader('linux', 'x86_64').subarray(0, 10), []],
    ['nothing', Buffer.alloc(0), []],
  ];
  for (const [title, bytes, expected] of cases) {
    it(`is read of ${title}`, () => {
      const found = machinesOf(bytes).map(({ os, architecture, libc }) =>
        [os, architecture, libc].filter(Boolean).join(' '),
      );
      assert.deepEqual(found, expected);
    });
  }

  it('of the Node that runs this is the machine', () => {
    const machines = machinesOf(readFileSync(process.execPath).subarray(0, headerBytes));
    assert.ok(machines.some((code) => fits(code, thisMachine())));
  });

  it('fits where system, processor and C library do', () => {
    const lambda = { os: 'linux', architecture: 'x86_64', libc: 'glibc' } as const;
    assert.ok(fits({ os: 'linux', architecture: 'x86_64' }, lambda));
    assert.ok(!fits({ os: 'linux', architecture: 'x86_64', libc: 'musl' }, lambda));
    assert.ok(!fits({ os: 'linux', architecture: 'arm64' }, lambda));
    assert.ok(!fits({ os: 'macOS', architecture: 'x86_64' }, lambda));
  });
});
