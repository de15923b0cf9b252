import type { FromPage, PageLoad } from '../messages.ts';
import type { Viewport } from '../chart/viewport.ts';

/** What is remembered while the page is hidden, which ends it. */
export interface PageState {
  view?: Viewport;
  follow: boolean;
  /** The folder it is about: the editor asks for it when it brings the page back. */
  folder?: string;
  only?: string | undefined;
  shown: 'lanes' | 'table';
  table: 'invocations' | 'instances';
  tab: 'load' | 'durations' | 'memory';
  load: Partial<PageLoad>;
}

/** What the editor gives a page; https://code.visualstudio.com/api/extension-guides/webview. */
interface EditorOfPage {
  postMessage(message: FromPage): void;
  getState(): Partial<PageState> | undefined;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): EditorOfPage;

/** May be asked for once. */
export const editor = acquireVsCodeApi();

/** The state as it was left, and the way to change it. */
export class RememberedState {
  readonly value: PageState = {
    follow: true,
    shown: 'lanes',
    table: 'invocations',
    tab: 'load',
    load: {},
    ...editor.getState(),
  };

  set(change: Partial<PageState>): void {
    Object.assign(this.value, change);
    editor.setState(this.value);
  }
}
