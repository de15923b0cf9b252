import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the launcher understands of the arguments of the desktop VS Code. */
export interface LauncherArguments {
  extensionDevelopmentPaths: string[];
  extensionTestsPath: string;
  userDataDir: string | undefined;
  extensionsDir: string | undefined;
  locale: string | undefined;
  /** A folder, or a `.code-workspace` file. */
  workspace: string | undefined;
}

/**
 * Reads the arguments as `@vscode/test-electron` gives them. Those that only matter to Electron (`--no-sandbox`,
 * `--disable-updates`, …) are ignored, and so is `--disable-extensions`, because the served editor has none but the
 * one under test when its extensions folder is empty.
 */
export function readLauncherArguments(args: string[]): LauncherArguments {
  const { values, positionals } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      locale: { type: 'string' },
    },
  });
  const path = (value: unknown) => (typeof value === 'string' ? resolve(value) : undefined);
  const tests = path(values['extensionTestsPath']);
  const development = [values['extensionDevelopmentPath'] ?? []]
    .flat()
    .filter((value) => typeof value === 'string');
  if (!tests || development.length === 0)
    throw new Error(
      'This launcher runs extension tests: --extensionDevelopmentPath and --extensionTestsPath are needed.',
    );
  return {
    extensionDevelopmentPaths: development.map((value) => resolve(value)),
    extensionTestsPath: tests,
    userDataDir: path(values['user-data-dir']),
    extensionsDir: path(values['extensions-dir']),
    locale: typeof values['locale'] === 'string' ? values['locale'] : undefined,
    workspace: path(positionals[0]),
  };
}
