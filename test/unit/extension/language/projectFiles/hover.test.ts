import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectFileFolder } from '../../../../support/projectFileFolder.ts';

const sam = (properties: string): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      ${properties}\n`;
const fc3 = (props: string): string =>
  `edition: 3.0.0\nresources:\n  hello:\n    component: fc3\n    props:\n      ${props}\n`;

const cases: { title: string; file: string; text: string; says: RegExp[] }[] = [
  {
    title: 'memory of Lambda',
    file: 'template.yaml',
    text: sam('Memory|Size: 512'),
    says: [/^\*\*MemorySize\*\*/, /Default: `128 MB`/, /128 to 10240 MB\./],
  },
  {
    title: 'memory of Function Compute',
    file: 's.yaml',
    text: fc3('memory|Size: 512'),
    says: [/Default: `512 MB`/, /128 to 32768 MB in steps of 64/],
  },
  {
    title: 'memory of Function Compute 2.0',
    file: 's.yaml',
    text: 'edition: 1.0.0\nservices:\n  a:\n    component: fc\n    props:\n      function:\n        memory|Size: 512\n',
    says: [/Default: `128 MB`/],
  },
  {
    title: 'time-out of Knative',
    file: 'porchlight.yaml',
    text: 'functions:\n  a:\n    platform: knative\n    time|out: 3s\n',
    says: [/Default: `300 s`/, /1 s to 600 s/],
  },
  {
    title: 'a schedule of EventBridge',
    file: 'template.yaml',
    text: sam(
      'Events:\n        E:\n          Type: Schedule\n          Properties:\n            Schedule: cron(0 |9 ? * MON-FRI *)',
    ),
    says: [
      /`cron\(0 9 \? \* MON-FRI \*\)`|`0 9 \? \* MON-FRI \*`/,
      /2026-11-27 09:00:00 UTC\n- 2026-11-30 09:00:00 UTC/,
    ],
  },
  {
    title: 'a schedule of Function Compute in a time zone',
    file: 's.yaml',
    text: fc3(
      "triggers:\n        - triggerType: timer\n          triggerConfig:\n            cronExpression: 'CRON_TZ=Asia/Shanghai 0 0 |9 * * *'",
    ),
    says: [/- 2026-11-27 01:00:00 UTC/],
  },
  {
    title: 'a supported runtime',
    file: 'template.yaml',
    text: sam('Runtime: nodejs|22.x'),
    says: [/supported until 2027-04-30/],
  },
  {
    title: 'a runtime out of support',
    file: 'serverless.yml',
    text: 'service: a\nprovider:\n  name: aws\n  runtime: python|3.9\n',
    says: [/out of support since \*\*2025-12-15\*\*/, /Use `python3\.11`/],
  },
  {
    title: 'values of an enumeration',
    file: 'template.yaml',
    text: sam('FunctionUrlConfig:\n        Auth|Type: NONE'),
    says: [/- `NONE`: Everybody\./, /- `AWS_IAM`/],
  },
  { title: 'names', file: 's.yaml', text: fc3('function|Name: a'), says: [/at most 64 letters/] },
  {
    title: 'processors',
    file: 's.yaml',
    text: fc3('cp|u: 1'),
    says: [/1 to 4 GB of memory share one/, /From 0\.05 to 16, in steps of 0\.05/],
  },
];

for (const { title, file, text, says } of cases) {
  test(`tells of ${title}`, () => {
    const hover = projectFileFolder({ [file]: text }).hover();
    for (const each of says) assert.match(hover ?? 'nothing', each);
  });
}

test('a handler leads to its code, and a variable to what gives it a value, which is not shown', () => {
  const code = {
    'index.ts': '\nexport const handler = () => process.env.TOKEN;',
    '.env': '# mine\nTOKEN=very-secret\n',
  };
  const handler = projectFileFolder({
    ...code,
    'template.yaml': sam('Handler: index.han|dler\n      Runtime: nodejs22.x'),
  });
  assert.equal(handler.hover(), '`index.handler` is in [index.ts:2](file:///p/index.ts#L2).');
  const variable = projectFileFolder({
    ...code,
    'porchlight.yaml': 'functions:\n  a:\n    handler: index.handler\n    env:\n      TO|KEN: local\n',
  });
  assert.equal(
    variable.hover(),
    '**TOKEN**\n\nHere its value comes from [.env:2](file:///p/.env#L2).\n\nRead in [index.ts:2](file:///p/index.ts#L2).',
  );
});

test('nothing is said of what only the cloud knows', () => {
  assert.equal(projectFileFolder({ 'template.yaml': sam('Runtime: !Ref Run|time') }).hover(), undefined);
});
