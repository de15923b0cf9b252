import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { settingIds } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { Setting } from '../editor/setting.ts';

/** What is shown behind source lines. */
export const inlineModes = ['all', 'errors', 'off'] as const;
export type InlineMode = (typeof inlineModes)[number];

/** Which values are shown behind source lines, observable. The switch of earlier versions counts while this is not set. */
export class InlineSetting implements Disposable {
  readonly #show: Setting<InlineMode | null>;
  readonly #enabled: Setting<boolean>;
  readonly #changed: Emitter<InlineMode>;
  readonly #store = new DisposableStore();

  constructor(api: Pick<EditorApi, 'workspace'>) {
    this.#show = this.#store.add(new Setting<InlineMode | null>(api, settingIds.inlineLogs, null, true));
    this.#enabled = this.#store.add(new Setting(api, settingIds.inlineLogsFormer, true));
    this.#changed = this.#store.add(new Emitter<InlineMode>());
    for (const setting of [this.#show, this.#enabled] as { onDidChange: Event<unknown> }[]) {
      this.#store.add(setting.onDidChange(() => this.#changed.fire(this.value)));
    }
  }

  get value(): InlineMode {
    const mode = this.#show.value;
    // Settings are edited by hand: any other word is as if nothing were set.
    if (mode !== null && inlineModes.includes(mode)) return mode;
    return this.#enabled.value ? 'all' : 'off';
  }

  get onDidChange(): Event<InlineMode> {
    return this.#changed.event;
  }

  /** Writes the user's setting. */
  update(mode: InlineMode): Promise<void> {
    return this.#show.update(mode);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
