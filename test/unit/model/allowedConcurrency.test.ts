import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowedConcurrency } from '../../../runtime/model/allowedConcurrency.ts';
import { defaultProcess, type FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const asking = (concurrency: number, changes: Partial<FunctionDefinition> = {}) =>
  functionDefinition('/project', { process: { ...defaultProcess, concurrency }, ...changes });

const rows: [name: string, definition: FunctionDefinition, concurrency: number, told: RegExp | undefined][] =
  [
    ['one is always allowed', asking(1, { platform: 'aliyun-fc' }), 1, undefined],
    ['Lambda allows several', asking(50), 50, undefined],
    ['Lambda allows as many as there may be', asking(200), 200, undefined],
    [
      'built-in runtimes of Function Compute take one',
      asking(5, { platform: 'aliyun-fc' }),
      1,
      /hello\.concurrency.*one invocation at a time, not 5/,
    ],
    [
      'custom runtimes of Function Compute take several',
      asking(5, { platform: 'aliyun-fc', language: 'custom' }),
      5,
      undefined,
    ],
    ['more than Lambda has is told', asking(201), 200, /200 invocations at a time, not 201/],
  ];

describe('concurrency as the platform allows it', () => {
  for (const [name, definition, concurrency, told] of rows) {
    it(name, () => {
      const { functions, problems } = allowedConcurrency([definition]);
      assert.deepEqual(functions, [{ ...definition, process: { ...definition.process, concurrency } }]);
      assert.equal(problems.length, told ? 1 : 0);
      const [problem] = problems;
      if (!told || !problem) return;
      assert.match(problem.message, told);
      const { severity, code, function: of, file, line } = problem;
      const { declaredAt } = definition;
      assert.deepEqual(
        [severity, code, of, file, line],
        ['warning', 'SETTING_INVALID', 'hello', declaredAt.file, declaredAt.line],
      );
    });
  }

  it('leaves the order and what it was given as they were', () => {
    const given = [asking(5, { name: 'a', platform: 'aliyun-fc' }), asking(5, { name: 'b' })];
    const { functions } = allowedConcurrency(given);
    assert.deepEqual(
      functions.map(({ name, process }) => [name, process.concurrency]),
      [
        ['a', 1],
        ['b', 5],
      ],
    );
    assert.equal(given[0]!.process.concurrency, 5);
    assert.equal(functions[1], given[1]);
  });
});
