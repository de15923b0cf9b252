import type * as vscode from 'vscode';
import type { EditorApi } from './editorApi.ts';

/** An entry of a pick list that stands for a value. */
export interface Choice<T> extends vscode.QuickPickItem {
  value?: T;
}

/** Every question and message to the user. Behind an interface, so that tests can answer. */
export interface Dialogs {
  pick<T>(
    choices: Choice<T>[] | Promise<Choice<T>[]>,
    options: vscode.QuickPickOptions,
  ): Promise<T | undefined>;
  input(options: vscode.InputBoxOptions): Promise<string | undefined>;
  openFile(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined>;
  /** A modal question; false when it was dismissed. */
  confirm(message: string, detail: string, action: string): Promise<boolean>;
  /** Messages do not block their caller: the chosen action, when there is one, arrives later. */
  info(message: string, ...actions: string[]): Promise<string | undefined>;
  warn(message: string, ...actions: string[]): Promise<string | undefined>;
  error(message: string, ...actions: string[]): Promise<string | undefined>;
  /** A passing remark in the status bar. */
  remark(message: string): void;
}

const remarkMs = 8000;

/** The editor's own dialogs. */
export function editorDialogs(api: Pick<EditorApi, 'window'>): Dialogs {
  const { window } = api;
  return {
    async pick<T>(choices: Choice<T>[] | Promise<Choice<T>[]>, options: vscode.QuickPickOptions) {
      const chosen = await window.showQuickPick(choices, options);
      return chosen?.value;
    },
    input: async (options) => window.showInputBox(options),
    openFile: async (options) => (await window.showOpenDialog({ ...options, canSelectMany: false }))?.[0],
    confirm: async (message, detail, action) =>
      (await window.showInformationMessage(message, { modal: true, detail }, action)) === action,
    info: async (message, ...actions) => window.showInformationMessage(message, ...actions),
    warn: async (message, ...actions) => window.showWarningMessage(message, ...actions),
    error: async (message, ...actions) => window.showErrorMessage(message, ...actions),
    remark: (message) => void window.setStatusBarMessage(message, remarkMs),
  };
}
