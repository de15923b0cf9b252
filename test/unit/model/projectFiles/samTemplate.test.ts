import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { formatFor } from '../../../../runtime/model/projectFiles/index.ts';
import { check, folder, parse } from './check.ts';

const head = `Transform: AWS::Serverless-2016-10-31\n`;

const cases: [what: string, text: string, functions: string, problems: string][] = [
  [
    'globals, parameters and events',
    `${head}Parameters:
  Stage: { Type: String, Default: dev }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition IsProd]
Globals:
  Function:
    Timeout: 10
    Runtime: nodejs20.x
    Environment: { Variables: { G: 1, H: global } }
Resources:
  Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: orders } }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello/
      Handler: app.handler
      MemorySize: !If [NotProd, 1024, 256]
      Environment:
        Variables:
          H: own
          OTHER: !Ref Other
          ARN: !GetAtt Other.Arn
          TABLE: !Ref Table
          JOIN: !Join ['-', [a, !Ref Stage, !Ref 'AWS::Region']]
          SUB: !Sub "\${AWS::Partition}/\${Stage}/\${!Literal}/\${X}"
          GONE: !If [IsProd, x, !Ref 'AWS::NoValue']
          PICK: !Select [1, !Split [',', 'a,b']]
          LONG: { 'Fn::Sub': ['\${V}!', { V: { Ref: Stage } }] }
      FunctionUrlConfig: { AuthType: NONE }
      Events:
        Get: { Type: Api, Properties: { Path: '/orders/{id}', Method: get } }
        Any: { Type: HttpApi, Properties: { Path: '/x', Method: ANY } }
        All: { Type: HttpApi }
        S: { Type: Schedule, Properties: { Schedule: rate(5 minutes) } }
        Q: { Type: SQS, Properties: { BatchSize: 1 } }
  Other:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: other-fn, Handler: app.handler }
`,
    `Hello (aws-lambda nodejs20.x) app.handler in /project/hello
  1024 MB, 10 s, us-east-1
  G=1
  H=own
  OTHER=other-fn
  ARN=arn:aws:lambda:us-east-1:123456789012:function:other-fn
  TABLE=orders
  JOIN=a-dev-us-east-1
  PICK=b
  LONG=dev!
  SUB=? !Sub \${X}
  http Get GET /orders/{id} as rest-api
  http Any ANY /x as http-api
  http All ANY /* as http-api
  timer S {"type":"Schedule","Schedule":"rate(5 minutes)"}
  queue Q {"type":"SQS","BatchSize":1}
  http url ANY /Hello/* mounted at /Hello as function-url
other-fn (aws-lambda nodejs20.x) app.handler in /project
  128 MB, 10 s, us-east-1
  G=1
  H=global`,
    'warning 27:22-65 VALUE_UNRESOLVED !Sub ${X} cannot be resolved on this machine: nothing is named "X" in this template.',
  ],
  [
    'what is known after the deploy: one warning each',
    `${head}Parameters:
  NoDefault: { Type: String }
Resources:
  Bucket: { Type: AWS::S3::Bucket }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      Environment:
        Variables:
          BUCKET: !Ref Bucket
          P: !Ref NoDefault
          URL: !Sub https://\${ServerlessRestApi}.example
          OTHER: !ImportValue stack-x
          SECRET: '{{resolve:ssm:/key:1}}'
`,
    `Hello (aws-lambda nodejs22.x) app.handler in /project
  128 MB, 3 s, us-east-1
  BUCKET=? !Ref Bucket
  P=? !Ref NoDefault
  URL=? !Sub \${ServerlessRestApi}
  OTHER=? !ImportValue stack-x
  SECRET=? {{resolve:ssm:/key:1}}`,
    `warning 13:24-30 VALUE_UNRESOLVED !Ref Bucket cannot be resolved on this machine: it is known after the deploy.
warning 14:19-28 VALUE_UNRESOLVED !Ref NoDefault cannot be resolved on this machine: the parameter NoDefault has no Default.
warning 15:21-57 VALUE_UNRESOLVED !Sub \${ServerlessRestApi} cannot be resolved on this machine: it is known after the deploy.
warning 16:31-38 VALUE_UNRESOLVED !ImportValue stack-x cannot be resolved on this machine: it comes from another stack.
warning 17:20-42 VALUE_UNRESOLVED {{resolve:ssm:/key:1}} cannot be resolved on this machine: it is read at the deploy.`,
  ],
  [
    'code that is not a folder, other languages, wrong values',
    `${head}Resources:
  Inline:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, InlineCode: "exports.x = 1", Runtime: nodejs20.x }
  Bucket:
    Type: AWS::Serverless::Function
    Properties: { Handler: a.b, CodeUri: s3://bucket/key, MemorySize: 64, Timeout: 901 }
  Py:
    Type: AWS::Serverless::Function
    Properties: { Handler: a.b, Runtime: python3.12 }
  Image:
    Type: AWS::Serverless::Function
    Properties: { PackageType: Image }
  Up:
    Type: AWS::Serverless::Function
    Properties: { Handler: ../a.b }
  Wrong:
    Type: AWS::Serverless::Function
    Properties: [1]
  Half:
    Type: AWS::Serverless::Function
    Properties:
      Handler:
      Events: [x]
`,
    `Inline (aws-lambda nodejs20.x) index.handler in /project
  128 MB, 3 s, us-east-1
Bucket (aws-lambda nodejs) a.b in /project
  64 MB, 901 s, us-east-1
Py (aws-lambda python3.12) a.b in /project
  128 MB, 3 s, us-east-1
Image (aws-lambda container) - in /project
  128 MB, 3 s, us-east-1
Up (aws-lambda nodejs) ../a.b in /project
  128 MB, 3 s, us-east-1
Wrong (aws-lambda nodejs) - in /project
  128 MB, 3 s, us-east-1
Half (aws-lambda nodejs) - in /project
  128 MB, 3 s, us-east-1`,
    `warning 5:56-69 CODE_UNSUPPORTED Inline: its code stands inside the template (InlineCode). Move it to a file to run it here.
warning 8:42-57 CODE_UNSUPPORTED Bucket: its code lies at s3://bucket/key, not in a folder. Give the folder here to run it.
warning 8:71-73 SETTING_INVALID Bucket.MemorySize: 64 MB is outside of what aws-lambda accepts: 128 to 10240 MB.
warning 8:84-87 SETTING_INVALID Bucket.Timeout: 901 s is outside of what aws-lambda accepts: 1 to 900 s.
info 12:3-8 LANGUAGE_LATER Image is written for container. Porchlight lists it, but runs Node.js, Python and PHP functions and programs (language: custom) only so far.
error 17:28-34 HANDLER_INVALID Invalid handler '../a.b': write it as file.export, e.g. "index.handler".
error 18:3-8 HANDLER_MISSING Wrong: no handler is given. Add one as file.export, e.g. "index.handler".
error 24:7-14 HANDLER_MISSING Half: no handler is given. Add one as file.export, e.g. "index.handler".
error 25:15-18 SETTING_INVALID Half.Events: expected events by name.`,
  ],
];

for (const [what, text, functions, problems] of cases) {
  test(`SAM template with ${what}`, () => check(parse('template.yaml', text), functions, problems));
}

test('programs of provided and go1.x runtimes, and what builds them', () => {
  const text = `${head}Resources:
  Go:
    Type: AWS::Serverless::Function
    Properties: { Runtime: provided.al2023, Handler: bootstrap, CodeUri: go }
    Metadata: { BuildMethod: go1.x }
  Made:
    Type: AWS::Serverless::Function
    Properties: { Runtime: provided.al2, Handler: main }
    Metadata: { BuildMethod: makefile }
  Old:
    Type: AWS::Serverless::Function
    Properties: { Runtime: go1.x, Handler: hello }
  Ready:
    Type: AWS::Serverless::Function
    Properties: { Runtime: provided }
`;
  const { functions, problems } = parse('template.yaml', text);
  assert.deepEqual(problems, []);
  const programs = functions.map(({ definition }) => [definition.language, definition.program]);
  const goBuild = (name: string) => ({
    command: [`$ARTIFACTS_DIR/${name}`],
    build: ['go', 'build', '-tags', 'lambda.norpc', '-o', `$ARTIFACTS_DIR/${name}`, '.'],
  });
  assert.deepEqual(programs, [
    ['custom', goBuild('bootstrap')],
    [
      'custom',
      {
        command: ['$ARTIFACTS_DIR/bootstrap'],
        build: ['make', 'build-Made', 'ARTIFACTS_DIR=$ARTIFACTS_DIR'],
      },
    ],
    ['custom', goBuild('hello')],
    ['custom', { command: ['./bootstrap'] }],
  ]);
});

test('esbuild settings of Metadata', () => {
  const text = `${head}Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        Minify: false
        Format: esm
        Target: es2022
        EntryPoints: [app.ts]
        External: ['@aws-sdk/*']
        Loader: ['.png=file']
        Define: { X: '"y"' }
    Properties: { Handler: app.handler, Runtime: nodejs20.x }
`;
  assert.deepEqual(parse('template.yml', text).functions[0]!.definition.build, {
    method: 'esbuild',
    entryPoints: ['app.ts'],
    format: 'esm',
    target: 'es2022',
    external: ['@aws-sdk/*'],
    minify: false,
    define: { X: '"y"' },
    loader: { '.png': 'file' },
  });
});

test('a template.yaml without the SAM transform is no project file', () => {
  assert.equal(formatFor('template.yaml', 'Resources: { A: { Type: AWS::S3::Bucket } }'), undefined);
});

test('a template states the room in the temporary folder', () => {
  const text = `${head}Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: { Handler: app.handler, EphemeralStorage: { Size: 2048 } }
`;
  assert.equal(parse('template.yaml', text).functions[0]!.definition.temporaryMB, 2048);
});

test('layers of the same template are folders; others are of the cloud', () => {
  const parsed = parse(
    'template.yaml',
    `${head}Resources:
  Own:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layers/own }
  Packed:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layers/packed.zip }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      Handler: bootstrap
      Layers: [!Ref Own, !Ref Packed, !Ref Nothing, 'arn:aws:lambda:us-east-1:1:layer:x:1']
`,
  );
  assert.deepEqual(parsed.functions[0]?.definition.layers, [resolve(folder, 'layers/own')]);
  assert.deepEqual(parsed.problems, []);
});

test('SAM template: servers behind the Lambda Web Adapter are programs that get requests', () => {
  const layer = 'Layers: [!Sub "arn:aws:lambda:\${AWS::Region}:753240598075:layer:LambdaAdapterLayerX86:26"]';
  const wrapped = 'Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap, PORT: 8000 } }';
  const text = `${head}Resources:
  Script:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: app/, Handler: run.sh, Runtime: python3.12, ${wrapped}, ${layer} }
  Binary:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: app/, Handler: bootstrap, Runtime: provided.al2023, ${layer} }
  Asking:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: app/, Handler: bootstrap, Runtime: provided.al2023 }
  Usual:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: app/, Handler: app.handler, Runtime: python3.12, ${layer} }
`;
  const { functions, problems } = parse('template.yaml', text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    functions.map(({ definition }) => [
      definition.language,
      definition.program?.protocol,
      definition.program?.command,
    ]),
    [
      ['custom', 'http', ['./run.sh']],
      ['custom', 'http', ['./bootstrap']],
      ['custom', undefined, ['./bootstrap']],
      ['python', undefined, undefined],
    ],
  );
});
