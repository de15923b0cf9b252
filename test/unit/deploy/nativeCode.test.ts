import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkNativeCode, untriable } from '../../../runtime/deploy/nativeCode.ts';
import type { DeployItem, TargetMachine } from '../../../runtime/deploy/target.ts';
import { builtFile, createArchive, type ArchiveStart } from '../../../runtime/packaging/archive.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { nativeHeader } from '../../support/nativeHeader.ts';
import { say } from '../../../runtime/support/l10n.ts';

const lambda: TargetMachine = { os: 'linux', architecture: 'x86_64', libc: 'glibc', glibc: 34 };
const handler: ArchiveStart = { entry: 'index.js', loader: 'script', exportName: 'handler' };
const program: ArchiveStart = { entry: 'bootstrap', loader: 'script', exportName: '', program: 'packed' };

function item(files: Record<string, Uint8Array>, start: ArchiveStart): DeployItem {
  const list = Object.entries(files).map(([path, data]) => builtFile(path, data));
  const definition = functionDefinition('/p', { name: 'hello' });
  const event = { bytes: Buffer.from(''), trigger: 'event', expects: false, check: () => [] } as const;
  return {
    definition,
    environment: {},
    runnable: true,
    findings: [],
    event,
    archive: createArchive(list, start, []),
  };
}

async function found(files: Record<string, Uint8Array>, start = handler): Promise<string[]> {
  const findings = await checkNativeCode(item(files, start), lambda);
  return findings.map(({ severity, message }) => `${severity} ${message}`);
}

describe('native code before a deploy', () => {
  it('is fine where a package has some for the machine, beside that for others', async () => {
    const files = {
      'node_modules/sharp/prebuilds/darwin-arm64/sharp.node': nativeHeader('macOS', 'arm64'),
      'node_modules/sharp/prebuilds/linux-x64/sharp.node': nativeHeader('linux', 'x86_64'),
      'node_modules/text/readme.node': Buffer.from('no native code at all'),
    };
    assert.deepEqual(await found(files), []);
  });

  it('names the package and the remedy where there is none for it', async () => {
    const [npm, python, own] = await found({
      'node_modules/@img/sharp-darwin-arm64/lib/sharp.node': nativeHeader('macOS', 'arm64'),
      'numpy/core/_multiarray.cpython-312-darwin.so': nativeHeader('macOS', 'both'),
      'lib/mine.so': nativeHeader('linux', 'arm64'),
    });
    assert.match(npm!, /^warning hello: lib\/mine\.so holds native code for linux arm64 alone; .*Replace it/);
    assert.match(
      python!,
      /^warning hello: @img\/sharp-darwin-arm64 holds .* macOS arm64 alone; where it is sent it is linux x86_64\. .*npm install --os=linux --cpu=x64/,
    );
    assert.match(
      own!,
      /^warning hello: numpy holds .* macOS x86_64, macOS arm64 alone; .*pip install --platform manylinux2014_x86_64/,
    );
  });

  it('refuses a program for another machine, and tells that it cannot be tried out here', async () => {
    const foreign = { bootstrap: nativeHeader('Windows', 'x86_64') };
    assert.match(
      (await found(foreign, program)).join(),
      /^error hello: bootstrap holds .*Windows x86_64 alone.*GOARCH=amd64/,
    );
    assert.match(say((await untriable(item(foreign, program)))!), /^bootstrap is built for Windows x86_64/);
    assert.equal(await untriable(item({ bootstrap: Buffer.from('#!/bin/sh\n') }, program)), undefined);
  });

  it('refuses a program that needs a newer C library', async () => {
    const linked = (needed: string) => ({
      bootstrap: Buffer.concat([
        nativeHeader('linux', 'x86_64'),
        Buffer.from(`GLIBC_2.2.5\0GLIBC_${needed}\0`),
      ]),
    });
    assert.match((await found(linked('2.38'), program)).join(), /^error hello: .*glibc 2\.38; .* 2\.34\./);
    assert.deepEqual(await found(linked('2.34'), program), []);
  });
});
