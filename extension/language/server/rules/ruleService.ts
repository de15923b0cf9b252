import {
  DidChangeConfigurationNotification,
  type Connection,
  type Diagnostic,
  type InitializeParams,
} from 'vscode-languageserver/node';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { importCostsMethod, rulesSection, type ImportCostsParams } from '../../messages.ts';
import type { HandlerFinder } from '../handlers.ts';
import { toUri } from '../paths.ts';
import type { FolderState } from '../workspace.ts';
import { ruleDiagnostics } from './ruleDiagnostics.ts';
import { readLevels, type RuleId, type RuleLevel } from './ruleIds.ts';

/** The rules as one editor window wants them: levels by folder, measured imports, and diagnostics of open files. */
export class RuleService {
  readonly #connection: Connection;
  readonly #files: FileLookup;
  readonly #finder: HandlerFinder;
  readonly #changed: () => void;
  readonly #levels = new Map<string, Record<RuleId, RuleLevel>>();
  readonly #costs = new Map<string, ReadonlyMap<string, number>>();

  constructor(connection: Connection, files: FileLookup, finder: HandlerFinder, changed: () => void) {
    this.#connection = connection;
    this.#files = files;
    this.#finder = finder;
    this.#changed = changed;
    connection.onNotification(importCostsMethod, (params: unknown) => this.#measured(params));
  }

  /** Follows the settings, when the client tells of them. */
  follow(client: InitializeParams['capabilities'], roots: () => string[]): void {
    const { configuration, didChangeConfiguration } = client.workspace ?? {};
    if (!configuration) return;
    const read = (): void => void this.#readLevels(roots());
    this.#connection.onDidChangeConfiguration(read);
    if (didChangeConfiguration?.dynamicRegistration) {
      const { type } = DidChangeConfigurationNotification;
      void this.#connection.client.register(type, { section: rulesSection });
    }
    read();
  }

  /** What the rules say of an open file. A fault of ours in one file must not take the others' diagnostics with it. */
  diagnostics(state: FolderState, file: string, pages: string | undefined): Diagnostic[] {
    const costs = (name: string): ReadonlyMap<string, number> =>
      this.#costs.get(key(state.root, name)) ?? none;
    const options = {
      levels: this.#levels.get(state.root) ?? readLevels(undefined),
      pages,
      importCosts: costs,
    };
    try {
      return ruleDiagnostics(state, file, this.#finder, this.#files, options);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#connection.console.error(`Rules could not look at ${file}: ${detail}`);
      return [];
    }
  }

  async #readLevels(roots: string[]): Promise<void> {
    try {
      const items = roots.map((root) => ({ scopeUri: toUri(root), section: rulesSection }));
      const settings = (await this.#connection.workspace.getConfiguration(items)) as unknown[];
      roots.forEach((root, i) => this.#levels.set(root, readLevels(settings[i])));
      this.#changed();
    } catch (error) {
      this.#connection.console.warn(`Settings of the rules could not be read: ${String(error)}`);
    }
  }

  #measured(params: unknown): void {
    const { folder, function: name, packages } = (params ?? {}) as Partial<ImportCostsParams>;
    if (typeof folder !== 'string' || typeof name !== 'string' || !packages) return;
    const entries = Object.entries(packages).filter(([, cost]) => typeof cost === 'number');
    this.#costs.set(key(folder, name), new Map(entries));
    this.#changed();
  }
}

const none: ReadonlyMap<string, number> = new Map();
const key = (folder: string, name: string): string => `${folder}\0${name}`;
