import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpTrigger } from '../../../../runtime/model/functionDefinition.ts';
import { createRouter } from '../../../../runtime/triggers/http/router.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

/** Functions written as `name: METHOD,METHOD /path` or `name: /path`; several lines of one name are several triggers. */
function definitions(lines: string[]) {
  const triggers = new Map<string, HttpTrigger[]>();
  for (const line of lines) {
    const [, name, methods, path] = /^(\S+): (?:(\S+) )?(\/\S*)$/.exec(line)!;
    const trigger: HttpTrigger = {
      kind: 'http',
      name: 'http',
      path: path!,
      methods: methods?.split(',') ?? [],
      shape: 'http-api',
    };
    triggers.set(name!, [...(triggers.get(name!) ?? []), trigger]);
  }
  return [...triggers].map(([name, list]) => functionDefinition('/project', { name, triggers: list }));
}

const routes = [
  'root: GET /',
  'list: GET,POST /orders',
  'one: /orders/{id}',
  'mine: GET /orders/mine',
  'lines: /orders/{id}/lines/{line}',
  'files: /files/{path+}',
  'hello: /hello/*',
  'deep: /hello/world',
  'encoded: /a%20b/{x}',
];

const cases: [request: string, expected: string][] = [
  ['GET /', 'root {}'],
  ['POST /', '-'],
  ['GET /orders', 'list {}'],
  ['GET /orders/', 'list {}'],
  ['DELETE /orders', '-'],
  ['GET /orders/7', 'one {"id":"7"}'],
  ['GET /orders/a%2Fb', 'one {"id":"a/b"}'],
  ['GET /orders/%zz', 'one {"id":"%zz"}'],
  ['GET /orders/mine', 'mine {}'],
  ['POST /orders/mine', 'one {"id":"mine"}'],
  ['GET /orders/7/lines/2', 'lines {"id":"7","line":"2"}'],
  ['GET /orders/7/other', '-'],
  ['GET /files/a/b.txt', 'files {"path":"a/b.txt"}'],
  ['GET /files', '-'],
  ['GET /hello', 'hello {}'],
  ['GET /hello/a/b', 'hello {}'],
  ['GET /hello/world', 'deep {}'],
  ['GET /helloworld', '-'],
  ['GET /a%20b/1', 'encoded {"x":"1"}'],
  ['GET /nothing', '-'],
];

for (const [request, expected] of cases) {
  test(`${request} → ${expected}`, () => {
    const router = createRouter();
    assert.deepEqual(router.setFunctions(definitions(routes)), []);
    const [method, path] = request.split(' ') as [string, string];
    const match = router.match(method, path);
    assert.equal(match ? `${match.function} ${JSON.stringify(match.pathParameters)}` : '-', expected);
  });
}

const conflicts: [what: string, lines: string[], problems: string[]][] = [
  ['the same path', ['a: /x', 'b: /x'], ['b: ANY /x is never reached: a has the same path.']],
  ['other parameter names', ['a: GET /x/{id}', 'b: GET /x/{name}'], ['b: GET /x/{name} is never reached']],
  ['other methods', ['a: GET /x', 'b: POST /x', 'c: /x'], []],
  ['some other methods', ['a: GET /x', 'b: GET,POST /x'], []],
  [
    'own paths',
    ['a: /_porchlight/x', 'b: /2015-03-31/functions'],
    ['a: ANY /_porchlight/x', 'b: ANY /2015-03-31'],
  ],
  ['a rest in the middle', ['a: /x/{all+}/y'], ['only its last part may be']],
  ['a function twice', ['a: /x', 'a: /y'], []],
];

for (const [what, lines, expected] of conflicts) {
  test(`conflicts: ${what}`, () => {
    const problems = createRouter().setFunctions(definitions(lines));
    assert.equal(problems.length, expected.length, JSON.stringify(problems));
    expected.forEach((part, index) =>
      assert.ok(problems[index]!.message.includes(part), problems[index]!.message),
    );
    assert.ok(problems.every((problem) => problem.code === 'ROUTE_CONFLICT' && problem.line === 1));
  });
}

test('the first declared keeps a path that two functions want', () => {
  const router = createRouter();
  router.setFunctions(definitions(['a: /x', 'b: /x']));
  assert.equal(router.match('GET', '/x')?.function, 'a');
});

test('what is shown to people: paths, lines and allowed methods', () => {
  const router = createRouter();
  const all = definitions(routes);
  router.setFunctions(all);
  assert.deepEqual(all.flatMap((definition) => router.pathsOf(definition)).slice(0, 7), [
    '/',
    '/orders',
    '/orders/{id}',
    '/orders/mine',
    '/orders/{id}/lines/{line}',
    '/files/{path+}',
    '/hello',
  ]);
  assert.ok(router.describe().includes('GET,POST /orders  (list)'));
  assert.deepEqual(router.allowedMethods('/orders'), ['GET', 'POST']);
  assert.deepEqual(router.allowedMethods('/nothing'), []);
});
