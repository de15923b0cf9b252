import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examples } from '../../../../../extension/commands/starting/examples.ts';

const root = join(import.meta.dirname, '../../../../../examples');

test('every example is offered, and begins with a file that it has', () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(examples.map(({ folder }) => folder).sort(), folders.map(({ name }) => name).sort());
  for (const { folder, main } of examples) assert.ok(existsSync(join(root, folder, main)), folder);
});
