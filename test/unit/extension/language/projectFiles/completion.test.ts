import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectFileFolder } from '../../../../support/projectFileFolder.ts';

const sam = (properties: string, more = ''): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n${properties}\n  B:\n    Type: AWS::SQS::Queue\n${more}`;
const fc3 = (props: string): string =>
  `edition: 3.0.0\nresources:\n  hello:\n    component: fc3\n    props:\n${props}`;

/** Each: a file with a cursor, what is proposed among others, and what is not. */
const cases: { title: string; file: string; text: string; has: string[]; hasNot?: string[] }[] = [
  {
    title: 'keys of a new file',
    file: 'template.yaml',
    text: 'Tra|',
    has: ['Transform', 'Resources', 'Globals'],
  },
  { title: 'keys of an empty file', file: 's.yaml', text: '|', has: ['edition', 'resources', 'access'] },
  {
    title: 'keys of a function that are not there yet',
    file: 'template.yaml',
    text: sam('      Me|\n      Handler: a.b'),
    has: ['MemorySize', 'Timeout'],
    hasNot: ['Handler', 'Type'],
  },
  {
    title: 'keys on a blank line between others',
    file: 'template.yaml',
    text: sam('      |\n      Handler: a.b'),
    has: ['MemorySize', 'CodeUri'],
    hasNot: ['Handler'],
  },
  {
    title: 'keys at the level the line is indented to',
    file: 'template.yaml',
    text: sam('      Handler: a.b\n    |'),
    has: ['Metadata', 'DependsOn'],
    hasNot: ['MemorySize', 'Properties'],
  },
  {
    title: 'keys of a half-written file',
    file: 'template.yaml',
    text: `${sam('      Handler: "a.b\n      |')}`,
    has: [],
    hasNot: ['Transform'],
  },
  {
    title: 'keys behind a text that nobody closed',
    file: 'template.yaml',
    text: 'Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Description: "open\n  B:\n    Type: AWS::Serverless::Function\n    Properties:\n      |\n',
    has: ['Handler', 'Runtime'],
  },
  {
    title: 'runtimes, those out of support last',
    file: 'template.yaml',
    text: sam('      Runtime: node|'),
    has: ['nodejs22.x', 'nodejs16.x', 'python3.12'],
  },
  {
    title: 'what sends events',
    file: 'template.yaml',
    text: sam('      Events:\n        E:\n          Type: |'),
    has: ['HttpApi', 'Schedule', 'SQS'],
  },
  {
    title: 'settings of the event that is chosen',
    file: 'template.yaml',
    text: sam('      Events:\n        E:\n          Type: HttpApi\n          Properties:\n            |'),
    has: ['Path', 'Method', 'PayloadFormatVersion'],
    hasNot: ['Schedule'],
  },
  {
    title: 'keys within braces',
    file: 'template.yaml',
    text: sam('      Events: { E: { Type: HttpApi, Properties: { Path: /a, | } } }'),
    has: ['Method'],
    hasNot: ['Path'],
  },
  {
    title: 'names for !Ref',
    file: 'template.yaml',
    text: sam('      Role: !Ref |', 'Parameters:\n  Stage:\n    Type: String\n'),
    has: ['A', 'B', 'Stage', 'AWS::Region'],
  },
  {
    title: 'attributes for !GetAtt',
    file: 'template.yaml',
    text: sam('      Role: !GetAtt |'),
    has: ['A.Arn', 'B.Arn'],
  },
  {
    title: 'settings of a trigger',
    file: 's.yaml',
    text: fc3(
      '      triggers:\n        - triggerName: t\n          triggerType: timer\n          triggerConfig:\n            |',
    ),
    has: ['cronExpression', 'enable', 'payload'],
    hasNot: ['methods'],
  },
  {
    title: 'kinds of triggers',
    file: 's.yaml',
    text: fc3('      triggers:\n        - triggerType: |'),
    has: ['http', 'timer', 'oss', 'mns_topic'],
  },
  {
    title: 'props of component fc',
    file: 's.yaml',
    text: 'edition: 1.0.0\nservices:\n  a:\n    component: fc\n    props:\n      function:\n        mem|',
    has: ['memorySize', 'codeUri', 'instanceType'],
    hasNot: ['functionName'],
  },
  {
    title: 'memory that the platform takes',
    file: 's.yaml',
    text: fc3('      memorySize: |'),
    has: ['512', '1024'],
    hasNot: ['1769'],
  },
  {
    title: 'events of the Serverless Framework',
    file: 'serverless.yml',
    text: 'service: a\nprovider:\n  name: aws\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - |',
    has: ['httpApi', 'schedule', 'sqs', 'alb'],
  },
  {
    title: 'settings of a service',
    file: 'serverless.yml',
    text: 'service: a\nprovider:\n  name: aws\n  |',
    has: ['runtime', 'region', 'stage', 'iam'],
    hasNot: ['name'],
  },
  {
    title: 'settings of func',
    file: 'func.yaml',
    text: 'specVersion: 0.36.0\nname: a\nruntime: node\ncreated: 2026-01-01T00:00:00Z\ndeploy:\n  options:\n    scale:\n      |',
    has: ['min', 'max', 'metric'],
  },
  {
    title: 'what older versions of func had at the top is not proposed',
    file: 'func.yaml',
    text: 'specVersion: 0.36.0\ncreated: 2026-01-01T00:00:00Z\n|',
    has: ['run', 'deploy'],
    hasNot: ['envs', 'options'],
  },
  {
    title: 'settings of OpenFaaS',
    file: 'stack.yaml',
    text: 'provider:\n  name: openfaas\nfunctions:\n  a:\n    lang: node22\n    |',
    has: ['handler', 'image', 'environment_file'],
  },
  {
    title: 'settings of a function of our own file',
    file: 'porchlight.yaml',
    text: 'functions:\n  a:\n    |',
    has: ['handler', 'process', 'triggers'],
  },
  {
    title: 'values in braces',
    file: 'porchlight.yaml',
    text: 'functions:\n  a:\n    process: { model: |',
    has: ['resident', 'ephemeral'],
  },
  {
    title: 'items of a list in brackets',
    file: 'porchlight.yaml',
    text: 'functions:\n  a:\n    triggers: [ { http: { methods: [ GET, | ] } } ]',
    has: ['POST', 'PUT'],
  },
  {
    title: 'settings of a target by its type',
    file: 'porchlight.yaml',
    text: 'targets:\n  prod:\n    type: aws-lambda\n    |',
    has: ['region', 'role', 'bucket'],
    hasNot: ['triggerRole'],
  },
  {
    title: 'nothing in a comment',
    file: 'porchlight.yaml',
    text: 'functions:\n  a: # han|',
    has: [],
    hasNot: ['handler'],
  },
];

for (const { title, file, text, has, hasNot = [] } of cases) {
  test(`proposes ${title}`, () => {
    const labels = projectFileFolder({ [file]: text }).labels();
    assert.deepEqual(
      has.filter((each) => !labels.includes(each)),
      [],
      labels.join(' '),
    );
    assert.deepEqual(
      hasNot.filter((each) => labels.includes(each)),
      [],
    );
  });
}

test('a key is written with what belongs behind it, as far in as it stands', () => {
  const text = 'functions:\n  a:\n    triggers:\n      - ti|\n';
  const { taken } = projectFileFolder({ 'porchlight.yaml': text });
  assert.equal(
    taken('timer'),
    'functions:\n  a:\n    triggers:\n      - timer:\n    cron: "${1:0 */5 * * * *}"\n',
  );
});

test('a key that has its colon is replaced alone', () => {
  const { taken } = projectFileFolder({ 'template.yaml': sam('      Mem|: 128') });
  assert.match(taken('MemorySize'), /^ {6}MemorySize: 128$/m);
});

test('a value is replaced as a whole, in its quotes', () => {
  assert.match(
    projectFileFolder({ 'template.yaml': sam('      Runtime: node|js16.x # old') }).taken('nodejs22.x'),
    /Runtime: nodejs22\.x # old/,
  );
  assert.match(
    projectFileFolder({ 'template.yaml': sam("      Runtime: 'no|de'") }).taken('nodejs22.x'),
    /Runtime: 'nodejs22\.x'/,
  );
});

test('handler strings come from the files that export something', () => {
  const code = {
    'src/orders.ts': 'export const handler = 1;\nexport async function list() {}',
    'src/orders.test.ts': 'export const no = 1;',
    'src/types.d.ts': 'export const no = 1;',
    'src/empty.ts': 'const local = 1;',
    'node_modules/x/index.js': 'exports.no = 1;',
    'jobs/nightly.py': 'def run(event, context):\n  pass\n',
  };
  const node = projectFileFolder({
    ...code,
    'template.yaml': sam('      CodeUri: src/\n      Runtime: nodejs22.x\n      Handler: |'),
  });
  assert.deepEqual(node.labels(), ['orders.handler', 'orders.list']);
  const python = projectFileFolder({
    ...code,
    'template.yaml': sam('      CodeUri: .\n      Runtime: python3.12\n      Handler: |'),
  });
  assert.deepEqual(python.labels(), ['jobs/nightly.run']);
  const any = projectFileFolder({ ...code, 'porchlight.yaml': 'functions:\n  a:\n    handler: "sr|"\n' });
  assert.deepEqual(any.labels(), ['jobs/nightly.run', 'src/orders.handler', 'src/orders.list']);
});

test('folders are proposed one step at a time', () => {
  const { labels } = projectFileFolder({
    'template.yaml': sam('      CodeUri: ./src/|'),
    'src/a/index.js': '',
    'src/b/index.js': '',
    'other/x.js': '',
  });
  assert.deepEqual(labels(), ['./src/a/', './src/b/']);
});

test('functions of other files are proposed, and variables that .env and code know', () => {
  const names = projectFileFolder({
    'template.yaml': sam('      Handler: a.b'),
    'porchlight.yaml': 'functions:\n  |\n',
  });
  assert.deepEqual(names.labels(), ['A']);
  const variables = projectFileFolder({
    'porchlight.yaml': 'functions:\n  a:\n    handler: index.handler\n    env:\n      GIVEN: 1\n      |\n',
    'index.js': 'exports.handler = () => process.env.TABLE + process.env.GIVEN;',
    '.env': 'TOKEN=secret\n',
  });
  assert.deepEqual(variables.labels(), ['TABLE', 'TOKEN']);
});

test('a runtime out of support is marked, and its end is told', () => {
  const items = projectFileFolder({ 'template.yaml': sam('      Runtime: |') }).items();
  const old = items.find(({ label }) => label === 'nodejs16.x')!;
  assert.deepEqual(old.tags, [1]);
  assert.deepEqual(old.documentation, {
    kind: 'markdown',
    value: '`nodejs16.x` of aws-lambda is out of support since **2024-06-12**. Use `nodejs22.x`.',
  });
});

test('who types a key does not wait for the whole folder to be read', (t) => {
  const folder = projectFileFolder({ 'template.yaml': sam('      Run|') });
  const read = t.mock.method(folder.workspace, 'folderOf');
  assert.ok(folder.labels().includes('Runtime'));
  assert.equal(read.mock.callCount(), 0);
});
