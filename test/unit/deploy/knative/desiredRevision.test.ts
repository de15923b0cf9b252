import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  desiredFields,
  remoteEnvironment,
  remoteFields,
  withDesired,
  type DesiredRevision,
} from '../../../../runtime/deploy/knative/desiredRevision.ts';
import type { Template } from '../../../../runtime/deploy/knative/objects.ts';
import { readSettings } from '../../../../runtime/deploy/knative/settings.ts';
import type { FunctionDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { usualProcess } from '../../../../runtime/model/platformDefaults.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const usual = usualProcess('knative', 'nodejs');
const settings = readSettings('prod', { registry: 'ghcr.io/team' });

function desired(
  changes: Partial<FunctionDefinition> = {},
  more: Partial<DesiredRevision> = {},
): DesiredRevision {
  const definition = functionDefinition('/p', {
    platform: 'knative',
    process: usual,
    memoryMB: 2048,
    timeoutMs: 300_000,
    ...changes,
  });
  const image = 'ghcr.io/team/hello@sha256:1';
  return {
    image,
    tag: 't',
    base: 'b',
    packageHash: 'p',
    definition,
    environment: { A: '1' },
    settings,
    ...more,
  };
}
const scaling = ({ metadata }: Template) =>
  Object.fromEntries(
    Object.entries(metadata?.annotations ?? {}).flatMap(([name, value]) =>
      name.startsWith('autoscaling.') ? [[name.split('/')[1], value]] : [],
    ),
  );

test('process models become settings of the autoscaler', () => {
  const of = (changes: Partial<FunctionDefinition['process']>) => {
    const template = withDesired(undefined, desired({ process: { ...usual, ...changes } }));
    return { ...scaling(template), limit: template.spec.containerConcurrency };
  };
  assert.deepEqual(of({}), { 'max-scale': '10', limit: 0 });
  assert.deepEqual(of({ model: 'ephemeral' }), { 'max-scale': '10', window: '6s', limit: 1 });
  assert.deepEqual(of({ concurrency: 7, minInstances: 2, maxInstances: 5, idleTimeoutMs: 300_000 }), {
    'min-scale': '2',
    'max-scale': '5',
    window: '300s',
    limit: 7,
  });
});

test('what is deployed is what is compared: nothing differs afterwards', () => {
  for (const changes of [
    {},
    { memoryMB: 3072, timeoutMs: 30_500 },
    { process: { ...usual, model: 'ephemeral' as const } },
    { process: { ...usual, minInstances: 1, concurrency: 3 } },
    { language: 'custom', program: { command: ['./server'], port: 9090, healthPath: '/up' } },
    { healthEndpoints: { liveness: '/alive', readiness: '/go' } },
  ]) {
    const stated = readSettings('prod', {
      registry: 'r.io/t',
      cpu: '1500m',
      serviceAccount: 'runner',
      pullSecret: 'pull',
    });
    const wanted = desired(changes, { settings: stated });
    const template = withDesired(undefined, wanted);
    const { definition, environment, tag, base } = wanted;
    assert.deepEqual(
      remoteFields(template, {}, stated),
      desiredFields(definition, stated, environment, { tag, base }),
    );
    assert.deepEqual(remoteEnvironment(template), { A: '1' });
    // Done again, it changes nothing.
    assert.deepEqual(withDesired(template, wanted), template);
  }
});

test('what a deploy does not know of stays', () => {
  const before: Template = {
    metadata: { annotations: { 'team/owner': 'me', 'autoscaling.knative.dev/min-scale': '3' } },
    spec: {
      volumes: [{ name: 'v' }],
      serviceAccountName: 'somebody',
      containers: [
        { name: 'side', image: 'side' },
        {
          name: 'main',
          image: 'old',
          ports: [{ containerPort: 8080, name: 'h2c' }],
          env: [
            { name: 'GONE', value: '1' },
            { name: 'KEPT', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
          ],
          resources: { limits: { cpu: '2', memory: '1Gi' } },
          readinessProbe: { httpGet: { path: '/health/readiness' }, periodSeconds: 9 },
          volumeMounts: [{ name: 'v' }],
        },
      ],
    },
  };
  const after = withDesired(before, desired());
  const [side, main] = after.spec.containers;
  assert.deepEqual(side, before.spec.containers[0]);
  assert.deepEqual(main!.ports, [{ containerPort: 8080, name: 'h2c' }]);
  assert.deepEqual(main!.env, [
    { name: 'A', value: '1' },
    { name: 'KEPT', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ]);
  assert.deepEqual(main!.resources, { limits: { cpu: '2' } });
  assert.deepEqual(main!.readinessProbe, { httpGet: { path: '/health/readiness' }, periodSeconds: 9 });
  assert.deepEqual(main!['volumeMounts'], [{ name: 'v' }]);
  assert.equal(after.spec.serviceAccountName, 'somebody');
  assert.deepEqual(after.spec['volumes'], [{ name: 'v' }]);
  assert.equal(after.metadata?.annotations?.['team/owner'], 'me');
  assert.deepEqual(scaling(after), { 'max-scale': '10' });
});

test('variables that are in the cluster are referred to', () => {
  const at = { file: 'func.yaml', line: 1, column: 1 };
  const unresolvedEnv = {
    TOKEN: { expression: '{{ secret:shop:token }}', at },
    MODE: { expression: '{{configMap:shop:mode}}', at },
    HERE: { expression: '{{ env:HERE }}', at },
    A: { expression: '{{ secret:shop:a }}', at },
  };
  const template = withDesired(undefined, desired({ unresolvedEnv }));
  assert.deepEqual(template.spec.containers[0]!.env, [
    { name: 'A', value: '1' },
    { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'shop', key: 'mode' } } },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: 'token' } } },
  ]);
});
