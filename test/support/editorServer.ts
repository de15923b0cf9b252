import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../scripts/editor/chromium.ts';
import { installVsix, startEditorServer, type EditorServer } from '../../scripts/editor/editorServer.ts';
import { windowUrl } from '../../scripts/editor/windowUrl.ts';
import { root } from '../../scripts/setup.mjs';
import { processTree } from '../../scripts/support/processes.ts';
import { keepEvidence } from './evidence.ts';
import { Workbench } from './workbench.ts';

/** An editor window for a test of the user interface. */
export interface OpenEditorOptions {
  /** Name of screenshots and logs under test-results/. */
  name: string;
  /** The folder, or `.code-workspace` file, to open; without one, an empty window. Give a copy: the editor may write into it. */
  folder?: string;
  /** The package under test; by default the one that PORCHLIGHT_VSIX names, which `npm run test:ui` has just made. */
  vsix?: string;
  /** A folder with an extension, linked instead of installing a package. */
  extensionFolder?: string;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  /** Language of the window, such as `zh-cn`; English when absent. */
  locale?: string;
  /** Seconds that the extension host outlives a closed window; 10 by default. */
  reconnectionGrace?: number;
}

/** The context of a `node:test` test; `passed` is not among the types of Node 20. */
export interface FinishedTest {
  readonly name: string;
  readonly passed?: boolean;
}

/** A served editor with one browser window on it, without any test driver inside. */
export interface OpenEditor {
  page: Page;
  workbench: Workbench;
  url: string;
  serverPid: number;
  userDataDir: string;
  /** Undefined while no window is connected. */
  extensionHostPid(): number | undefined;
  /** For an `afterEach`: keeps screenshot and logs when the test failed. */
  keepOnFailure(test: FinishedTest): Promise<void>;
  /** Saves a screenshot as test-results/<name>-<label>.png; returns its path. */
  screenshot(label: string): Promise<string>;
  /**
   * Closes browser and server and removes their folders; fit to be called twice. Given a test that failed, keeps
   * screenshot and logs first.
   */
  stop(test?: FinishedTest): Promise<void>;
}

const results = join(root, 'test-results');

/** Starts a fresh editor and waits until its window is drawn. */
export async function openEditor(options: OpenEditorOptions): Promise<OpenEditor> {
  const temporary = mkdtempSync(join(tmpdir(), 'porchlight-ui-'));
  const folders = { userDataDir: join(temporary, 'u'), extensionsDir: join(temporary, 'e') };
  const started: { server?: EditorServer; browser?: Browser } = {};
  const stop = async () => {
    await started.browser?.close();
    await started.server?.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const executablePath = findChromium();
    if (!options.extensionFolder) installVsix(options.vsix ?? vsixUnderTest(), folders);
    const server = await startEditorServer({
      ...folders,
      offline: true,
      settings: options.settings ?? {},
      env: options.env ?? {},
      reconnectionGrace: options.reconnectionGrace ?? 10,
      serverArguments: options.locale ? [`--locale=${options.locale}`] : [],
      prepare: () => {
        if (options.locale) placeLanguage(folders.userDataDir, options.locale);
        if (options.extensionFolder)
          symlinkSync(options.extensionFolder, join(folders.extensionsDir, 'extension'), 'junction');
      },
    });
    started.server = server;
    const browser = await chromium.launch({ executablePath, args: chromiumArguments });
    started.browser = browser;
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      colorScheme: 'dark',
      ...(options.locale && { locale: options.locale }),
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    const page = await context.newPage();
    const messages: string[] = [];
    page.on('console', (message) => messages.push(`[${message.type()}] ${message.text()}`));
    const workbench = new Workbench(page);
    const logs = () => ({ server: server.log(), browser: messages.join('\n') });
    try {
      await page.goto(options.folder ? windowUrl(server.url, options.folder) : `${server.url}/?ew=true`);
      await workbench.drawn();
    } catch (error) {
      await keepEvidence(results, options.name, page, logs());
      throw error;
    }
    const keepOnFailure: OpenEditor['keepOnFailure'] = async (test) => {
      if (test.passed) return;
      const kept = await keepEvidence(results, `${options.name}-${fileName(test.name)}`, page, logs());
      console.error(`Kept for a closer look: ${kept.join(', ')}`);
    };
    return {
      page,
      workbench,
      url: server.url,
      serverPid: server.pid,
      userDataDir: folders.userDataDir,
      extensionHostPid: () =>
        processTree(server.pid).find((entry) => entry.command.includes('--type=extensionHost'))?.pid,
      keepOnFailure,
      screenshot: async (label) => {
        const path = join(results, `${options.name}-${fileName(label)}.png`);
        await page.screenshot({ path });
        return path;
      },
      stop: async (test) => {
        if (test) await keepOnFailure(test);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A language pack without a word in it: the editor itself stays English, but takes the language for its own and shows
 * extensions in it.
 */
function placeLanguage(userDataDir: string, locale: string): void {
  const translations = join(userDataDir, 'language.json');
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'empty',
    label: locale,
    extensions: [{ extensionIdentifier: { id: 'porchlight.language' }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  writeFileSync(join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

function vsixUnderTest(): string {
  const path = process.env['PORCHLIGHT_VSIX'];
  if (!path) throw new Error('PORCHLIGHT_VSIX names no package. Run these tests with `npm run test:ui`.');
  return path;
}

function fileName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60);
}
