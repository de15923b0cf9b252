import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredSettings, settingsForTrial } from '../../../../runtime/deploy/openfaas/deployment.ts';
import { preflight } from '../../../../runtime/deploy/openfaas/preflight.ts';
import type { ProgramSettings } from '../../../../runtime/model/program.ts';
import { createArchive } from '../../../../runtime/packaging/archive.ts';
import { sampleOf } from '../../../support/deployProject.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import type { Phrase } from '../../../../runtime/support/l10n.ts';

const definitionOf = (language: string, program: ProgramSettings) => ({
  ...functionDefinition('/p', { platform: 'openfaas', language }),
  program,
  triggers: [],
});

const told = (language: string, program: ProgramSettings, imageProblem?: Phrase): string[] => {
  const archive = createArchive([], { entry: 'app', loader: 'script', exportName: '' }, []);
  const facts = { environment: {}, runnable: true, findings: [], event: sampleOf('{}') };
  const item = { definition: definitionOf(language, program), archive, ...facts };
  const nothing = {
    namespace: undefined,
    secrets: undefined,
    namespaces: undefined,
  };
  const destination = { registry: 'r.example', repository: 'hello' };
  const there = { gateway: 'https://gw.example.com', remoteName: 'hello', adopted: false, trialTaken: false };
  return preflight(item, { ...nothing, ...there, imageProblem, destination }).map(
    ({ severity, message }) => `${severity}: ${message}`,
  );
};

test('programs are told what a gateway expects of their servers', () => {
  const [warning, ...others] = told('custom', { protocol: 'http' });
  assert.match(warning!, /^warning: .*GET \/_\/health .*healthPath:/);
  assert.deepEqual(others, []);
  assert.deepEqual(told('custom', { protocol: 'http', healthPath: '/ready', port: 8080 }), []);
  const [port] = told('custom', { protocol: 'http', healthPath: '/ready', port: 3000 });
  assert.match(port!, /^error: .*port 8080, and its server listens on 3000/);
  assert.match(told('custom', {}, { phrase: 'no watchdog.' })[0]!, /^error: .*no watchdog\./);
  assert.match(told('php', {})[0]!, /^error: .*Node\.js and Python functions and of programs/);
});

test('the path of a health check goes along, also to a trial', () => {
  const settings = desiredSettings(definitionOf('custom', { protocol: 'http', healthPath: '/ready' }));
  const annotations = { 'com.openfaas.health.http.path': '/ready' };
  assert.deepEqual(settings.annotations, annotations);
  assert.deepEqual(settingsForTrial(settings).annotations, annotations);
});
