import {
  BulkRegistration,
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
  const { completion: proposals, hover, rename: renaming, documentSymbol, documentLink } = client ?? {};
  const bulk = BulkRegistration.create();
  if (proposals?.dynamicRegistration) bulk.add(CompletionRequest.type, { ...projectFiles, ...completion });
  if (hover?.dynamicRegistration) bulk.add(HoverRequest.type, projectFiles);
  if (renaming?.dynamicRegistration) bulk.add(RenameRequest.type, { ...named, ...rename });
  if (documentSymbol?.dynamicRegistration) bulk.add(DocumentSymbolRequest.type, projectFiles);
  if (documentLink?.dynamicRegistration) bulk.add(DocumentLinkRequest.type, projectFiles);
  const features = [proposals, hover, renaming, documentSymbol, documentLink];
  if (features.some((each) => each?.dynamicRegistration)) await registrations.register(bulk);
}
