import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../check.ts';

test('functions whose plugin bundles them are bundled, also without its settings', () => {
  for (const plugin of ['serverless-esbuild', 'serverless-webpack', 'serverless-bundle']) {
    const text = `service: s
provider: { name: aws, runtime: nodejs20.x }
plugins: [${plugin}]
functions: { a: { handler: a.b } }
`;
    const [fn] = parse('serverless.yml', text).functions;
    assert.deepEqual(fn!.definition.build, { method: 'esbuild', entryPoints: [], external: [] }, plugin);
  }
});

test('the runtime of the provider is not that of an image', () => {
  const text = `service: s
provider: { name: aws, runtime: nodejs20.x, ecr: { images: { app: { path: . } } } }
functions: { a: { image: { name: app } } }
`;
  const parsed = parse('serverless.yml', text);
  assert.match(parsed.problems.map(({ message }) => message).join(), /written for container/);
});
