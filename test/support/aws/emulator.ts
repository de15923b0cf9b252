import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A role as somebody would have made it before. */
export async function createRole(url: string): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  await ask(url, 'iam', {
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: 'functions',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
}

export function createQueue(url: string, name: string): Promise<void> {
  return ask(url, 'sqs', { Action: 'CreateQueue', Version: '2012-11-05', QueueName: name });
}

export async function createBucket(url: string, name: string): Promise<void> {
  const answer = await fetch(`${url}/${name}`, { method: 'PUT', headers: addressed('s3') });
  assert.ok(answer.ok, await answer.text());
}

async function ask(url: string, service: string, form: Record<string, string>): Promise<void> {
  const body = new URLSearchParams(form);
  const answer = await fetch(url, { method: 'POST', body, headers: addressed(service) });
  assert.ok(answer.ok, await answer.text());
}

/** The emulator tells services apart by the scope of a signature, which it does not check. */
export function addressed(service: string): Record<string, string> {
  const scope = `x/20260101/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=x` };
}

export function createTopic(url: string, name: string): Promise<void> {
  return ask(url, 'sns', { Action: 'CreateTopic', Version: '2010-03-31', Name: name });
}

/** What AWS's own command line reads of Lambda, as a second client that knows nothing of us. */
export function readByCli(url: string, ...args: string[]): Promise<Record<string, unknown>> {
  return runCli(url, 'lambda', ...args);
}

/** The same of any service, also for what somebody else does there. */
export async function runCli(url: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run('aws', ['--endpoint-url', url, '--region', 'us-east-1', ...args], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'AKIAOTHER',
      AWS_SECRET_ACCESS_KEY: 'other',
      AWS_CONFIG_FILE: '/nowhere/config',
      AWS_PAGER: '',
    },
  });
  return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}
