import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './check.ts';

const head = `edition: 3.0.0
vars: { region: cn-shanghai }
resources:
  api:
    component: fc3
    props:
      runtime: nodejs20
      handler: index.handler
`;

test('s.yaml: what a trigger says that only its cloud needs is kept beside it', () => {
  const text = `${head}      environmentVariables: { ACCOUNT: "\${config('AccountID')}" }
      triggers:
        - triggerName: web
          triggerType: http
          description: the shop
          triggerConfig: { authType: anonymous, methods: [get], disableURLInternet: true }
        - triggerName: rows
          triggerType: tablestore
          sourceArn: acs:ots:\${vars.region}:\${config('AccountID')}:instance/a/table/b
          invocationRole: \${resources.role.output.arn}
        - triggerName: nightly
          triggerType: timer
          triggerConfig:
            enable: true
            cronExpression: \${env('NO_SUCH')}
        - triggerName: odd
          triggerType: constructor
`;
  const { functions, problems } = parse('s.yaml', text);
  const { triggers, unresolvedEnv } = functions[0]!.definition;
  assert.deepEqual(
    triggers.map(({ name, registration }) => [name, registration?.description, registration?.sourceArn]),
    [
      ['web', 'the shop', undefined],
      ['rows', undefined, 'acs:ots:cn-shanghai:1234567890123456:instance/a/table/b'],
      ['nightly', undefined, undefined],
    ],
  );
  assert.deepEqual(triggers[0]!.registration!.config, {
    authType: 'anonymous',
    methods: ['get'],
    disableURLInternet: true,
  });
  const open = triggers.map(({ registration }) =>
    Object.entries(registration?.unresolved ?? {}).map(([path, { expression, at }]) => [
      ...[path, expression, at.line],
    ]),
  );
  assert.deepEqual(open, [
    [],
    [['invocationRole', '${resources.role.output.arn}', 18]],
    [['triggerConfig.cronExpression', "${env('NO_SUCH')}", 23]],
  ]);
  assert.deepEqual(Object.keys(unresolvedEnv ?? {}), ['ACCOUNT'], 'a variable is not this account');
  assert.match(problems.map(({ message }) => message).join(), /expected triggerType to be one of http/);
});

test('s.yaml: triggers that say nothing for their cloud alone have nothing beside them', () => {
  const text = `${head}      triggers:
        - { triggerName: t, triggerType: timer, triggerConfig: { cronExpression: '@every 5m', enable: true } }
`;
  const [trigger] = parse('s.yaml', text).functions[0]!.definition.triggers;
  assert.equal(trigger!.registration, undefined);
});
