import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neededOf, programProblem } from '../../../../runtime/deploy/images/programImage.ts';
import type { ProgramSettings } from '../../../../runtime/model/program.ts';
import { builtFile, createArchive } from '../../../../runtime/packaging/archive.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const packed = (text: string) =>
  createArchive(
    [builtFile('app', Buffer.from(text))],
    { entry: 'app', loader: 'script', exportName: '', program: 'packed' },
    [],
  );
const named = (entry: string) =>
  createArchive([], { entry, loader: 'script', exportName: '', program: 'named' }, []);

test('what a program needs of its base image is read from its command or its first line', async () => {
  assert.equal(await neededOf(named('node')), 'node');
  assert.equal(await neededOf(named('/usr/bin/java')), 'java');
  assert.equal(await neededOf(named('sh')), undefined);
  assert.equal(await neededOf(packed('#!/usr/bin/env node\n1')), 'node');
  assert.equal(await neededOf(packed('#!/usr/bin/env -S python3 -u\n')), 'python3');
  assert.equal(await neededOf(packed('#! /bin/sh\n')), undefined);
  assert.equal(await neededOf(packed('\x7fELF')), undefined);
});

test('programs that no cluster can call, or that nothing runs there, are told with what to do', async () => {
  const problem = (program: ProgramSettings, archive = packed('\x7fELF'), baseImage?: string) => {
    const definition = { ...functionDefinition('/p', { platform: 'knative', language: 'custom' }), program };
    return programProblem({ definition, archive }, { baseImage });
  };
  assert.equal(await problem({}), undefined);
  assert.equal(await problem({ protocol: 'http' }), undefined);
  for (const protocol of ['runtime-api', 'fc-custom', 'watchdog-process'] as const)
    assert.match(say((await problem({ protocol })) ?? ''), /port of PORT, and state protocol: http/);
  assert.match(
    say((await problem({ protocol: 'watchdog-http', port: 5000 })) ?? ''),
    /deploy it with faas-cli/,
  );
  assert.equal(await problem({ protocol: 'watchdog-http' }), undefined);
  assert.match(say((await problem({}, named('java'))) ?? ''), /run by java, .*Set baseImage:/);
  assert.equal(await problem({}, named('java'), 'eclipse-temurin:21'), undefined);
  assert.equal(await problem({}, named('python3')), undefined);
  const handler = functionDefinition('/p', { platform: 'knative' });
  assert.equal(await programProblem({ definition: handler, archive: named('x') }, {}), undefined);
});
