import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVariables } from '../../../../../runtime/model/projectFiles/serverlessFramework/variableText.ts';
import { parse } from '../check.ts';

/** A service whose only function has variables of the environment to look at. */
function service(values: string, rest = '', provider = '{ name: aws }'): string {
  return `service: shop
provider: ${provider}
${rest}
functions:
  f:
    handler: a.b
    environment:
${values.replace(/^/gm, '      ')}
`;
}

interface Given {
  env?: Record<string, string>;
  files?: Record<string, string>;
  /** Name of the project file, for one in a folder below. */
  name?: string;
}

/** Its values, unresolved ones as their expression and reason. */
function valuesOf(text: string, { env = {}, files = {}, name = 'serverless.yml' }: Given = {}): string {
  const { functions, problems } = parse(name, text, env, files);
  const { definition } = functions[0]!;
  const known = Object.entries(definition.env).map(([key, value]) => `${key}=${value}`);
  const reasons = problems.map(({ message, line }) => `${line}: ${message}`);
  return [...known, ...reasons].join('\n');
}

test('parts of a text: plain ones, variables, and what only looks like one', () => {
  const source = (type: string, address: string) => ({ kind: 'source', type, address });
  assert.deepEqual(parseVariables('a-${self:b}-c'), [
    'a-',
    { expression: 'self:b', choices: [source('self', 'b')] },
    '-c',
  ]);
  assert.deepEqual(parseVariables("${opt:stage, self:x.${env:Y}, 'a, b', 5, true, null, bare}"), [
    {
      expression: "opt:stage, self:x.${env:Y}, 'a, b', 5, true, null, bare",
      choices: [
        source('opt', 'stage'),
        source('self', 'x.${env:Y}'),
        { kind: 'literal', value: 'a, b' },
        { kind: 'literal', value: 5 },
        { kind: 'literal', value: true },
        { kind: 'literal', value: null },
        { kind: 'unknown', text: 'bare' },
      ],
    },
  ]);
  assert.deepEqual(parseVariables('${file(./a.${sls:stage}.yml):b.c}'), [
    {
      expression: 'file(./a.${sls:stage}.yml):b.c',
      choices: [{ kind: 'source', type: 'file', parameters: './a.${sls:stage}.yml', address: 'b.c' }],
    },
  ]);
  for (const plain of ['${AWS::Region}', '${Table}', '${}', '${self:open', 'no', '${Other.Arn}/x'])
    assert.deepEqual(parseVariables(plain), [plain]);
  assert.deepEqual(parseVariables('a \\${self:b} c'), ['a ${self:b} c']);
});

test('values of the file itself, nested, in text and as a whole', () => {
  const rest = `custom:
  stage: \${opt:stage, self:provider.stage}
  tables: { dev: orders-dev, prod: orders }
  table: \${self:custom.tables.\${self:custom.stage}}
  list: [{ name: first }, second]
  number: 0042
`;
  const values = `A: \${self:custom.table}
B: \${self:service}-\${self:provider.stage}-\${self:provider.region}
C: \${self:custom.list.0.name}/\${self:custom.list[1]}
D: \${self:custom.number}
E: \${self:custom.gone, 'fallback'}
F: \${self:custom.gone, self:custom.gone2, self:service}
G: \${self:functions.f.handler}`;
  assert.equal(
    valuesOf(service(values, rest)),
    `A=orders-dev
B=shop-dev-us-east-1
C=first/second
D=0042
E=fallback
F=shop
G=a.b`,
  );
});

test('options: their defaults stand only where no other value does', () => {
  const values = `A: \${opt:stage}
B: \${opt:stage, 'other'}
C: \${opt:region}
D: \${opt:colour, 'red'}
E: \${opt:colour}
F: \${sls:stage}-\${aws:region}-\${aws:accountId}-\${sls:instanceId}`;
  const provider = '{ name: aws, stage: test, region: eu-west-1 }';
  assert.equal(
    valuesOf(service(values, '', provider)),
    `A=test
B=other
C=eu-west-1
D=red
F=test-eu-west-1-123456789012-local
12: \${opt:colour} cannot be resolved on this machine: it is an option of the command line. Give it a value behind a comma: \${opt:colour, 'value'}.`,
  );
});

test('a stage that asks for itself is the default one', () => {
  const provider = '{ name: aws, stage: "${opt:stage, self:provider.stage, \'qa\'}" }';
  assert.equal(valuesOf(service('A: ${sls:stage}', '', provider)), 'A=qa');
  assert.equal(valuesOf(service('A: ${sls:stage}', '', "{ name: aws, stage: '${sls:stage}' }")), 'A=dev');
});

test('the environment, of .env files of the stage and of useDotenv before it', () => {
  const values = 'A: ${env:A}\nB: ${env:B}\nC: ${env:C, "none"}\nD: ${env:D}\nE: ${env:E}';
  const files = { '.env.dev': 'A=stage\n', 'more/.env': 'A=more\nE=more\n' };
  const env = { A: 'plain', B: 'plain' };
  assert.equal(
    valuesOf(service(values, 'useDotenv: ./more'), { env, files }),
    `A=stage
B=plain
C=none
E=more
11: \${env:D} cannot be resolved on this machine: the variable D is not set; give it a value in .env.`,
  );
  assert.match(valuesOf(service('A: ${env:A}', 'useDotenv: false'), { env, files }), /^A=plain$/);
});

test('parameters of the stage go before those of all', () => {
  const rest = `params:
  default: { a: default, b: default, c: default }
  dev: { b: "\${self:service}", c: stage }
stages:
  dev: { params: { c: newest } }
`;
  assert.equal(
    valuesOf(service('A: ${param:a}\nB: ${param:b}\nC: ${param:c}\nD: ${param:d}', rest)),
    `A=default
B=shop
C=newest
16: \${param:d} cannot be resolved on this machine: no such parameter stands under params for the stage dev.`,
  );
});

test('files: YAML, JSON and text from inside of the project', () => {
  const files = {
    'config/dev.yml': 'db: { host: "db.${sls:stage}", ports: [1, 2] }\nself: ${self:service}',
    'data.json': '{"key": {"deep": true}}',
    'version.txt': '1.2.3',
    'shared.yml': 'name: shared',
  };
  const values = `A: \${file(./config/\${opt:stage, 'dev'}.yml):db.host}
B: \${file(config/dev.yml):self}
C: \${file(data.json):key.deep}
D: \${file(version.txt)}
E: \${file(gone.yml):x, 'fallback'}
F: \${file(config/dev.yml):db.gone, 'fallback'}
G: \${file(config/dev.yml):db.ports.1}`;
  assert.equal(
    valuesOf(service(values), { files }),
    'A=db.dev\nB=shop\nC=true\nD=1.2.3\nE=fallback\nF=fallback\nG=2',
  );
  assert.equal(
    valuesOf(service('A: ${file(../shared.yml):name}'), { files, name: 'services/serverless.yml' }),
    'A=shared',
  );
  assert.match(
    valuesOf(service('A: ${file(../../etc/passwd)}\nB: ${file(/etc/passwd)}'), { files }),
    /^8: .*the file lies outside of the folder that is open.*\n9: .*outside/,
  );
  assert.match(valuesOf(service('A: ${file(./x.js):y}')), /it is code, which is not run/);
});

test('environments that come as a whole from a file', () => {
  const text =
    'service: s\nprovider: { name: aws, environment: "${file(env.yml):${sls:stage}}" }\nfunctions: { f: { handler: a.b } }';
  assert.equal(valuesOf(text, { files: { 'env.yml': 'dev: { A: 1, B: "${self:service}" }' } }), 'A=1\nB=s');
});

test('what only the cloud knows: its fallback, or one problem with its place', () => {
  const values = `A: \${ssm:/shop/key}
B: \${cf(eu-west-1):stack.Output}
C: \${s3:bucket/key, 'local'}
D: x-\${aws:ssm:/a}-y
E: \${git:branch}
F: \${construct:queue.url}`;
  const remedy = 'Give it a value behind a comma, or give the variable of the function one in .env.';
  const text = service(values, 'plugins: [x]');
  const { functions, problems } = parse('serverless.yml', text);
  assert.equal(functions[0]!.definition.env['C'], 'local');
  assert.deepEqual(
    problems.map(({ severity, line, message }) => `${severity} ${line} ${message}`),
    [
      `warning 8 \${ssm:/shop/key} cannot be resolved on this machine: it lies in the parameter store. ${remedy}`,
      `warning 9 \${cf(eu-west-1):stack.Output} cannot be resolved on this machine: it is known after the deploy of that stack. ${remedy}`,
      'info 10 ${s3:bucket/key} cannot be resolved on this machine: the value given behind it is used here.',
      `warning 11 \${aws:ssm:/a} cannot be resolved on this machine: it lies in the parameter store. ${remedy}`,
      `warning 12 \${git:branch} cannot be resolved on this machine: what git says is not asked for here. ${remedy}`,
      'warning 13 ${construct:queue.url} cannot be resolved on this machine: nothing here knows variables of the kind "construct"; a plugin may.',
    ],
  );
});

test('truth values of text', () => {
  const values = "A: ${strToBool('true')}\nB: ${strToBool(${self:custom.no})}\nC: ${strToBool(perhaps)}";
  assert.match(
    valuesOf(service(values, 'custom: { no: "0" }')),
    /^A=true\nB=false\n10: .*it takes true, false, 1 or 0\.$/,
  );
});

test('circles end, of values as well as of maps that hold themselves', () => {
  const rest = `custom:
  a: \${self:custom.b}
  b: \${self:custom.a}
  map: { again: "\${self:custom.map}", ok: 1 }
`;
  const told = valuesOf(
    service('A: ${self:custom.a}\nB: ${self:custom.map.ok}\nC: ${self:custom.a, "out"}', rest),
  );
  assert.match(told, /^B=1\nC=out\n12: .*it refers to itself\.$/);
  assert.match(valuesOf(service('A: ${self:custom.map}', rest)), /A: expected text/);
});

test('variables that multiply end within bounds', () => {
  const levels = Array.from(
    { length: 40 },
    (_, i) => `  l${i}: "\${self:custom.l${i + 1}}\${self:custom.l${i + 1}}"`,
  );
  const rest = `custom:\n${levels.join('\n')}\n  l40: xxxxxxxxxx`;
  assert.match(
    valuesOf(service('A: ${self:custom.l0}', rest)),
    /cannot be resolved on this machine: it becomes too long/,
  );
  const lists = Array.from(
    { length: 12 },
    (_, i) => `  l${i}: [${Array.from({ length: 10 }, () => `"\${self:custom.l${i + 1}}"`).join(', ')}]`,
  );
  const many = `custom:\n${lists.join('\n')}\n  l12: x`;
  assert.match(valuesOf(service('A: ${self:custom.l0}', many)), /expected text/);
});

test('words without quotes and values inside of text that are none', () => {
  const told = valuesOf(service('A: ${self:x, bare}\nB: a-${self:custom}', 'custom: { a: 1 }'));
  assert.match(
    told,
    /8: bare .*text needs quotes here\.\n9: \$\{self:custom\} .*cannot stand inside of one\./,
  );
});
