import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuObjection } from '../../../runtime/model/functionComputeCpu.ts';
import { nameRule } from '../../../runtime/model/functionNames.ts';
import { platformIds } from '../../../runtime/model/platformDefaults.ts';
import {
  findRuntime,
  isSupported,
  runtimesOf,
  successorOf,
  versionsOffered,
} from '../../../runtime/model/runtimes.ts';
import { say } from '../../../runtime/support/l10n.ts';

const today = '2026-11-26';

test('a runtime ends on its day, and the next newer one follows it', () => {
  const runtime = findRuntime('aws-lambda', 'nodejs20.x')!;
  assert.equal(isSupported(runtime, '2026-04-29'), true);
  assert.equal(isSupported(runtime, '2026-04-30'), false);
  assert.equal(successorOf('aws-lambda', 'nodejs16.x', today)?.id, 'nodejs22.x');
  assert.equal(successorOf('aws-lambda', 'go1.x', today)?.id, 'provided.al2023');
  assert.equal(successorOf('aws-lambda', 'python3.14', today), undefined);
  assert.equal(successorOf('aliyun-fc', 'nodejs8', today)?.id, 'nodejs20');
  assert.equal(findRuntime('aliyun-fc', 'nodejs22'), undefined);
});

test('runtimes are listed once, with days', () => {
  for (const platform of platformIds) {
    const all = runtimesOf(platform);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    for (const { endsAt } of all) assert.match(endsAt ?? today, /^\d{4}-\d\d-\d\d$/);
  }
});

test('names that the clouds take', () => {
  const takes = (platform: string, name: string) => nameRule(platform)!.pattern.test(name);
  assert.deepEqual(
    ['a-b_1', '1a', '-a', 'x'.repeat(65)].map((name) => takes('aliyun-fc', name)),
    [true, false, false, false],
  );
  assert.deepEqual(
    ['1a', 'a.b'].map((name) => takes('aws-lambda', name)),
    [true, false],
  );
  assert.deepEqual(
    ['hello-1', 'Hello', '1hello', 'hello-'].map((name) => takes('knative', name)),
    [true, false, false, false],
  );
  assert.equal(nameRule('elsewhere'), undefined);
});

test('one to four gigabytes share a processor', () => {
  assert.equal(cpuObjection(0.35, 512), undefined);
  assert.equal(cpuObjection(1, 1024), undefined);
  assert.equal(cpuObjection(1, 4096), undefined);
  assert.equal(say(cpuObjection(1, 960)!), '1 processors do not go with 960 MB: 1 to 4 GB share one');
  assert.equal(say(cpuObjection(0.5, 2112)!), '0.5 processors do not go with 2112 MB: 1 to 4 GB share one');
});

test('platforms offer the versions of their runtimes, without those that are long gone', () => {
  assert.deepEqual(versionsOffered('aws-lambda', 'nodejs'), ['18', '20', '22', '24']);
  assert.deepEqual(versionsOffered('aws-lambda', 'python'), ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14']);
  assert.deepEqual(versionsOffered('aliyun-fc', 'nodejs'), ['8', '10', '12', '14', '16', '18', '20']);
  // Its `python3` is 3.6.
  assert.deepEqual(versionsOffered('aliyun-fc', 'python'), ['3.6', '3.9', '3.10', '3.12']);
  assert.deepEqual(versionsOffered('aliyun-fc', 'php'), ['7.2']);
  assert.deepEqual(versionsOffered('knative', 'nodejs'), []);
});
