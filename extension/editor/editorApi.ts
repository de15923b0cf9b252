import type * as vscode from 'vscode';

/**
 * The editor's API as a value. Everything but the entry file gets it passed in, so that tests run without an editor;
 * other files import it for types only.
 */
export type EditorApi = typeof vscode;
