import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { HostProblems } from '../../../../extension/inline/hostProblems.ts';
import type { HostsChange } from '../../../../extension/hostClient/hosts.ts';
import type { Problem } from '../../../../runtime/model/project.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

test('what the language server tells at the same place is told once', () => {
  const problem = (code: string, line: number): Problem => ({
    severity: 'warning',
    code,
    message: code,
    file: '/p/index.js',
    line,
    column: 3,
  });
  const mirror = {
    functions: [],
    problems: [problem('VARIABLES_NOT_GIVEN', 2), problem('FILE_UNREADABLE', 2)],
    tests: { problems: [] },
  };
  const changed = new Emitter<HostsChange>();
  const mock = vscodeMock();
  const others: { code: { value: string }; range: vscode.Range }[] = [];
  const told = new Emitter<{ uris: { fsPath: string }[] }>();
  const languages = {
    ...mock.api.languages,
    getDiagnostics: () => others,
    onDidChangeDiagnostics: told.event,
  };
  const api = { ...mock.api, languages };
  const hosts = { all: [{ mirror }], onDidChange: changed.event };
  type Parameters = ConstructorParameters<typeof HostProblems>;
  const problems = new HostProblems(api as unknown as Parameters[0], hosts as unknown as Parameters[1]);
  const shown = (): unknown[] => (mock.diagnostics.get('/p/index.js') ?? []).map(({ code }) => code);
  const tell = (line: number): void => {
    const range = new api.Range(line, 2, line, 9);
    others.splice(0, 1, { code: { value: 'env-not-given' }, range });
    told.fire({ uris: [{ fsPath: '/p/index.js' }] });
  };

  changed.fire({ kind: 'folders' });
  assert.deepEqual(shown(), ['VARIABLES_NOT_GIVEN', 'FILE_UNREADABLE']);
  tell(1);
  assert.deepEqual(shown(), ['FILE_UNREADABLE']);
  tell(5);
  assert.deepEqual(shown(), ['VARIABLES_NOT_GIVEN', 'FILE_UNREADABLE']);
  problems.dispose();
});
