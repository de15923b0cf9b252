import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  CodeLensRequest,
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { commandIds, internalCommandIds } from '../contributions/ids.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { explainRule } from './explainRule.ts';
import { tellImportCosts } from './importCosts.ts';
import { environmentFilePatterns, projectFilePattern, type LanguageOptions } from './messages.ts';
import { withSummaries, type Summaries } from './summaries.ts';

/** The running language client. */
export interface LanguageService {
  /** The server has answered its first request. Rejects when it does not start. */
  readonly ready: Promise<void>;
  /** Asks the server to end, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts the language server for project files and handlers. It runs in the editor's own Node, reads files and runs
 * none, so it also works in an untrusted workspace. Ends with the extension.
 */
export function startLanguage(
  context: Pick<vscode.ExtensionContext, 'asAbsolutePath' | 'subscriptions' | 'globalStorageUri'>,
  log: vscode.LogOutputChannel,
  summaries: Summaries & { onDidChange(listener: () => void): Disposable },
  hosts: Pick<Hosts, 'all' | 'onDidChange'>,
): LanguageService {
  const client = new LanguageClient(
    'porchlight',
    'Porchlight',
    serverOptions(context),
    clientOptions(context, log, summaries),
  );
  const ready = client.start();
  ready.catch((error: unknown) => {
    log.error(vscode.l10n.t('The language server did not start: {0}', String(error)));
  });
  const stop = async (): Promise<void> => {
    // A client that is still starting refuses to stop; one that failed has nothing to stop.
    await ready.then(
      () => client.dispose(),
      () => {},
    );
  };
  // The editor asks for the lenses of all files in sight, whichever of them is told to have changed.
  const refresh = summaries.onDidChange(() => {
    for (const { document } of vscode.window.visibleTextEditors) {
      const feature = client.getFeature(CodeLensRequest.method);
      const provider = client.isRunning() ? feature.getProvider(document) : undefined;
      if (provider) return provider.onDidChangeCodeLensEmitter.fire();
    }
  });
  const costs = tellImportCosts(hosts, client, ready);
  const explain = vscode.commands.registerCommand(internalCommandIds.explainRule, (rule?: unknown) =>
    explainRule(vscode, context, rule),
  );
  context.subscriptions.push(refresh, costs, explain, { dispose: () => void stop() });
  return { ready, stop };
}

function serverOptions(
  context: Pick<vscode.ExtensionContext, 'asAbsolutePath' | 'globalStorageUri'>,
): ServerOptions {
  // The TypeScript parser is large: compiled once, it is there in a fraction of the time with every later window.
  const env = { NODE_COMPILE_CACHE: join(context.globalStorageUri.fsPath, 'compiled') };
  const server = { module: context.asAbsolutePath('dist/server.cjs'), transport: TransportKind.ipc } as const;
  return {
    run: { ...server, options: { env } },
    debug: { ...server, options: { env, execArgv: ['--nolazy', '--inspect=127.0.0.1:6009'] } },
  };
}

function clientOptions(
  context: Pick<vscode.ExtensionContext, 'asAbsolutePath'>,
  log: vscode.LogOutputChannel,
  summaries: Summaries,
): LanguageClientOptions {
  const languages = ['typescript', 'javascript', 'typescriptreact', 'javascriptreact', 'python', 'php'];
  return {
    documentSelector: [
      { scheme: 'file', pattern: projectFilePattern },
      ...environmentFilePatterns.map((pattern) => ({ scheme: 'file', pattern })),
      ...languages.map((language) => ({ scheme: 'file', language })),
    ],
    initializationOptions: {
      ...languageOptions(),
      rulePages: vscode.Uri.file(context.asAbsolutePath('docs/rules')).toString(),
    } satisfies LanguageOptions,
    outputChannel: log,
    middleware: {
      provideCodeLenses: async (document, token, next) =>
        withSummaries((await next(document, token)) ?? [], commandIds.deploy, summaries, vscode.CodeLens),
    },
  };
}

function languageOptions(): LanguageOptions {
  return {
    commands: {
      invoke: commandIds.invoke,
      debug: commandIds.debugInvoke,
      deploy: commandIds.deploy,
      explainRule: internalCommandIds.explainRule,
      suggest: 'editor.action.triggerSuggest',
      reveal: 'revealInExplorer',
    },
  };
}
