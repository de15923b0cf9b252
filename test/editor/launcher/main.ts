import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../../scripts/editor/chromium.ts';
import { Deferred } from '../../../runtime/support/deferred.ts';
import { startEditorServer } from '../../../scripts/editor/editorServer.ts';
import { root } from '../../../scripts/setup.mjs';
import { readLauncherArguments } from './launcherArguments.ts';
import { followFile } from './followFile.ts';
import { keepEvidence } from '../../support/evidence.ts';
import { workbenchUrl } from './workbenchUrl.ts';

/** Ends the launcher by its own hand when a suite hangs; PORCHLIGHT_EDITOR_TIMEOUT is in seconds. */
const timeoutSeconds = Number(process.env['PORCHLIGHT_EDITOR_TIMEOUT'] ?? 600);

/**
 * Runs extension tests in the browser-served VS Code: the workbench is opened with the extension and its test module
 * named in the address, and calls `codeAutomationExit` when the test module's `run` has settled.
 */
async function run(cleanUp: (() => void | Promise<void>)[]): Promise<number> {
  const args = readLauncherArguments(process.argv.slice(2));
  const executablePath = findChromium();
  const temporary = mkdtempSync(join(tmpdir(), 'porchlight-editor-'));
  cleanUp.push(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const log = process.env['PORCHLIGHT_TEST_LOG'] ?? join(temporary, 'tests.log');
  const stopFollowing = followFile(log, process.stdout);
  cleanUp.push(stopFollowing);
  const interrupted = interruption();
  const server = await startEditorServer({
    userDataDir: args.userDataDir ?? join(temporary, 'u'),
    extensionsDir: args.extensionsDir ?? join(temporary, 'e'),
    offline: true,
    settings: {},
    // What runTests was given as extensionTestsEnv has come to us as our own environment.
    env: { PORCHLIGHT_TEST_LOG: log },
    vscodeOptions: ['enable-smoke-test-driver'],
    serverArguments: args.locale ? ['--locale', args.locale] : [],
  });
  cleanUp.push(() => server.stop());
  const browser = await chromium.launch({
    executablePath,
    args: chromiumArguments,
    // An interrupt is ours to handle: the server has to go too.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  cleanUp.push(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  const renderer: string[] = [];
  // The workbench reports the suite's end, and its own log, through these two functions of the page.
  const finished = new Deferred<number>();
  await page.exposeFunction('codeAutomationExit', (code: number) => finished.resolve(code));
  await page.exposeFunction('codeAutomationLog', (level: string, args: unknown[]) => {
    renderer.push(
      `[${level}] ${args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ')}`,
    );
  });
  await page.goto(workbenchUrl(server.url, args));
  const outcome = await Promise.race([
    finished.promise,
    server.exited.then((code) => `the editor's server ended with code ${code}`),
    new Promise<string>((resolve) => page.once('crash', () => resolve('the browser page crashed'))),
    interrupted,
    new Promise<string>((resolve) =>
      setTimeout(resolve, timeoutSeconds * 1000, `no end after ${timeoutSeconds} s`).unref(),
    ),
  ]);
  stopFollowing();
  if (outcome === 0) return 0;
  if (typeof outcome === 'string') console.error(`Editor tests stopped: ${outcome}.`);
  const name = `editor-${basename(args.extensionTestsPath).replace(/\.\w+$/, '')}`;
  const folder = join(root, 'test-results');
  mkdirSync(folder, { recursive: true });
  const kept = await keepEvidence(folder, name, page, {
    server: server.log(),
    renderer: renderer.join('\n'),
  });
  console.error(`Kept for a closer look: ${kept.join(', ')}`);
  return typeof outcome === 'number' ? outcome : 1;
}

function interruption(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(`interrupted by ${signal}`));
  });
}

const cleanUp: (() => void | Promise<void>)[] = [];
let exitCode = 1;
try {
  exitCode = await run(cleanUp);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
// In reverse order of creation; each step runs whatever became of the others.
for (const step of cleanUp.reverse()) {
  try {
    await step();
  } catch (error) {
    console.error(error);
    exitCode = 1;
  }
}
process.exit(exitCode);
