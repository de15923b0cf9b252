import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectFileFolder } from '../../../../support/projectFileFolder.ts';

const code = { 'index.js': 'exports.handler = () => 1;' };
const sam = (properties: string): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: index.handler\n      ${properties}\n`;
const fc3 = (props: string): string =>
  `edition: 3.0.0\nresources:\n  hello:\n    component: fc3\n    props:\n      region: cn-hangzhou\n      functionName: hello\n      runtime: nodejs20\n      code: ./\n      handler: index.handler\n      ${props}\n`;

function told(file: string, text: string): string[] {
  return projectFileFolder({ ...code, [file]: text }).diagnostics(file);
}

const wrong: { title: string; file: string; text: string; says: string[] }[] = [
  {
    title: 'a slip of a key',
    file: 'template.yaml',
    text: sam('MemroySize: 512'),
    says: [
      '7 \'MemroySize\' SETTING_UNKNOWN: Unknown key "MemroySize"; did you mean "MemorySize"? → MemorySize',
    ],
  },
  {
    title: 'a key that nobody knows',
    file: 'template.yaml',
    text: sam('Frobnicate: 1'),
    says: ['7 \'Frobnicate\' SETTING_UNKNOWN: Unknown key "Frobnicate".'],
  },
  {
    title: 'a slip deep in an event',
    file: 'template.yaml',
    text: sam('Events:\n        E:\n          Type: SQS\n          Properties:\n            BatchSizes: 5'),
    says: [
      '11 \'BatchSizes\' SETTING_UNKNOWN: Unknown key "BatchSizes"; did you mean "BatchSize"? → BatchSize',
    ],
  },
  {
    title: 'an event type that is spelled wrong',
    file: 'template.yaml',
    text: sam('Events:\n        E:\n          Type: HttpAPI'),
    says: [
      '9 \'HttpAPI\' SETTING_INVALID: E.Type: "HttpAPI" is not known; did you mean "HttpApi"? → HttpApi',
    ],
  },
  {
    title: 'a bound of a number',
    file: 'template.yaml',
    text: sam('EphemeralStorage: { Size: 20000 }'),
    says: [
      "7 '20000' SETTING_INVALID: EphemeralStorage.Size: 20000 is outside of what is accepted: 512 to 10240 MB.",
    ],
  },
  {
    title: 'a runtime out of support',
    file: 'template.yaml',
    text: sam('Runtime: nodejs16.x'),
    says: [
      "7 'nodejs16.x' RUNTIME_ENDED: aws-lambda has not supported the runtime nodejs16.x since 2024-06-12: it gets no security updates, and functions with it can soon be neither created nor updated. Use nodejs22.x. → nodejs22.x",
    ],
  },
  {
    title: 'a runtime of another cloud',
    file: 'template.yaml',
    text: sam('Runtime: nodejs22'),
    says: [
      '7 \'nodejs22\' SETTING_INVALID: runtime: "nodejs22" is not known; did you mean "nodejs22.x"? → nodejs22.x',
    ],
  },
  {
    title: 'a cron expression',
    file: 'template.yaml',
    text: sam(
      'Events:\n        E:\n          Type: Schedule\n          Properties:\n            Schedule: cron(0 9 * * * *)',
    ),
    says: [
      '11 \'cron(0 9 * * * *)\' SETTING_INVALID: Schedule: "cron(0 9 * * * *)" needs ? for either the day of month or the day of week, not for none.',
    ],
  },
  {
    title: 'a cron expression of Function Compute',
    file: 's.yaml',
    text: fc3(
      "triggers:\n        - triggerName: t\n          triggerType: timer\n          triggerConfig: { enable: true, cronExpression: '0 9 * * *' }",
    ),
    says: [
      '14 \'0 9 * * *\' SETTING_INVALID: cronExpression: "0 9 * * *" has 5 fields; 6 are expected: seconds, minutes, hours, day of month, month, day of week.',
    ],
  },
  {
    title: 'processors that do not go with the memory',
    file: 's.yaml',
    text: fc3('cpu: 2\n      memorySize: 1024'),
    says: ["11 '2' SETTING_INVALID: cpu: 2 processors do not go with 1024 MB: 1 to 4 GB share one."],
  },
  {
    title: 'steps of processors',
    file: 's.yaml',
    text: fc3('cpu: 0.33\n      memorySize: 512'),
    says: [
      "11 '0.33' SETTING_INVALID: hello.cpu: 0.33 is outside of what is accepted: 0.05 to 16, in steps of 0.05.".replace(
        'hello.cpu',
        'props.cpu',
      ),
    ],
  },
  {
    title: 'a disk of another size',
    file: 's.yaml',
    text: fc3('diskSize: 1024'),
    says: ["11 '1024' SETTING_INVALID: props.diskSize: expected 512 or 10240."],
  },
  {
    title: 'a name that the cloud refuses',
    file: 's.yaml',
    text: fc3('').replace('functionName: hello', 'functionName: 1st-function'),
    says: [
      "7 '1st-function' SETTING_INVALID: functionName: aliyun-fc takes at most 64 letters, digits, - and _, not beginning with a digit or -.",
    ],
  },
  {
    title: "a variable's name",
    file: 's.yaml',
    text: fc3('environmentVariables: { MY-VARIABLE: 1 }'),
    says: ["11 'MY-VARIABLE' SETTING_INVALID: MY-VARIABLE: expected a name of letters, digits and _."],
  },
  {
    title: 'a slip below the settings of a service',
    file: 'serverless.yml',
    text: 'service: a\nprovider:\n  name: aws\n  runtimee: nodejs22.x\nfunctions:\n  a:\n    handler: index.handler\n    events:\n      - sqs: { arn: "arn:aws:sqs:us-east-1:123456789012:q", batchSise: 5 }\n',
    says: [
      '4 \'runtimee\' SETTING_UNKNOWN: Unknown key "runtimee"; did you mean "runtime"? → runtime',
      '9 \'batchSise\' SETTING_UNKNOWN: Unknown key "batchSise"; did you mean "batchSize"? → batchSize',
    ],
  },
  {
    title: 'a name of a function of Knative',
    file: 'func.yaml',
    text: 'specVersion: 0.36.0\nname: My_Function\nruntime: node\ncreated: 2026-01-01T00:00:00Z\n',
    says: [
      "2 'My_Function' SETTING_INVALID: name: knative takes at most 63 small letters, digits and -, beginning with a letter and not ending with -.",
    ],
  },
];

for (const { title, file, text, says } of wrong) {
  test(`tells ${title}`, () => assert.deepEqual(told(file, text), says));
}

test('what a reader tells is not told again, and gets its fix', () => {
  assert.deepEqual(
    told('porchlight.yaml', 'functions:\n  a:\n    handler: index.handler\n    memmory: 1GB\n'),
    ['4 \'memmory\' SETTING_UNKNOWN: Unknown key "memmory"; did you mean "memory"? → memory'],
  );
  assert.deepEqual(told('template.yaml', sam('MemorySize: 64')), [
    "7 '64' SETTING_INVALID: A.MemorySize: 64 MB is outside of what aws-lambda accepts: 128 to 10240 MB.",
  ]);
  assert.deepEqual(
    told(
      'stack.yaml',
      'provider:\n  name: openfaas\nfunctions:\n  a:\n    lang: node22\n    handler: ./\n    imaeg: a\n',
    ),
    ['7 \'imaeg\' SETTING_UNKNOWN: Unknown key "imaeg"; did you mean "image"? → image'],
  );
});

test('what only tools of the cloud know is no mistake', () => {
  const fine = sam(
    [
      'Runtime: !Ref Runtime',
      'MemorySize: !If [IsProd, 1024, 128]',
      'Timeout: { Ref: Timeout }',
      'Architectures: [!Ref Architecture]',
      'Environment:\n        Variables:\n          Fn::If: [IsProd, { A: 1 }, { B: 2 }]',
      'Events:\n        E:\n          Type: Schedule\n          Properties:\n            Schedule: !Sub "rate(${Minutes} minutes)"',
    ].join('\n      '),
  );
  assert.deepEqual(
    told('template.yaml', fine).filter((each) => !each.includes('VALUE_UNRESOLVED')),
    [],
  );
  const serverless =
    'service: a\nprovider:\n  name: aws\n  runtime: ${self:custom.runtime}\n  region: ${opt:region, "us-east-1"}\ncustom:\n  runtime: nodejs22.x\nfunctions:\n  a:\n    handler: index.handler\n    events:\n      - schedule: ${self:custom.every, "rate(5 minutes)"}\n';
  assert.deepEqual(told('serverless.yml', serverless), []);
});

test('resources of other types, newer versions and extensions are left alone', () => {
  assert.deepEqual(
    told(
      'template.yaml',
      `${sam('Runtime: nodejs28.x')}  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueNaem: a\n`,
    ),
    [],
  );
  assert.deepEqual(
    told('s.yaml', `${fc3('')}  site:\n    component: website\n    props:\n      regiom: cn-hangzhou\n`),
    [],
  );
});

test('behind a syntax error nothing is said, as everything there is a guess', () => {
  const text = sam('Description: "open\n      MemroySize: 512');
  assert.deepEqual(
    told('template.yaml', text)
      .map((each) => each.split(' ')[2] ?? '')
      .filter((code) => code === 'SETTING_UNKNOWN:'),
    [],
  );
});
