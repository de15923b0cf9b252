import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { rollBack } from '../../../../runtime/deploy/deployedFunction.ts';
import { createLocalTarget } from '../../../../runtime/deploy/local/localTarget.ts';
import { servedFunctions } from '../../../../runtime/deploy/local/servedFunctions.ts';
import { builtFile, createArchive } from '../../../../runtime/packaging/archive.ts';
import { sampleOf } from '../../../support/deployProject.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const { signal } = new AbortController();

function deployedIn(t: TestContext) {
  const root = tempFolder(t);
  const target = createLocalTarget({
    root,
    tryOut: () => Promise.resolve({ answered: true, status: 'ok', durationMs: 1 }),
    onDidSwitch: () => Promise.resolve(true),
    invocations: () => Promise.resolve([]),
    urls: () => Promise.resolve(new Map()),
    now: () => 0,
  });
  const definition = functionDefinition(root, { name: 'f' });
  const deploy = async (code: string, percent: number): Promise<string | undefined> => {
    const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
    const archive = createArchive([builtFile('index.js', Buffer.from(code))], start, []);
    const facts = { environment: { CODE: code }, runnable: true, findings: [], event: sampleOf('{}') };
    const item = { definition, archive, ...facts };
    await target.upload(item, signal);
    const version = await target.create(item, signal);
    await target.verify(item, version, signal);
    const note = await target.switchTo('f', version, { item, percent });
    return note && say(note);
  };
  const listed = async () =>
    (await target.list()).flatMap(({ versions }) =>
      versions.map(({ version, current, percent }) => [version, current, percent]),
    );
  return { root, target, deploy, listed };
}

test('the first version gets all calls, a newer one its share, and the newest that of the one before', async (t) => {
  const { root, deploy, listed } = deployedIn(t);
  assert.match((await deploy('1', 10)) ?? '', /It gets all calls/);
  assert.deepEqual(await listed(), [['1', true, undefined]]);
  assert.match((await deploy('2', 10)) ?? '', /^10 % of the calls go to version 2, the others to 1\./);
  await deploy('3', 30);
  assert.deepEqual(await listed(), [
    ['3', false, 30],
    ['2', false, undefined],
    ['1', true, 70],
  ]);
  const [served] = await servedFunctions(root);
  assert.deepEqual([served!.version, served!.share?.percent, served!.share?.served.version], ['1', 30, '3']);
  assert.deepEqual(served!.share?.served.environment, { CODE: '3' });
});

test('a roll-back ends the sharing, and a version may get all calls', async (t) => {
  const { target, deploy, listed } = deployedIn(t);
  await deploy('1', 100);
  await deploy('2', 25);
  const back = (await rollBack(target, 'f')).functions[0]!;
  assert.deepEqual([back.version, back.previous], ['1', '2']);
  assert.deepEqual(await listed(), [
    ['2', false, undefined],
    ['1', true, undefined],
  ]);
  await assert.rejects(rollBack(target, 'f'), { code: 'VERSION_UNKNOWN' });
  await deploy('3', 25);
  const on = (await rollBack(target, 'f', '3')).functions[0]!;
  assert.deepEqual([on.version, on.previous], ['3', '1']);
  assert.equal((await listed())[0]![1], true);
  await target.discard('f', '2');
  assert.equal((await target.list())[0]!.versions.length, 2);
});

test('versions that get calls are kept, however many come after them', async (t) => {
  const { target, deploy, listed } = deployedIn(t);
  await deploy('first', 100);
  await deploy('shared', 10);
  const definition = functionDefinition('/p', { name: 'f' });
  const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
  const archive = createArchive([builtFile('index.js', Buffer.from('0'))], start, []);
  const facts = { environment: {}, runnable: true, findings: [], event: sampleOf('{}') };
  for (let more = 0; more < 25; more++) await target.create({ definition, archive, ...facts }, signal);
  const kept = (await listed()).filter(([, , percent]) => percent !== undefined);
  assert.deepEqual(kept, [
    ['2', false, 10],
    ['1', true, 90],
  ]);
});
