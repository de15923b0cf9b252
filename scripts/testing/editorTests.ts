import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { findDesktopExecutable } from '../editor/desktopEditor.ts';
import { quietSettings } from '../editor/editorSettings.ts';
import { plainEnvironment, root } from '../setup.mjs';
import type { ReportedTest } from '../../test/editor/runSuites.ts';
import { bundleGroup, groupSuites, type SuiteGroup } from './editorSuites.ts';
import { afterSecondTry, levelResult, total, type LevelResult } from './levelResult.ts';

export interface EditorTestOptions {
  /** More variables of the environment. */
  variables?: Record<string, string>;
  /**
   * Suites that fail run once more, in another editor, and are told as unsteady when they pass then: editor, browser and
   * debugger are others' programs. For runs of everything alone; who works on a suite is to see it fail.
   */
  tryAgain?: boolean;
}

/** Runs editor suites in the desktop VS Code when there is one, otherwise in the browser-served one. */
export async function runEditorTests(
  files: string[],
  { variables = {}, tryAgain = false }: EditorTestOptions = {},
): Promise<LevelResult> {
  const launcher = join(
    root,
    'test',
    'editor',
    'launcher',
    process.platform === 'win32' ? 'code.cmd' : 'code',
  );
  const desktop = findDesktopExecutable();
  console.log(desktop ? `In ${desktop}` : 'In the browser-served VS Code');
  const results: LevelResult[] = [];
  for (const group of groupSuites(files)) {
    const run = () => runGroup(group, desktop ?? launcher, variables);
    const first = await run();
    if (first.failed === 0 || !tryAgain) {
      results.push(first);
      continue;
    }
    console.log(`Once more: ${group.files.join(', ')}`);
    const second = await run();
    results.push(afterSecondTry(first, second));
  }
  return total(results);
}

async function runGroup(
  group: SuiteGroup,
  executable: string,
  variables: Record<string, string>,
): Promise<LevelResult> {
  const module = await bundleGroup(group);
  // Short: sockets in the editor's data folder have paths of at most 107 characters.
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'pl-')));
  const report = join(temporary, 'report.jsonl');
  const userDataDir = join(temporary, 'u');
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  writeFileSync(join(userDataDir, 'User', 'settings.json'), JSON.stringify(quietSettings));
  let failure: unknown;
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: module,
      launchArgs: [
        copyOfWorkspace(group.workspace, temporary),
        `--user-data-dir=${userDataDir}`,
        `--extensions-dir=${join(temporary, 'e')}`,
      ],
      extensionTestsEnv: {
        // Without what npm adds, so that `node` is the one functions run with on this machine.
        PATH: plainEnvironment()['PATH'],
        PORCHLIGHT_TEST_REPORT: report,
        PORCHLIGHT_DEBUG_ROUNDS: process.env['PORCHLIGHT_DEBUG_ROUNDS'],
        ...variables,
      },
    });
  } catch (error) {
    failure = error;
  }
  const result = readReport(report);
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  if (failure !== undefined && result.failed === 0) {
    const text = `The editor did not finish the suites ${group.files.join(', ')}: ${String(failure)}`;
    console.error(text);
    result.failed = 1;
    result.failures.push(text);
  }
  return result;
}

/** Suites may edit and save: they get a copy. A `.code-workspace` file brings its folder with it. */
function copyOfWorkspace(workspace: string, temporary: string): string {
  const source = join(root, workspace);
  const file = workspace.endsWith('.code-workspace') ? basename(workspace) : '';
  const folder = file ? join(source, '..') : source;
  const copy = join(temporary, basename(folder));
  cpSync(folder, copy, { recursive: true, filter: (path) => basename(path) !== '.porchlight' });
  return join(copy, file);
}

/** Counts the lines that the reporter of `runSuites` wrote, one per test. */
function readReport(path: string): LevelResult {
  const result = levelResult();
  if (!existsSync(path)) return result;
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const { status, name, reason } = JSON.parse(line) as ReportedTest;
    result[status]++;
    if (status !== 'failed') continue;
    result.failures.push(`${name}: ${reason}`);
    result.failedTests.push(name);
  }
  return result;
}
