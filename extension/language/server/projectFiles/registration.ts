import {
  CompletionRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  HoverRequest,
  RenameRequest,
  type ClientCapabilities,
  type Connection,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import { environmentFilePatterns, projectFilePattern } from '../../messages.ts';

/*
 * The server also looks at code, where what is said here would be in the way of the language's own tools: a space there would
 * ask for proposals, and a renaming would wait for us. Therefore these features are registered for their files alone, with
 * clients that can do that.
 */

const inFiles = (patterns: readonly string[]) => ({
  documentSelector: patterns.map((pattern) => ({ scheme: 'file', pattern })),
});

const projectFiles = inFiles([projectFilePattern]);
const named = inFiles([projectFilePattern, ...environmentFilePatterns]);

const completion = { triggerCharacters: [':', ' ', '-', '"', "'", '/', '.', '{', '[', ','] };
const rename = { prepareProvider: true };

/** What the server says at once that it can do with project files. */
export function projectFileCapabilities({ textDocument: client }: ClientCapabilities): ServerCapabilities {
  return {
    referencesProvider: true,
    ...(!client?.completion?.dynamicRegistration && { completionProvider: completion }),
    ...(!client?.hover?.dynamicRegistration && { hoverProvider: true }),
    ...(!client?.rename?.dynamicRegistration && { renameProvider: rename }),
    ...(!client?.documentSymbol?.dynamicRegistration && { documentSymbolProvider: true }),
    ...(!client?.documentLink?.dynamicRegistration && { documentLinkProvider: {} }),
  };
}

/** Registers the other features for the files they are for. Rejects when the client is gone. */
export async function registerProjectFiles(
  { client: registrations }: Pick<Connection, 'client'>,
  { textDocument: client }: ClientCapabilities,
): Promise<void> {
  if (client?.completion?.dynamicRegistration)
    await registrations.register(CompletionRequest.type, { ...projectFiles, ...completion });
  if (client?.hover?.dynamicRegistration) await registrations.register(HoverRequest.type, projectFiles);
  if (client?.rename?.dynamicRegistration)
    await registrations.register(RenameRequest.type, { ...named, ...rename });
  if (client?.documentSymbol?.dynamicRegistration)
    await registrations.register(DocumentSymbolRequest.type, projectFiles);
  if (client?.documentLink?.dynamicRegistration)
    await registrations.register(DocumentLinkRequest.type, projectFiles);
}
