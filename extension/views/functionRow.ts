import type { FunctionState, InstanceState } from '../../runtime/protocol/control/state.ts';
import { commandIds, internalCommandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import {
  functionDescription,
  functionTooltip,
  instanceDescription,
  instancesText,
  limitsText,
  processText,
  statisticsText,
  triggerText,
} from '../presentation/functionText.ts';
import { oneLine } from '../presentation/invocationText.ts';
import { instanceIcon, instanceWord } from '../presentation/words.ts';
import { placeText } from '../presentation/place.ts';
import { leaf, type Row, type RowContent } from './row.ts';
import { triggerRow } from './triggerRow.ts';
import { localized } from '../../runtime/model/errors.ts';

/** One function and what lives of it. */
export class FunctionRow implements Row {
  readonly id: string;
  readonly parent: Row | undefined;
  readonly argument: { function: string; folder: string };
  #host: FolderHost;
  #state: FunctionState;
  #now: () => number;
  #instances = new Map<string, InstanceRow>();

  constructor(host: FolderHost, state: FunctionState, parent: Row | undefined, now: () => number) {
    this.id = `function:${host.folder.path}:${state.name}`;
    this.parent = parent;
    this.argument = { function: state.name, folder: host.folder.path };
    this.#host = host;
    this.#state = state;
    this.#now = now;
  }

  /** The latest word of the host; redraw afterwards. */
  update(state: FunctionState): void {
    this.#state = state;
  }

  /** Rows of live instances that count down. */
  get countingDown(): Row[] {
    return [...this.#instances.values()].filter((row) => row.countsDown);
  }

  content(): RowContent {
    const state = this.#state;
    const live = state.instances.some((instance) => instance.phase !== 'prewarmed');
    const description = functionDescription(state);
    return {
      label: state.name,
      description,
      icon:
        state.build.state === 'failed'
          ? { id: 'error', color: 'list.errorForeground' }
          : live
            ? { id: 'lightbulb', color: 'charts.yellow' }
            : { id: 'lightbulb', color: 'disabledForeground' },
      tooltip: functionTooltip(state),
      context: `function ${state.process.model}${state.urls.http.length > 0 ? ' http' : ''}`,
      spoken: l10n.t('Function {0}: {1}', state.name, description.replaceAll(' · ', ', ')),
    };
  }

  expansion(): 'collapsed' {
    return 'collapsed';
  }

  children(): Row[] {
    const state = this.#state;
    const rows: Row[] = [];
    if (state.build.state === 'failed') rows.push(this.#buildFailure(state.build));
    rows.push(this.#handler(), this.#process(), leaf(this, 'limits', this.#limits()), this.#statistics());
    for (const [index, url] of state.urls.http.entries()) rows.push(this.#url(url, index));
    const triggers = this.#host.mirror.triggers(state.name).filter(({ kind }) => kind !== 'http');
    rows.push(...triggers.map((trigger) => triggerRow(this, trigger, this.#now())));
    // Without a host nothing is known of them but what the project says.
    for (const [index, trigger] of (triggers.length > 0 ? [] : state.triggers).entries()) {
      if (trigger.kind === 'http') continue;
      rows.push(
        leaf(this, `trigger${index}`, {
          label: l10n.t('Trigger'),
          description: triggerText(trigger),
          icon: { id: 'calendar' },
        }),
      );
    }
    return [...rows, ...this.#instanceRows()];
  }

  #buildFailure(build: Extract<FunctionState['build'], { state: 'failed' }>): Row {
    return leaf(this, 'build', {
      label: l10n.t('Build failed'),
      description: oneLine(localized(build), 120),
      icon: { id: 'error', color: 'list.errorForeground' },
      tooltip: localized(build),
      ...(build.at
        ? {
            command: {
              id: internalCommandIds.openSource,
              title: l10n.t('Open Source'),
              argument: { position: build.at },
            },
          }
        : {}),
    });
  }

  #handler(): Row {
    const { handler, entryFile } = this.#state;
    return leaf(this, 'handler', {
      label: l10n.t('Handler'),
      description: entryFile
        ? `${handler} · ${placeText({ file: entryFile, line: 0, column: 0 }).replace(/:0$/, '')}`
        : handler,
      icon: { id: 'go-to-file' },
      tooltip: l10n.t('Opens the code'),
      command: { id: commandIds.openHandler, title: l10n.t('Open Handler'), argument: this.argument },
    });
  }

  #process(): Row {
    const { model } = this.#state.process;
    return leaf(
      this,
      'process',
      {
        label: l10n.t('Process'),
        description: processText(this.#state),
        icon: { id: model === 'resident' ? 'home' : 'refresh' },
        context: `process ${model}`,
      },
      this.argument,
    );
  }

  #limits(): RowContent {
    return { label: l10n.t('Limits'), description: limitsText(this.#state), icon: { id: 'dashboard' } };
  }

  #statistics(): Row {
    const text = statisticsText(this.#state);
    return leaf(this, 'statistics', {
      label: l10n.t('Medians'),
      description: text || l10n.t('not called yet'),
      icon: { id: 'graph' },
      tooltip: l10n.t(
        'Median time from call to answer by start kind, and the number of calls. Calls under the debugger do not count.',
      ),
    });
  }

  #url(url: string, index: number): Row {
    return leaf(
      this,
      `url${index}`,
      {
        label: 'URL',
        description: url,
        icon: { id: 'globe' },
        context: 'url',
        tooltip: l10n.t(
          'Answers while the runtime host runs. Use the actions to copy it or open it in the browser.',
        ),
      },
      { ...this.argument, url },
    );
  }

  #instanceRows(): Row[] {
    const known = this.#instances;
    this.#instances = new Map();
    for (const instance of this.#state.instances) {
      const row = known.get(instance.id) ?? new InstanceRow(this.#host, this, this.#now);
      row.update(instance);
      this.#instances.set(instance.id, row);
    }
    if (this.#instances.size > 0) return [...this.#instances.values()];
    const label = instancesText(this.#state);
    return [
      leaf(this, 'off', {
        label,
        description: l10n.t('the light is off until somebody calls'),
        icon: { id: 'circle-outline' },
      }),
    ];
  }
}

/** One live process of a function. */
class InstanceRow implements Row {
  readonly parent: FunctionRow;
  #host: FolderHost;
  #state!: InstanceState;
  #now: () => number;

  constructor(host: FolderHost, parent: FunctionRow, now: () => number) {
    this.#host = host;
    this.parent = parent;
    this.#now = now;
  }

  update(state: InstanceState): void {
    this.#state = state;
  }

  get id(): string {
    return `${this.parent.id}/instance:${this.#state.id}`;
  }

  get argument(): object {
    return { function: this.#state.function, folder: this.#host.folder.path, instance: this.#state.id };
  }

  get countsDown(): boolean {
    return this.#state.freedAt !== undefined;
  }

  content(): RowContent {
    const { sequence, pid, phase } = this.#state;
    return {
      label: `#${sequence} · pid ${pid}`,
      description: instanceDescription(this.#state, this.#now()),
      icon: instanceIcon(phase),
      context: 'instance',
      // Without age and countdown: a text that changes would be read out again every second.
      spoken: l10n.t('Instance {0}, process {1}: {2}', sequence, pid, instanceWord(phase)),
    };
  }

  expansion(): 'none' {
    return 'none';
  }

  children(): Row[] {
    return [];
  }
}
