import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, afterEach, before, beforeEach } from 'node:test';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../faultyProxy.ts';
import { motoIsInstalled, startMoto, type MotoServer } from '../motoServer.ts';
import { AwsProject, secrets } from './awsProject.ts';
import { createRole } from './emulator.ts';
import { requestFaults } from './requestFaults.ts';
import { findServiceModels } from './serviceModel.ts';
import { tagsOfMappings } from './tagsOfMappings.ts';

/** Why tests against the emulator are skipped, or false. */
export const withoutMoto = motoIsInstalled() ? false : 'moto_server is not installed (Python package moto).';

/** Options of tests that read back by AWS's own command line. */
export const needsCli =
  spawnSync('aws', ['--version']).status === 0
    ? {}
    : { skip: 'aws (Debian package awscli) is not installed.' };

/** An emulator of AWS for the tests of a suite, and for each a project behind a proxy that checks every request. */
export interface AwsScene {
  readonly moto: MotoServer;
  readonly proxy: FaultyProxy;
  readonly project: AwsProject;
}

/**
 * Sets a scene up and down around the tests of the suite it is called in. Whatever a deploy asks of AWS is checked by the
 * services' own models where they are installed, and nobody may be told a secret.
 */
export function useAws(): AwsScene {
  const models = findServiceModels();
  if (typeof models === 'string') console.log(`Requests are not checked: ${models}`);
  const scene: Partial<{ -readonly [Key in keyof AwsScene]: AwsScene[Key] }> = {};
  const environment = { ...process.env };
  let objections: string[] = [];
  let number = 0;
  before(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: secrets.key,
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    scene.moto = await startMoto();
    await createRole(scene.moto.url);
  });
  after(() => {
    process.env = environment;
    scene.moto?.stop();
  });
  beforeEach(async () => {
    const proxy = await startFaultyProxy(scene.moto!.url);
    scene.proxy = proxy;
    scene.project = new AwsProject(proxy, `fn-${++number}`);
    objections = [];
    const tags = tagsOfMappings();
    proxy.inspect = (request) => {
      // What a test asks by itself is not signed for AWS.
      const isOurs = request.headers['user-agent']?.includes('aws-sdk-js') === true;
      if (isOurs && typeof models !== 'string') objections.push(...requestFaults(models, request));
      return tags(request);
    };
  });
  afterEach(async () => {
    await scene.proxy!.close();
    const everything = JSON.stringify(scene.project!.told);
    for (const hidden of Object.values(secrets)) assert.ok(!everything.includes(hidden), 'a secret was told');
    assert.deepEqual(objections, []);
  });
  return scene as AwsScene;
}

/** A refusal in AWS's words. */
export function refused(status: number, code: string, message: string): Fault {
  return { status, headers: { 'x-amzn-errortype': code }, body: { Type: 'User', message, Message: message } };
}
