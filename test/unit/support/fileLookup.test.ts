import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskLookup } from '../../../runtime/support/fileLookup.ts';
import { writeTree } from '../../support/fileTree.ts';
import { tempFolder } from '../../support/tempFolder.ts';

test('what is not there is no file, also below a file; nothing throws', (t) => {
  const root = tempFolder(t);
  writeTree(root, { 'config.json': '{}', 'src/index.js': '1' });
  const at = (...parts: string[]) => join(root, ...parts);
  assert.deepEqual(
    [at('config.json'), at('src'), at('nothing'), at('config.json', 'index.ts'), `${root}\0`].map((path) =>
      diskLookup.isFile(path),
    ),
    [true, false, false, false, false],
  );
  assert.equal(diskLookup.readText(at('config.json', 'index.ts')), undefined);
  assert.deepEqual(diskLookup.list(root).sort(), ['config.json', 'src/']);
  assert.deepEqual(diskLookup.list(at('config.json')), []);
});
