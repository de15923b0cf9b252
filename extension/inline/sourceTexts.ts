import type * as vscode from 'vscode';
import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { forgetOldest } from '../../runtime/support/forgetOldest.ts';
import { Batch } from '../editor/batch.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { MirrorChange } from '../hostClient/hostMirror.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/** A text that does not change; compared by identity where that is enough. */
export class SourceText {
  readonly text: string;
  #lines: readonly string[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get lines(): readonly string[] {
    return (this.#lines ??= this.text.split(/\r\n|\r|\n/));
  }
}

/** The text an invocation ran, as far as this window can tell. */
export interface RanText {
  source: SourceText;
  /** Whether it is known; otherwise it is the one that was seen first, and its lines may be others. */
  certain: boolean;
}

const settleMs = 100;

/** Versions of the code whose texts are remembered, and texts that stand in for unknown ones. */
const mostVersions = 30;
const mostGuesses = 100;

/**
 * Texts of open files: as they are on disk, and as each version of the code had them. A version is met when a function
 * is built or invoked; the files of that moment are its own.
 */
export class SourceTexts implements Disposable {
  readonly #normalize: (path: string) => string;
  /** `at`: since when it has been so on disk, as far as seen; milliseconds since the epoch. */
  readonly #saved = new Map<string, { source: SourceText; at: number }>();
  readonly #versions = new Map<string, Map<string, SourceText>>();
  readonly #guesses = new Map<string, SourceText>();
  /** The last version seen of each function. */
  readonly #current = new Map<string, string | undefined>();
  readonly #store = new DisposableStore();
  readonly #changed: Emitter<void>;

  constructor(
    { workspace }: Pick<EditorApi, 'workspace'>,
    hosts: Hosts,
    normalize: (path: string) => string,
    clock: Pick<Clock, 'after' | 'epochMs'>,
  ) {
    this.#normalize = normalize;
    this.#changed = this.#store.add(new Emitter<void>());
    const reloaded = this.#store.add(
      new Batch<vscode.TextDocument>(clock, settleMs, (documents) => {
        for (const document of documents) this.#keepSaved(document, clock.epochMs());
      }),
    );
    for (const document of workspace.textDocuments) this.#keepSaved(document, 0);
    this.#store.add(workspace.onDidOpenTextDocument((document) => this.#keepSaved(document, 0)));
    this.#store.add(
      workspace.onDidSaveTextDocument((document) => this.#keepSaved(document, clock.epochMs())),
    );
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // An edit was undone as far as to what is on disk.
        if (contentChanges.length === 0) this.#keepSaved(document, clock.epochMs());
        // Changed elsewhere, if it stays so: the editor tells of an edit before it calls the document dirty.
        else if (!document.isDirty) reloaded.add(document);
      }),
    );
    this.#store.add(workspace.onDidCloseTextDocument(({ uri }) => this.#saved.delete(normalize(uri.fsPath))));
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'mirror') this.#mirrorChanged(change.host, change.change);
      }),
    );
  }

  /** Files or versions of the code are others than before. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The text on disk, as far as it was seen. */
  saved(document: vscode.TextDocument): SourceText | undefined {
    if (!document.isDirty && !this.#saved.has(this.#normalize(document.uri.fsPath)))
      this.#keepSaved(document, 0);
    return this.#saved.get(this.#normalize(document.uri.fsPath))?.source;
  }

  /** The text of a file when an invocation ran it. */
  ran(document: vscode.TextDocument, host: FolderHost, summary: InvocationSummary): RanText {
    const path = this.#normalize(document.uri.fsPath);
    const version = this.#versions.get(summary.artifact);
    const known = version?.get(path);
    this.saved(document);
    const saved = this.#saved.get(path);
    const isCurrent = currentVersion(host, summary.function) === summary.artifact;
    if (isCurrent && saved && saved.at <= summary.receivedAt) {
      // It may differ from what is known: a comment makes no other version of the code.
      if (!known) this.#keepVersion(summary.artifact).set(path, saved.source);
      return { source: saved.source, certain: true };
    }
    if (known) return { source: known, certain: true };
    return { source: this.#guess(`${summary.artifact}\n${path}`, document), certain: false };
  }

  #guess(key: string, document: vscode.TextDocument): SourceText {
    let source = this.#guesses.get(key);
    if (!source) {
      source = this.saved(document) ?? new SourceText(document.getText());
      this.#guesses.set(key, source);
      forgetOldest(this.#guesses, mostGuesses);
    }
    return source;
  }

  #keepSaved(document: vscode.TextDocument, at: number): void {
    if (document.isDirty || document.uri.scheme !== 'file') return;
    const path = this.#normalize(document.uri.fsPath);
    const text = document.getText();
    const known = this.#saved.get(path);
    if (known?.source.text === text) return;
    // A file that has just been opened has been so for a while.
    this.#saved.set(path, { source: new SourceText(text), at });
    if (known) this.#changed.fire();
  }

  #mirrorChanged(host: FolderHost, change: MirrorChange): void {
    if (change.kind === 'function') this.#meet(host, change.name);
    if (change.kind === 'functions') for (const { name } of host.mirror.functions) this.#meet(host, name);
    if (change.kind !== 'invocation') return;
    const summary = host.mirror.invocation(change.id);
    if (!summary || summary.artifact === '' || this.#versions.has(summary.artifact)) return;
    // The state of the build may be told a moment later; another version that is known is the one of now.
    const current = currentVersion(host, summary.function);
    if (current === undefined || current === summary.artifact) this.#keepVersion(summary.artifact);
  }

  #meet(host: FolderHost, name: string): void {
    const version = currentVersion(host, name);
    const key = `${host.folder.path}\n${name}`;
    if (version === this.#current.get(key)) return;
    this.#current.set(key, version);
    if (version !== undefined) this.#keepVersion(version);
    this.#changed.fire();
  }

  /** The files of a version; when it is met for the first time, those of now. */
  #keepVersion(artifact: string): Map<string, SourceText> {
    const known = this.#versions.get(artifact);
    if (known) return known;
    const files = new Map([...this.#saved].map(([path, { source }]) => [path, source]));
    this.#versions.set(artifact, files);
    forgetOldest(this.#versions, mostVersions);
    return files;
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** The version that a new call would run; undefined while that is not known. */
function currentVersion(host: FolderHost, name: string): string | undefined {
  const build = host.mirror.function(name)?.build;
  if (build?.state === 'ready') return build.artifact;
  return build?.state === 'failed' ? build.serving : undefined;
}
