import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyOverlays, overlay } from '../../../../runtime/model/projectFiles/overlay.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { functionText } from '../../../support/describeParsed.ts';
import { parse } from './check.ts';

const overlays = (text: string) => parse('porchlight.yaml', `functions:\n${text}`).overlays;

test('stated settings win; environment and process settings are merged', () => {
  const at = { file: '/project/template.yaml', line: 1, column: 1 };
  const below = functionDefinition('/project', {
    env: { A: '1', B: '2' },
    unresolvedEnv: { TABLE: { expression: '!Ref T', at }, OTHER: { expression: '!Ref O', at } },
  });
  const [over] = overlays(
    `  hello: { env: { B: two, TABLE: local }, process: { prewarm: 1 }, timeout: 9s, triggers: [{ http: { path: /x } }] }\n`,
  );
  const merged = overlay(below, over!);
  assert.equal(
    functionText(merged),
    `hello (aws-lambda nodejs) index.handler in /project
  128 MB, 9 s, us-east-1
  A=1
  B=two
  TABLE=local
  OTHER=? !Ref O
  http http ANY /x as http-api`,
  );
  assert.deepEqual([merged.process.prewarm, merged.process.maxInstances], [1, below.process.maxInstances]);
  assert.equal(below.env['B'], '2', 'the definition below is left alone');
});

test('triggers take the event shape of the platform they lie over', () => {
  const [over] = overlays(`  hello: { triggers: [{ http: { path: /x } }] }\n`);
  const [trigger] = overlay(functionDefinition('/project', { platform: 'aliyun-fc' }), over!).triggers;
  assert.equal(trigger?.kind === 'http' && trigger.shape, 'fc3');
});

test('bounds are those of the platform below', () => {
  const definition = functionDefinition('/project', { platform: 'aliyun-fc' });
  const { problems } = applyOverlays(
    [{ key: 'hello', definition }],
    overlays(`  hello: { memory: 200MB }\n`),
  );
  assert.equal(problems.length, 1);
  assert.match(problems[0]!.message, /200 MB is outside of what aliyun-fc accepts/);
});

test('settings of asynchronous invocations are merged, within the bounds of the platform below', () => {
  const definition = functionDefinition('/project', { asyncInvoke: { attempts: 1, maxAgeMs: 60_000 } });
  const { definitions, problems } = applyOverlays(
    [{ key: 'hello', definition }],
    overlays(`  hello: { async: { retries: 5 }, checkAuth: true }\n`),
  );
  assert.deepEqual(definitions[0]?.asyncInvoke, { attempts: 6, maxAgeMs: 60_000 });
  assert.equal(definitions[0].checksAuth, true);
  assert.match(problems[0]!.message, /5 retries are outside of what aws-lambda accepts: 0 to 2/);
});

test('a key of the other file serves as well as the name; what matches nothing is told', () => {
  const definition = functionDefinition('/project', { name: 'named' });
  const all = overlays(`  Key: { timeout: 7s }\n  lost: {}\n  own: { handler: a.b }\n`);
  const { definitions, matched, problems } = applyOverlays([{ key: 'Key', definition }], all);
  assert.equal(definitions[0]!.timeoutMs, 7000);
  assert.deepEqual(
    [...matched].map(({ name }) => name),
    ['Key'],
  );
  assert.deepEqual(
    problems.map(({ code, function: name }) => `${code} ${name}`),
    ['HANDLER_MISSING lost'],
  );
});

test('local settings are laid over a trigger of the same name; a whole trigger takes the place of the others', () => {
  const timer = {
    kind: 'timer' as const,
    name: 'nightly',
    config: { type: 'Schedule', Schedule: 'rate(1 day)' },
  };
  const other = { kind: 'storage' as const, name: 'upload', config: { type: 'S3', Bucket: 'b' } };
  const below = functionDefinition('/project', { triggers: [timer, other] });
  const triggersOf = (text: string): unknown[] => {
    const [over] = overlays(`  hello: { triggers: [${text}] }\n`);
    return overlay(below, over!).triggers.map(({ name, ...trigger }) => [
      name,
      'config' in trigger && trigger.config,
    ]);
  };
  const fired = ['nightly', { ...timer.config, fire: true }];
  assert.deepEqual(triggersOf('{ timer: { name: nightly, fire: true } }'), [fired, ['upload', other.config]]);
  assert.deepEqual(
    triggersOf('{ storage: { name: upload, folder: photos } }, { timer: { name: nightly, fire: true } }'),
    [fired, ['upload', { ...other.config, folder: 'photos' }]],
  );
  assert.deepEqual(triggersOf('{ timer: { name: own, cron: rate(1 hour) } }'), [
    ['own', { name: 'own', cron: 'rate(1 hour)' }],
  ]);
  assert.deepEqual(triggersOf('{ timer: { cron: rate(1 hour) } }, { timer: { cron: rate(2 hours) } }'), [
    ['timer', { cron: 'rate(1 hour)' }],
    ['timer2', { cron: 'rate(2 hours)' }],
  ]);
});
