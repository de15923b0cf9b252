import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageRequest } from '../../../../runtime/deploy/knative/imageOfFunction.ts';
import { readSettings } from '../../../../runtime/deploy/knative/settings.ts';
import { createArchive, type ArchiveStart } from '../../../../runtime/packaging/archive.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

async function commandOf(
  command: string[],
  start: Pick<ArchiveStart, 'entry' | 'program'>,
): Promise<string[]> {
  const definition = functionDefinition('/p', {
    language: 'custom',
    platform: 'knative',
    program: { command },
  });
  const archive = createArchive([], { loader: 'script', exportName: '', ...start }, []);
  const destination = { registry: 'ghcr.io', repository: 'team/app' };
  const settings = readSettings('prod', { registry: 'ghcr.io/team' });
  const made = await imageRequest('prod', { definition, archive, environment: {} }, settings, destination);
  assert.equal(made.start.kind, 'command');
  return 'command' in made.start ? made.start.command : [];
}

test('programs are started from where they lie in the image', async () => {
  assert.deepEqual(
    await commandOf(['$ARTIFACTS_DIR/bin/app', '--data', '${ARTIFACTS_DIR}/data'], {
      ...{ entry: 'bin/app', program: 'packed' },
    }),
    ['/app/bin/app', '--data', '/app/data'],
  );
  assert.deepEqual(await commandOf(['./server', 'two'], { entry: 'server', program: 'packed' }), [
    '/app/server',
    'two',
  ]);
});

test('programs of the base image are started by name', async () => {
  assert.deepEqual(await commandOf(['node', 'server.cjs'], { entry: 'node', program: 'named' }), [
    'node',
    'server.cjs',
  ]);
});
