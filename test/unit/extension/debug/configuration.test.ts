import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  attachConfiguration,
  attachedInstance,
  completeConfiguration,
} from '../../../../extension/debug/configuration.ts';

const base = { type: 'porchlight', request: 'launch', internalConsoleOptions: 'neverOpen' };

suite('configurations of our debug type', () => {
  const cases: { name: string; given: Record<string, unknown>; complete: unknown }[] = [
    { name: 'nothing, as without a launch.json', given: {}, complete: { ...base, name: 'Functions' } },
    {
      name: 'empty strings, as the editor passes them',
      given: { type: '', request: '', name: '' },
      complete: { ...base, name: 'Functions' },
    },
    {
      name: 'a complete one, with fields of the editor',
      given: { ...base, name: 'Mine', functions: ['a', 'b'], presentation: { hidden: true } },
      complete: { ...base, name: 'Mine', functions: ['a', 'b'], presentation: { hidden: true } },
    },
    {
      name: 'a user who wants the console',
      given: {
        type: 'porchlight',
        request: 'launch',
        name: 'n',
        internalConsoleOptions: 'openOnSessionStart',
      },
      complete: { ...base, name: 'n', internalConsoleOptions: 'openOnSessionStart' },
    },
    {
      name: 'one name instead of a list',
      given: { name: 'x', functions: 'a' },
      complete: { ...base, name: 'x', functions: ['a'] },
    },
    { name: 'attach', given: { request: 'attach' }, complete: { problem: 'request' } },
    { name: 'no names', given: { functions: [1] }, complete: { problem: 'functions' } },
  ];
  for (const { name, given, complete } of cases) {
    test(name, () => {
      const completed = completeConfiguration(given as never, 'Functions');
      assert.deepEqual('problem' in completed ? completed : completed.configuration, complete);
    });
  }
});

test('what js-debug gets to attach to an instance', () => {
  const configuration = attachConfiguration(
    {
      instance: 'hello#3',
      function: 'hello',
      sequence: 3,
      pid: 7,
      debugger: 'js-debug',
      websocketAddress: 'ws://127.0.0.1:1/x',
      generated: ['C:/p/.porchlight/artifacts/**'],
      skip: ['C:/ext/dist/bootstrap.cjs'],
    },
    'C:\\p\\',
  );
  assert.equal(attachedInstance(configuration), 'hello#3');
  assert.equal(
    attachedInstance({ type: 'pwa-node', request: 'attach', name: 'of somebody else' }),
    undefined,
  );
  const { porchlightInstance: _mark, ...rest } = configuration;
  assert.deepEqual(rest, {
    type: 'pwa-node',
    request: 'attach',
    name: 'hello #3',
    websocketAddress: 'ws://127.0.0.1:1/x',
    continueOnAttach: true,
    autoAttachChildProcesses: false,
    attachExistingChildren: false,
    pauseForSourceMap: true,
    outFiles: [],
    resolveSourceMapLocations: ['C:/p/**', 'C:/p/.porchlight/artifacts/**'],
    showAsyncStacks: { onceBreakpointResolved: 16 },
    skipFiles: ['<node_internals>/**', 'C:/ext/dist/bootstrap.cjs'],
    internalConsoleOptions: 'neverOpen',
  });
});
