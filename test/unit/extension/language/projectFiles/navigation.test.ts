import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectFileFolder } from '../../../../support/projectFileFolder.ts';

const lambda = (id: string, handler: string, more = ''): string =>
  `  ${id}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: ${handler}\n${more}`;
const sam = (...functions: string[]): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n${functions.join('')}`;

const shared = {
  'src/orders.ts':
    "import { list as all } from './list';\nexport const handler = () => all();\nhandler.name;\n",
  'src/list.ts': "import { handler } from './orders';\nexport const list = () => handler;\n",
};

test('references of a handler are the project files that name it, from there and from the code', () => {
  const files = {
    'template.yaml': sam(
      lambda('A', 'src/orders.handler'),
      lambda('B', 'src/orders.handler'),
      lambda('C', 'src/list.list'),
    ),
    'porchlight.yaml':
      'functions:\n  A:\n    handler: src/orders.handler\n  D:\n    handler: "src/orders.handler"\n',
  };
  const expected = [
    'porchlight.yaml:3 src/orders.handler',
    'porchlight.yaml:5 src/orders.handler',
    'src/orders.ts:2 handler',
    'template.yaml:12 src/orders.handler',
    'template.yaml:7 src/orders.handler',
  ];
  const fromCode = projectFileFolder({
    ...shared,
    ...files,
    'src/orders.ts': shared['src/orders.ts'].replace('const handler', 'const han|dler'),
  });
  assert.deepEqual(fromCode.references().sort(), expected);
  const fromFile = projectFileFolder({
    ...shared,
    ...files,
    'template.yaml': files['template.yaml'].replace(
      'B:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: src/orders',
      'B:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: src/or|ders',
    ),
  });
  assert.deepEqual(fromFile.references().sort(), expected);
  assert.deepEqual(fromFile.references(false).length, 4);
});

test('renaming an export changes the code, what imports it, and every handler string', () => {
  const { renamable, rename } = projectFileFolder({
    ...shared,
    'template.yaml': sam(
      lambda('A', 'src/orders.han|dler'),
      lambda('B', 'src/orders.handler'),
      lambda('C', 'src/list.list'),
    ),
  });
  assert.equal((renamable() as { placeholder: string }).placeholder, 'handler');
  assert.deepEqual(rename('main'), {
    'template.yaml': sam(
      lambda('A', 'src/orders.main'),
      lambda('B', 'src/orders.main'),
      lambda('C', 'src/list.list'),
    ),
    'src/orders.ts': "import { list as all } from './list';\nexport const main = () => all();\nmain.name;\n",
    'src/list.ts': "import { main } from './orders';\nexport const list = () => main;\n",
  });
  assert.equal(rename('not good'), 'An export has letters, digits, $ and _.');
});

test('renaming a CommonJS export', () => {
  const { rename } = projectFileFolder({
    'index.js': 'exports.handler = async () => 1;\nconst other = { handler: 1 };\n',
    's.yaml':
      'edition: 3.0.0\nresources:\n  a:\n    component: fc3\n    props:\n      functionName: a\n      runtime: nodejs20\n      code: ./\n      handler: index.hand|ler\n',
  });
  const changed = rename('main') as Record<string, string>;
  assert.equal(changed['index.js'], 'exports.main = async () => 1;\nconst other = { handler: 1 };\n');
  assert.match(changed['s.yaml']!, /handler: index\.main\n/);
});

test('renaming the file of a handler moves it, and changes handler strings and imports', () => {
  const { rename } = projectFileFolder({
    ...shared,
    'template.yaml': sam(lambda('A', 'src/or|ders.handler'), lambda('C', 'src/list.list')),
  });
  const changed = rename('purchases') as Record<string, string>;
  assert.equal(changed['rename'], 'src/orders.ts → src/purchases.ts');
  assert.match(changed['template.yaml']!, /Handler: src\/purchases\.handler/);
  assert.match(changed['src/list.ts']!, /from '\.\/purchases'/);
  assert.equal(rename('list'), 'There is a file /p/src/list.ts already.');
});

test('a Python function is renamed when nothing else names it', () => {
  const template = sam(lambda('A', 'app.han|dler').replace('nodejs22.x', 'python3.12'));
  const alone = projectFileFolder({
    'app.py': 'def handler(event, context):\n    return 1\n',
    'template.yaml': template,
  });
  assert.match((alone.rename('main') as Record<string, string>)['app.py']!, /^def main\(/);
  const used = projectFileFolder({
    'app.py': 'def handler(event, context):\n    return 1\n',
    'job.py': 'from app import handler\n',
    'template.yaml': template,
  });
  assert.match(used.rename('main') as string, /cannot be renamed safely/);
});

test('renaming a function of a template changes what refers to it, and settings laid over it', () => {
  const { rename, references } = projectFileFolder({
    'index.js': 'exports.handler = 1;',
    'template.yaml': `${sam(lambda('Hel|lo', 'index.handler'))}  Other:\n    Type: AWS::SNS::Topic\n    DependsOn: [Hello]\n    Properties:\n      A: !Ref Hello\n      B: !GetAtt Hello.Arn\n      C: !Sub "\${Hello}-\${HelloWorld}-\${Hello.Arn}"\n      D: { Fn::GetAtt: [Hello, Arn] }\n      E: { Ref: Hello }\n      F: Hello\n`,
    'porchlight.yaml': 'functions:\n  Hello:\n    memory: 512MB\n',
  });
  const changed = rename('Hi') as Record<string, string>;
  assert.equal(changed['porchlight.yaml'], 'functions:\n  Hi:\n    memory: 512MB\n');
  assert.match(changed['template.yaml']!, /\n  Hi:\n/);
  assert.match(
    changed['template.yaml']!,
    /DependsOn: \[Hi\][^]*!Ref Hi\n[^]*!GetAtt Hi\.Arn\n[^]*"\$\{Hi\}-\$\{HelloWorld\}-\$\{Hi\.Arn\}"\n[^]*\[Hi, Arn\][^]*Ref: Hi \}\n      F: Hello\n/,
  );
  assert.equal(references().length, 9);
  assert.equal(rename('Other'), 'There is a Other already.');
  assert.equal(rename('with-dash'), 'Logical ids have letters and digits alone.');
});

test('renaming a function from a reference, of a service and of Serverless Devs', () => {
  const service =
    'service: a\nprovider:\n  name: aws\ncustom:\n  x: ${self:functions.get-user.handler}\nfunctions:\n  get-u|ser:\n    handler: index.handler\nresources:\n  Outputs:\n    A: { Value: !Ref GetDashuserLambdaFunction }\n';
  const changed = projectFileFolder({ 'serverless.yml': service, 'index.js': 'exports.handler = 1' }).rename(
    'readUser',
  ) as Record<string, string>;
  assert.equal(
    changed['serverless.yml'],
    service.replace('|', '').replaceAll('get-user', 'readUser').replace('GetDashuser', 'ReadUser'),
  );
  const devs =
    'edition: 3.0.0\nflow:\n  deploy: [[one, two]]\nresources:\n  one:\n    component: fc3\n    props: { functionName: f1 }\n  two:\n    component: fc3\n    props: { functionName: f2, description: "${resources.o|ne.output.url}" }\n';
  const renamed = projectFileFolder({ 's.yaml': devs }).rename('first') as Record<string, string>;
  assert.equal(
    renamed['s.yaml'],
    devs
      .replace('|', '')
      .replace('[[one', '[[first')
      .replace('\n  one:', '\n  first:')
      .replace('resources.one', 'resources.first'),
  );
});

test("a name in the cloud is renamed within the cloud's rule", () => {
  const file = {
    's.yaml':
      'edition: 3.0.0\nresources:\n  one:\n    component: fc3\n    props: { functionName: hel|lo, runtime: nodejs20 }\n',
    'porchlight.yaml': 'functions:\n  hello:\n    memory: 512MB\n',
  };
  const { rename } = projectFileFolder(file);
  assert.deepEqual(Object.keys(rename('bonjour')), ['s.yaml', 'porchlight.yaml']);
  assert.match(rename('1st') as string, /^aliyun-fc takes at most 64 letters/);
});

const variables = {
  'index.ts': "export const handler = () => [process.env.TABLE, process.env['TABLE'], process.env.OTHER];\n",
  'job.py': 'import os\nTABLE = os.environ["TABLE"]\n',
  '.env': 'TABLE=local\nOTHER=1\n',
};
const twice =
  'functions:\n  a:\n    handler: index.handler\n    env: { TABLE: cloud }\n  b:\n    handler: job.run\n    env:\n      TABLE: cloud\n';

test('a variable leads to .env, from project file and code', () => {
  const fromFile = projectFileFolder({
    ...variables,
    'porchlight.yaml': twice.replace('{ TABLE', '{ TA|BLE'),
  });
  assert.deepEqual(fromFile.definitions(), ['.env:1 TABLE']);
  const fromCode = projectFileFolder({
    ...variables,
    'porchlight.yaml': twice,
    'index.ts': variables['index.ts'].replace('env.TABLE', 'env.TA|BLE'),
  });
  assert.deepEqual(fromCode.definitions(), ['.env:1 TABLE']);
  assert.deepEqual(fromCode.references(), [
    'porchlight.yaml:4 TABLE',
    'porchlight.yaml:8 TABLE',
    '.env:1 TABLE',
    'index.ts:1 TABLE',
    'index.ts:1 TABLE',
    'job.py:2 TABLE',
  ]);
});

test('renaming a variable changes project files, .env and the code that reads it', () => {
  const { rename } = projectFileFolder({
    ...variables,
    'porchlight.yaml': twice,
    '.env': 'TA|BLE=local\nOTHER=1\n',
  });
  assert.deepEqual(rename('TABLE_NAME'), {
    'porchlight.yaml': twice.replaceAll('TABLE', 'TABLE_NAME'),
    '.env': 'TABLE_NAME=local\nOTHER=1\n',
    'index.ts':
      "export const handler = () => [process.env.TABLE_NAME, process.env['TABLE_NAME'], process.env.OTHER];\n",
    'job.py': 'import os\nTABLE = os.environ["TABLE_NAME"]\n',
  });
  assert.equal(rename('a-b'), 'A variable has letters, digits and _.');
});

test('nothing is renamed where nothing is named', () => {
  const { renamable, rename } = projectFileFolder({
    'porchlight.yaml': 'functions:\n  a:\n    mem|ory: 512MB\n',
  });
  assert.equal(renamable(), null);
  assert.equal(rename('x'), 'Nothing can be renamed here.');
});

test('outline and links', () => {
  const { symbols, links } = projectFileFolder({
    'serverless.yml':
      'service: a\nprovider:\n  name: aws\ncustom: ${file(./config/more.yml)}\nfunctions:\n  a:\n    handler: index.handler\n    environment: { A: 1 }\n    events:\n      - httpApi: GET /\n',
    'template.yaml': sam(lambda('A', 'index.handler', '      CodeUri: ./src\n')),
    'src/index.js': 'exports.handler = 1;',
    'config/more.yml': 'a: 1',
  });
  const outline = symbols('serverless.yml').map(
    ({ name, kind, children }) => `${name} ${kind}: ${children?.map((each) => each.name).join(' ')}`,
  );
  assert.deepEqual(outline, ['service 7: ', 'provider 2: name', 'custom 7: ', 'functions 2: a']);
  const [fn] = symbols('serverless.yml')[3]!.children!;
  assert.deepEqual(
    [fn!.kind, fn!.children!.map(({ name }) => name)],
    [12, ['handler', 'environment', 'events']],
  );
  assert.deepEqual(links('serverless.yml'), ['./config/more.yml file:///p/config/more.yml']);
  assert.deepEqual(links('template.yaml'), []);
  const revealing = projectFileFolder(
    { 'template.yaml': sam(lambda('A', 'index.handler', '      CodeUri: ./src\n')), 'src/index.js': '' },
    { commands: { reveal: 'show' } },
  );
  assert.deepEqual(revealing.links('template.yaml'), [
    `./src command:show?${encodeURIComponent('["file:///p/src"]')}`,
  ]);
});
