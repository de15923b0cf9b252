import {
  isFailure,
  type InvocationRecord,
  type InvocationSummary,
  type LogEntry,
  translatedNotes,
  translatedError,
  translatedWarnings,
} from '../../runtime/model/invocationRecord.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import {
  invocationDescription,
  invocationSentence,
  invocationTooltip,
} from '../presentation/invocationText.ts';
import { statusIcon } from '../presentation/words.ts';
import {
  bodyRow,
  broughtByRow,
  callerRow,
  errorRow,
  logRow,
  noteRows,
  originalRow,
  phasesRow,
  warningRows,
} from './invocationDetails.ts';
import type { Row, RowContent } from './row.ts';

/** One invocation; its details are asked of the host when it is opened. */
export class InvocationRow implements Row {
  readonly id: string;
  readonly argument: { invocation: string; folder: string };
  readonly host: FolderHost;
  #summary: InvocationSummary;
  #record: InvocationRecord | undefined;
  #opened = false;
  #folderName: string | undefined;
  #caller: InvocationRow | undefined;
  #calls: readonly InvocationRow[] = [];

  /** `folderName` when several folders are listed together. */
  constructor(host: FolderHost, summary: InvocationSummary, folderName?: string) {
    this.id = `invocation:${host.folder.path}:${summary.id}`;
    this.argument = { invocation: summary.id, folder: host.folder.path };
    this.host = host;
    this.#summary = summary;
    this.#folderName = folderName;
  }

  /** The row of the invocation that called, when it is shown below that. */
  get parent(): InvocationRow | undefined {
    return this.#caller;
  }

  /** Puts the row in its place among those that called and were called, the calls in the order of time. */
  place(caller: InvocationRow | undefined, calls: readonly InvocationRow[]): void {
    this.#caller = caller;
    this.#calls = calls;
  }

  get summary(): InvocationSummary {
    return this.#summary;
  }

  /** Whether new log lines would be seen. */
  get opened(): boolean {
    return this.#opened;
  }

  update(summary: InvocationSummary): void {
    this.#summary = summary;
    this.#record = undefined;
  }

  content(): RowContent {
    const summary = this.#summary;
    const running = summary.status === 'running';
    const calls = this.#calls.length;
    const description = [invocationDescription(summary, calls), this.#folderName].filter(Boolean).join(' · ');
    return {
      label: summary.function,
      description,
      icon: statusIcon(summary.status),
      tooltip: invocationTooltip(summary),
      context: [
        running ? 'invocation running' : 'invocation ended',
        ...(isFailure(summary) ? ['failed'] : []),
        ...(summary.replayOf === undefined ? [] : ['replay']),
      ].join(' '),
      spoken: invocationSentence(summary, calls),
    };
  }

  expansion(): 'collapsed' {
    return 'collapsed';
  }

  async children(): Promise<Row[]> {
    this.#opened = true;
    const { parent, replayOf } = this.#summary;
    const [record, caller, original] = await Promise.all([
      this.#load(),
      parent === undefined ? undefined : this.#find(parent),
      replayOf === undefined ? undefined : this.#find(replayOf),
    ]);
    const summary = this.#summary;
    const error = translatedError(summary);
    const logs: readonly LogEntry[] = record?.logs ?? this.host.mirror.logs(summary.id);
    const logCount = record
      ? record.logs.length + record.logsDropped
      : Math.max(summary.logCount, logs.length);
    return [
      ...(error ? [errorRow(this, error)] : []),
      ...warningRows(this, translatedWarnings(record?.warnings ? record : summary)),
      ...noteRows(this, translatedNotes(summary)),
      ...broughtByRow(this, summary),
      ...(replayOf === undefined ? [] : [originalRow(this, replayOf, original)]),
      ...(parent === undefined ? [] : [callerRow(this, parent, caller)]),
      ...(record ? [bodyRow(this, 'event', l10n.t('Event'), record.event)] : []),
      // Between what came in and what went out, as it happened.
      ...this.#calls,
      ...(record && summary.status !== 'running'
        ? [bodyRow(this, 'result', l10n.t('Result'), record.result)]
        : []),
      ...(summary.phases.length > 0 ? [phasesRow(this, summary.phases)] : []),
      logRow(this, logs, logCount),
    ];
  }

  /** What is known of another invocation of the same host. */
  async #find(id: string): Promise<InvocationSummary | undefined> {
    const known = this.#caller?.summary;
    if (known?.id === id) return known;
    const mirrored = this.host.mirror.invocation(id);
    if (mirrored) return mirrored;
    return (await this.host.running?.getInvocation(id).catch(() => undefined)) ?? undefined;
  }

  async #load(): Promise<InvocationRecord | undefined> {
    if (this.#record) return this.#record;
    const summary = this.#summary;
    // Without a host there is only what this window saw; the row says the rest when the host is back.
    const record = (await this.host.running?.getInvocation(summary.id).catch(() => undefined)) ?? undefined;
    // A running one changes: it is asked for again with its next change.
    if (record && summary === this.#summary && record.status !== 'running') this.#record = record;
    return record;
  }
}
