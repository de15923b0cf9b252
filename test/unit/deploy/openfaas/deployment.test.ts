import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  desiredSettings,
  fieldsOf,
  remoteSettings,
  settingsForTrial,
} from '../../../../runtime/deploy/openfaas/deployment.ts';
import { imageRequest } from '../../../../runtime/deploy/openfaas/image.ts';
import {
  readRecords,
  recordAnnotations,
  type VersionRecord,
} from '../../../../runtime/deploy/openfaas/record.ts';
import { readSettings } from '../../../../runtime/deploy/openfaas/settings.ts';
import { createArchive } from '../../../../runtime/packaging/archive.ts';
import { defaultProcess, type FunctionDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { sampleOf } from '../../../support/deployProject.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const container = { labels: {}, annotations: {}, secrets: [], constraints: [] };

function definition(changes: Partial<FunctionDefinition>): FunctionDefinition {
  return functionDefinition('/p', { platform: 'openfaas', runtime: 'node20', memoryMB: 2048, ...changes });
}

test('memory of porchlight.yaml lies over that of the stack file', () => {
  const limits = { memory: '128Mi', cpu: '100m' };
  const stated = { ...container, limits };
  assert.deepEqual(desiredSettings(definition({ container: stated, memoryMB: 128 })).limits, limits);
  assert.deepEqual(desiredSettings(definition({ container: stated, memoryMB: 512 })).limits, {
    memory: '512Mi',
    cpu: '100m',
  });
  assert.equal(desiredSettings(definition({ container })).limits, undefined);
  assert.deepEqual(desiredSettings(definition({ memoryMB: 256 })).limits, { memory: '256Mi' });
});

test('functions of porchlight.yaml are kept as many as it says', () => {
  const process = { ...defaultProcess, minInstances: 2 };
  assert.deepEqual(desiredSettings(definition({ process })).labels, { 'com.openfaas.scale.min': '2' });
  assert.deepEqual(desiredSettings(definition({ process, container })).labels, {});
});

test('a trial is found by no connector and no autoscaler', () => {
  const labels = { 'com.openfaas.scale.zero': 'true', team: 'a' };
  const settings = { ...container, labels, annotations: { topic: 'x', schedule: '* * * * *' } };
  assert.deepEqual(settingsForTrial(settings), { ...container, labels: { team: 'a' } });
});

test('what is told of a function is compared by meaning; what is not told is as it was deployed', () => {
  const deployed = {
    ...container,
    constraints: ['a'],
    readOnlyRootFilesystem: true,
    labels: { uid: 'mine' },
  };
  const status = {
    name: 'hello',
    image: 'i',
    labels: { faas_function: 'hello', uid: 'mine', 'com.openfaas.uid': '7' },
    annotations: { 'prometheus.io.scrape': 'false', 'io.porchlight.mark': 'x' },
    limits: { memory: '1Gi', cpu: '0' },
    requests: { memory: '0', cpu: '0' },
  };
  assert.deepEqual(fieldsOf(remoteSettings(status, deployed), 3000), {
    timeoutMs: '3000',
    'labels.uid': 'mine',
    'limits.memory': '1024Mi',
    constraints: 'a',
    readOnlyRootFilesystem: 'true',
  });
});

const record = (version: number, image: string): VersionRecord => ({
  ...{ version: String(version), image, package: 'p', createdAt: 1, environment: 'e', settings: container },
});

test('versions are read back from annotations; ten are kept, and what others deployed is version 0', () => {
  const others = Array.from({ length: 12 }, (_, index) => record(index + 1, `i${index + 1}`));
  const annotations = recordAnnotations(record(13, 'i13'), others);
  const status = { name: 'hello', image: 'i13', annotations };
  const read = readRecords(status, container);
  assert.deepEqual(read.current, record(13, 'i13'));
  assert.deepEqual(
    read.others.map(({ version }) => version),
    ['12', '11', '10', '9', '8', '7', '6', '5', '4', '3'],
  );
  const changed = readRecords({ ...status, image: 'other' }, container);
  assert.deepEqual([changed.current.version, changed.others[0]!.version], ['0', '13']);
  const broken = {
    ...status,
    annotations: { 'io.porchlight.version': '{"version":1', 'io.porchlight.others': '[1]' },
  };
  assert.deepEqual(readRecords(broken, container).others, []);
});

test('images are built upon what the template or the project names', async () => {
  const settings = readSettings('prod', {});
  const destination = { registry: 'ghcr.io', repository: 'me/hello' };
  const archive = createArchive([], { entry: 'index.js', loader: 'script', exportName: 'default' }, []);
  const base = async (changes: Partial<FunctionDefinition>): Promise<string> => {
    const event = sampleOf('{}');
    const item = {
      definition: definition(changes),
      environment: {},
      runnable: true,
      findings: [],
      event,
      archive,
    };
    const { base: found } = await imageRequest(item, { target: 'prod', settings, destination });
    return `${found.repository}:${found.tag}`;
  };
  assert.equal(await base({ runtime: 'node20' }), 'library/node:20-slim');
  assert.equal(await base({ runtime: 'node' }), 'library/node:22-slim');
  assert.equal(await base({ runtime: 'node20', interpreter: '22.11' }), 'library/node:22-slim');
  assert.equal(await base({ runtime: 'node20', interpreter: '/opt/node' }), 'library/node:20-slim');
  assert.equal(
    await base({ language: 'python', runtime: 'python3-http-debian' }),
    'library/python:3.12-slim',
  );
  assert.equal(await base({ language: 'python', runtime: 'python3.11' }), 'library/python:3.11-slim');
});
