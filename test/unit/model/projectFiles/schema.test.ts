import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../../..');

test('the checked-in JSON schema is current', () => {
  execFileSync(process.execPath, [join(root, 'scripts/schema.mjs'), '--check'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});

test('the JSON schema describes the keys of a function', () => {
  const schema = JSON.parse(readFileSync(join(root, 'media/schemas/porchlight.schema.json'), 'utf8')) as {
    properties: {
      functions: { additionalProperties: { properties: object; additionalProperties: boolean } };
    };
  };
  const one = schema.properties.functions.additionalProperties;
  assert.equal(one.additionalProperties, false);
  for (const key of ['handler', 'process', 'memory', 'timeout', 'env', 'triggers']) {
    assert.ok(key in one.properties, key);
  }
});
