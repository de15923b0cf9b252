import * as v from 'valibot';
import { PorchlightError } from '../model/errors.ts';
import type { TestOutcome } from '../model/testing/testCase.ts';
import { ListTests, PlanDeploy, RunTest } from '../protocol/control/messages.ts';
import { text } from '../model/schemaParts.ts';
import { defineTool } from './agentTool.ts';
import { answerLimits, logFacts } from './recordFacts.ts';

const mostTests = 100;

export const planDeploy = defineTool({
  name: 'plan_deploy',
  title: 'Plan a Deploy',
  description:
    'Tells what a deploy would change on a target, field by field, with package size and everything that stands in the way. Builds, but sends and changes nothing; deploying is left to people. Looking at a cloud uses the credentials of this machine.',
  input: v.strictObject({
    target: v.optional(text('Name of the target; local by default.')),
    functions: v.optional(
      v.pipe(
        v.array(text('Name of a function.')),
        v.maxLength(200, 'at most 200 functions.'),
        v.description('Only these functions; all by default.'),
      ),
    ),
  }),
  async run(connection, { target = 'local', functions }, signal) {
    const plan = await connection.sendRequest(
      PlanDeploy,
      { target, ...(functions && { functions }) },
      { signal },
    );
    const count = (change: string) => plan.functions.filter((fn) => fn.change === change).length;
    const findings = plan.functions.flatMap((fn) => fn.findings);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return {
      text: `On ${plan.target} (${plan.targetType}): ${count('create')} new, ${count('change')} changed, ${count('same')} unchanged${errors > 0 ? `; ${errors} ${errors === 1 ? 'error stands' : 'errors stand'} in the way` : ''}.`,
      data: {
        target: plan.target,
        type: plan.targetType,
        functions: plan.functions.map((fn) => ({
          function: fn.function,
          change: fn.change,
          fields: fn.fields.filter(({ change }) => change !== 'same'),
          package: {
            bytes: fn.package.bytes,
            files: fn.package.files,
            unchanged: fn.package.unchanged,
            largest: fn.package.largest.slice(0, 5),
          },
          findings: fn.findings,
        })),
      },
    };
  },
});

export const listTests = defineTool({
  name: 'list_tests',
  title: 'List Saved Events',
  description:
    'Lists the saved events of the project, which are its tests, with their files, and what is wrong with them.',
  input: v.strictObject({ function: v.optional(text('Only of this function.')) }),
  async run(connection, { function: name }) {
    const { tests, problems } = await connection.sendRequest(ListTests, { watched: false });
    const chosen = tests.filter((test) => name === undefined || test.function === name);
    return {
      text: `${chosen.length} ${chosen.length === 1 ? 'test' : 'tests'}.`,
      data: {
        tests: chosen.slice(0, mostTests).map(({ id, function: fn, name: test }) => ({
          id,
          function: fn,
          name: test,
        })),
        ...(chosen.length > mostTests && { more: chosen.length - mostTests }),
        problems: problems.slice(0, 20).map(({ message, file, line }) => ({ message, file, line })),
      },
    };
  },
});

export const runTests = defineTool({
  name: 'run_tests',
  title: 'Run Saved Events',
  description:
    'Runs saved events as tests, one after the other, and tells which expectations did not hold. This runs the code of the project, which may have effects.',
  input: v.strictObject({
    function: v.optional(text('Only those of this function.')),
    id: v.optional(text('Only the test with this id, as list_tests gives it.', 4096)),
  }),
  question: ({ function: name, id }) =>
    `Run ${id !== undefined ? `the test ${id}` : name !== undefined ? `the tests of ${name}` : 'all tests of the project'}?`,
  async run(connection, { function: name, id }, signal) {
    const { tests } = await connection.sendRequest(ListTests, { watched: false });
    const chosen = tests.filter(
      (test) => (id === undefined || test.id === id) && (name === undefined || test.function === name),
    );
    if (chosen.length === 0) {
      throw new PorchlightError('USAGE', {
        detail: 'No saved event fits. list_tests gives those there are.',
      });
    }
    if (chosen.length > mostTests) {
      throw new PorchlightError('USAGE', {
        detail: `${chosen.length} tests are more than ${mostTests} at a time. Choose a function.`,
      });
    }
    const outcomes: TestOutcome[] = [];
    for (const test of chosen)
      outcomes.push(await connection.sendRequest(RunTest, { id: test.id }, { signal }));
    const passed = outcomes.filter(({ status }) => status === 'passed').length;
    return {
      text: `${passed} of ${outcomes.length} passed.`,
      data: { tests: outcomes.map(outcomeFacts) },
    };
  },
});

function outcomeFacts(outcome: TestOutcome): Record<string, unknown> {
  const { id, function: name, status, reason, failures, error, invocations, logs } = outcome;
  if (status === 'passed') return { id, function: name, status };
  return {
    id,
    function: name,
    status,
    ...(reason !== undefined && { reason }),
    failures: failures.map(({ what, message }) => ({
      what,
      message: message.slice(0, answerLimits.logLine),
    })),
    ...(error && { error: { type: error.type, message: error.message, at: error.at } }),
    invocations,
    logs: logs.slice(0, 20).map(logFacts),
  };
}
