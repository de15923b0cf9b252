import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiEndpoint } from '../../../runtime/model/invokeApi.ts';
import type { Outcome } from '../../../runtime/model/platform.ts';
import type { LanguageId } from '../../../runtime/model/words.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { recordOf } from '../../support/records.ts';

const lambda = findPlatform('aws-lambda')!;
const fc = findPlatform('aliyun-fc')!;
const lambdaPath = (name: string): string => `/2015-03-31/functions/${name}/invocations`;
const fcPath = '/2023-03-30/functions/hello/invocations';
const definition = functionDefinition('/p');

function at(path: string): ApiEndpoint {
  return (lambda.invokeApi!.at(path) ?? fc.invokeApi!.at(path))!;
}

test('what logs hold is written as the runtime of the function writes it', () => {
  const place = { file: '/p/code', line: 1, column: 1 };
  const logs = [
    { t: 0, level: 'info' as const, stream: 'stdout' as const, text: 'printed', at: place },
    { t: 79_000, level: 'warn' as const, stream: 'stderr' as const, text: 'logged', at: place },
  ];
  const record = recordOf('ID', { receivedAt: Date.UTC(2026, 0, 2), logs });
  const rows: [path: string, language: LanguageId, runtime: string, lines: string[]][] = [
    [
      lambdaPath('hello'),
      'python',
      'python3.12',
      ['printed', '[WARNING]\t2026-01-02T00:00:00.079Z\tID\tlogged'],
    ],
    [fcPath, 'python', 'python3.10', ['printed', '2026-01-02T00:00:00.79Z ID [WARNING] logged']],
    [
      fcPath,
      'nodejs',
      'nodejs20',
      ['2026-01-02 00:00:00.000 ID [info] printed', '2026-01-02 00:00:00.079 ID [warn] logged'],
    ],
    [
      fcPath,
      'nodejs',
      'nodejs16',
      ['2026-01-02T00:00:00.000Z ID [verbose] printed', '2026-01-02T00:00:00.079Z ID [warn] logged'],
    ],
  ];
  const call = { mode: 'sync', limit: 1, tail: true, facts: {}, notes: [] } as const;
  const outcome: Outcome = { kind: 'result', body: new Uint8Array() };
  for (const [path, language, runtime, lines] of rows) {
    const written = { ...definition, language, runtime };
    const answer = at(path).answer({
      call: { ...call, notes: [] },
      definition: written,
      outcome,
      record,
    });
    const found = answer.headers.find(([name]) => /log-result/i.test(name))?.[1] ?? '';
    assert.equal(Buffer.from(found, 'base64').toString('utf8'), `${lines.join('\n')}\n`, runtime);
  }
});

test('who is asked for by a version or alias, or for a tenant, is told so', () => {
  const factsOf = (path: string, headers: Record<string, string> = {}, query = '') => {
    const asked = at(path).read({ headers, query: new URLSearchParams(query) });
    return 'facts' in asked ? asked.facts : asked;
  };
  assert.deepEqual(factsOf(lambdaPath('hello:live')), { qualifier: 'live' });
  assert.deepEqual(factsOf(lambdaPath('hello'), {}, 'Qualifier=2'), { qualifier: '2' });
  assert.deepEqual(factsOf(lambdaPath('hello:$LATEST')), {});
  assert.deepEqual(factsOf(lambdaPath('hello'), { 'x-amz-tenant-id': 'blue' }), { tenantId: 'blue' });
  assert.deepEqual(factsOf(fcPath, {}, 'qualifier=prod'), { qualifier: 'prod' });
  assert.deepEqual(factsOf(fcPath, {}, 'qualifier='), {});
  const facts = { requestId: 'ID', trigger: 'event', call: { qualifier: 'live', tenantId: 'blue' } };
  const shown = lambda.callContext(definition, facts);
  assert.equal(shown['invokedFunctionArn'], 'arn:aws:lambda:us-east-1:123456789012:function:hello:live');
  assert.equal(shown['tenantId'], 'blue');
  assert.equal((fc.callContext(definition, facts)['service'] as { qualifier: string }).qualifier, 'live');
});
