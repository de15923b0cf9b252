/** A project file of every kind that holds a bit of everything, by name. */
export const projectFileSamples: Readonly<Record<string, string>> = {
  'porchlight.yaml': `functions:
  hello:
    handler: index.handler
    platform: aliyun-fc
    process: { model: resident, idleTimeout: 300s, concurrency: 1 }
    memory: 512MB
    env: { GREETING: hi, TABLE: orders }
    triggers:
      - http: { path: /hello, methods: [GET, POST] }
      - timer: { cron: "0 */5 * * * *", timezone: Asia/Shanghai }
  job: &job
    handler: index.handler
    timeout: 60s
  again:
    <<: *job
queues:
  orders.fifo: { visibilityTimeout: 60s }
targets:
  prod: { type: aliyun-fc, region: cn-hangzhou }
`,
  's.yaml': `edition: 3.0.0
name: app
access: default
vars:
  region: cn-hangzhou
resources:
  hello:
    component: fc3
    props:
      region: \${vars.region}
      functionName: hello # the name
      runtime: nodejs20
      code: ./
      handler: index.handler
      memorySize: 512
      cpu: 0.35
      environmentVariables:
        TABLE: 'orders'
      triggers:
        - triggerName: nightly
          triggerType: timer
          triggerConfig: { cronExpression: '0 0 4 * * *', enable: true }
        - triggerName: http
          triggerType: http
          triggerConfig:
            authType: anonymous
            methods: [GET]
`,
  'template.yaml': `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 10
Parameters:
  Stage: { Type: String, Default: dev }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: index.handler
      Description: |
        Says hello:
          to everybody
      Environment:
        Variables:
          TABLE: !Ref Table
          ARN: !Sub "\${Other.Arn}-\${Stage}"
      Events:
        Api:
          Type: HttpApi
          Properties: { Path: /hello, Method: get }
        Nightly:
          Type: Schedule
          Properties:
            Schedule: cron(0 4 * * ? *)
  Other:
    Type: AWS::Serverless::Function
    DependsOn: [Hello]
    Properties:
      Handler: index.handler
      MemorySize: !If [IsProd, 1024, 128]
  Table:
    Type: AWS::DynamoDB::Table
Outputs:
  Arn:
    Value: !GetAtt Hello.Arn
`,
  'serverless.yml': `service: shop
frameworkVersion: '4'
provider:
  name: aws
  runtime: nodejs22.x
  stage: \${opt:stage, 'dev'}
  environment:
    TABLE: \${self:service}-orders
plugins: [serverless-offline]
functions:
  hello:
    handler: index.handler
    memorySize: 256
    events:
      - httpApi: GET /hello
      - schedule: { rate: rate(5 minutes), enabled: false }
      - sqs:
          arn: !GetAtt Orders.Arn
          batchSize: 5
  other:
    handler: index.handler
    environment: { A: "b" }
custom:
  more: \${file(./more.yml):x}
resources:
  Resources:
    Orders:
      Type: AWS::SQS::Queue
`,
  'func.yaml': `specVersion: 0.36.0
name: hello
runtime: node
created: 2026-01-01T00:00:00Z
invoke: cloudevent
run:
  envs:
    - name: TABLE
      value: '{{ env:TABLE }}'
deploy:
  namespace: shop
  options:
    scale: { min: 0, max: 5, metric: concurrency }
    resources:
      limits: { memory: 256Mi, cpu: 500m }
`,
  'stack.yaml': `version: 1.0
provider:
  name: openfaas
  gateway: http://127.0.0.1:8080
functions:
  hello:
    lang: node22
    handler: ./hello
    image: \${REGISTRY:-alice}/hello:latest
    environment:
      TABLE: orders
    limits: { memory: 128Mi }
  other:
    lang: python3-http
    handler: ./other
    image: other
`,
};
