import * as vscode from 'vscode';
import {
  CodeLensRequest,
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { commandIds } from '../contributions/ids.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
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
  context: Pick<vscode.ExtensionContext, 'asAbsolutePath' | 'subscriptions'>,
  log: vscode.LogOutputChannel,
  summaries: Summaries & { onDidChange(listener: () => void): Disposable },
): LanguageService {
  const client = new LanguageClient(
    'porchlight',
    'Porchlight',
    serverOptions(context),
    clientOptions(log, summaries),
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
  context.subscriptions.push(refresh, { dispose: () => void stop() });
  return { ready, stop };
}

function serverOptions(context: Pick<vscode.ExtensionContext, 'asAbsolutePath'>): ServerOptions {
  const server = { module: context.asAbsolutePath('dist/server.cjs'), transport: TransportKind.ipc } as const;
  return {
    run: server,
    debug: { ...server, options: { execArgv: ['--nolazy', '--inspect=127.0.0.1:6009'] } },
  };
}

function clientOptions(log: vscode.LogOutputChannel, summaries: Summaries): LanguageClientOptions {
  const languages = ['typescript', 'javascript', 'typescriptreact', 'javascriptreact', 'python', 'php'];
  return {
    documentSelector: [
      { scheme: 'file', pattern: projectFilePattern },
      ...environmentFilePatterns.map((pattern) => ({ scheme: 'file', pattern })),
      ...languages.map((language) => ({ scheme: 'file', language })),
    ],
    initializationOptions: languageOptions(),
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
      suggest: 'editor.action.triggerSuggest',
      reveal: 'revealInExplorer',
    },
    texts: {
      invoke: vscode.l10n.t('Invoke'),
      debug: vscode.l10n.t('Debug'),
      invokeNamed: vscode.l10n.t('Invoke {0}', '{0}'),
      debugNamed: vscode.l10n.t('Debug {0}', '{0}'),
      deploy: vscode.l10n.t('Deploy'),
      deployNamed: vscode.l10n.t('Deploy {0}', '{0}'),
      changeTo: vscode.l10n.t('Change to "{0}"', '{0}'),
    },
  };
}
