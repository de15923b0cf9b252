import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listTargets, openTarget } from '../../../runtime/deploy/openTarget.ts';
import type { DeployTarget } from '../../../runtime/deploy/target.ts';
import type { TargetDefinition } from '../../../runtime/model/project.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const functions = [functionDefinition('/p')];
const prod: TargetDefinition = {
  name: 'prod',
  type: 'aws-lambda',
  settings: { type: 'aws-lambda', region: 'eu-central-1' },
};
const around = {
  local: { name: 'local', type: 'local' } as DeployTarget,
  functions: () => Promise.resolve(functions),
};

test('the targets of a project: its own, and those of its platforms that need nothing stated', () => {
  assert.deepEqual(listTargets({ functions, targets: [] }), [
    { name: 'local', type: 'local', stated: true },
    { name: 'aws-lambda', type: 'aws-lambda', stated: false },
  ]);
  const names = listTargets({ functions, targets: [prod] }).map(({ name }) => name);
  assert.deepEqual(names, ['local', 'prod']);
});

test('a target is opened by its name, or by its type; what is wrong is said', async () => {
  const open = (name: string, targets = [prod]) => openTarget(name, { ...around, targets });
  assert.equal(await open('local'), around.local);
  assert.deepEqual(await open('prod').then(({ name, type }) => [name, type]), ['prod', 'aws-lambda']);
  await assert.rejects(open('prd'), { code: 'TARGET_UNKNOWN', message: /local, prod/ });
  const heroku = { name: 'x', type: 'heroku', settings: {} };
  await assert.rejects(open('x', [heroku]), { code: 'TARGET_SETTING', message: /no type "heroku"/ });
  const wrong = { ...prod, settings: { ...prod.settings, role: 'admin' } };
  await assert.rejects(open('prod', [wrong]), { code: 'TARGET_SETTING', message: /role: expected a role/ });
});
