import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { readLauncherArguments } from '../../editor/launcher/launcherArguments.ts';
import { workbenchUrl } from '../../editor/launcher/workbenchUrl.ts';

test('the arguments of @vscode/test-electron are understood, Electron’s own ignored', () => {
  const args = readLauncherArguments([
    ...['/w/my functions', '--user-data-dir=/t/u', '--extensions-dir=/t/e', '--disable-extensions'],
    ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--no-cached-data'],
    ...['--extensionTestsPath=/x/suite.cjs', '--extensionDevelopmentPath=/x', '--locale=zh-cn'],
  ]);
  assert.deepEqual(args, {
    extensionDevelopmentPaths: [resolve('/x')],
    extensionTestsPath: resolve('/x/suite.cjs'),
    userDataDir: resolve('/t/u'),
    extensionsDir: resolve('/t/e'),
    locale: 'zh-cn',
    workspace: resolve('/w/my functions'),
  });
});

test('without a test module the launcher says what it is for', () => {
  assert.throws(() => readLauncherArguments(['--extensionDevelopmentPath=/x']), /--extensionTestsPath/);
});

test('the address names workspace, extension and test module', { skip: process.platform === 'win32' }, () => {
  const args = readLauncherArguments([
    '/w/a b',
    '--extensionTestsPath=/x/s.cjs',
    '--extensionDevelopmentPath=/x',
  ]);
  const url = new URL(workbenchUrl('http://127.0.0.1:5', args));
  assert.equal(url.searchParams.get('folder'), '/w/a b');
  assert.deepEqual(JSON.parse(url.searchParams.get('payload') ?? ''), [
    ['extensionDevelopmentPath', 'vscode-remote://127.0.0.1:5/x'],
    ['extensionTestsPath', 'vscode-remote://127.0.0.1:5/x/s.cjs'],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ]);
  const multiRoot = readLauncherArguments([
    '/w/m.code-workspace',
    '--extensionTestsPath=/s',
    '--extensionDevelopmentPath=/x',
  ]);
  assert.match(workbenchUrl('http://127.0.0.1:5', multiRoot), /\?workspace=%2Fw%2Fm\.code-workspace&/);
});
