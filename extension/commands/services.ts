import type * as vscode from 'vscode';
import type { CommandId } from '../contributions/ids.ts';
import type { Dialogs } from '../editor/dialogs.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { ReadOnlyDocuments } from '../editor/readOnlyDocuments.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { InlineSetting } from '../presentation/inlineSetting.ts';
import type { InvocationFilter } from '../presentation/invocationFilter.ts';
import type { InvocationSelection } from '../presentation/invocationSelection.ts';
import type { Timelines } from '../timeline/timelines.ts';
import type { CompareSelection } from './compareSelection.ts';

/** What commands work with. */
export interface CommandServices {
  api: EditorApi;
  dialogs: Dialogs;
  hosts: Hosts;
  selection: InvocationSelection;
  filter: InvocationFilter;
  documents: ReadOnlyDocuments;
  inlineLogs: InlineSetting;
  /** What a line of an open file printed in the invocation that is shown there, oldest first; lines count from 0. */
  loggedValues: (file: string, line: number) => string[];
  compare: CompareSelection;
  timelines: Pick<Timelines, 'show'>;
  log: Pick<vscode.LogOutputChannel, 'show' | 'info' | 'error'>;
  /** A channel for what others write, by its title; the same for the same title. */
  logChannel: (title: string) => Pick<vscode.OutputChannel, 'show' | 'appendLine'>;
  /** What is remembered per workspace. */
  state: vscode.Memento;
  /** What is remembered in all windows. */
  globalState: vscode.Memento;
  /** Folder of what is shipped. */
  extensionUri: vscode.Uri;
  /** Whether the user sees the Invocations view. */
  invocationsVisible: () => boolean;
  loadMoreInvocations: () => Promise<void>;
  /** Whether instances of a function are debugged now. */
  isDebugged: (host: FolderHost, name: string) => boolean;
  /** Debugs a function, in the session there is or in a new one. */
  debugFunction: (host: FolderHost, name: string) => Promise<void>;
}

/** One command: what it does, and what it does while no host runs. */
export interface Command {
  id: CommandId;
  /**
   * `starts`: starts the host first, which needs a trusted workspace. `works`: does without. `asks`: needs a host that
   * runs, since what it acts on went with the host.
   */
  whenDown: 'starts' | 'works' | 'asks';
  /** Rows of a tree also get all that are selected. */
  create(services: CommandServices): (argument?: unknown, selected?: unknown) => unknown;
}
