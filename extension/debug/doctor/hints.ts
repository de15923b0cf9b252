import type * as vscode from 'vscode';
import { codeKindOf } from '../../../runtime/model/codeFiles.ts';
import type { InvocationSummary } from '../../../runtime/model/invocationRecord.ts';
import type { Clock } from '../../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../../runtime/support/emitter.ts';
import { forgetOldest } from '../../../runtime/support/forgetOldest.ts';
import { debugType } from '../../contributions/ids.ts';
import { Batch } from '../../editor/batch.ts';
import type { Dialogs } from '../../editor/dialogs.ts';
import type { FolderHost } from '../../hostClient/folderHost.ts';
import { attachedInstance } from '../configuration.ts';
import type { Diagnosis, Reason } from './diagnosis.ts';
import { reasonText } from './diagnosisText.ts';
import { readBreakpoint, type BreakpointDoctor, type DoctorServices } from './doctor.ts';
import type { EditorBreakpoint, Occasion } from './facts.ts';

/** A breakpoint that could not be hit, and why. */
export interface Hint {
  breakpoint: vscode.SourceBreakpoint;
  diagnosis: Diagnosis;
}

/** What hints are made with. */
export interface HintServices extends DoctorServices {
  doctor: BreakpointDoctor;
  dialogs: Pick<Dialogs, 'remark'>;
  clock: Pick<Clock, 'after' | 'epochMs'>;
  debugs(host: FolderHost, functionName: string): boolean;
  log: { warn(text: string): void };
}

/** Debuggers tell of breakpoints a little after a quick call has been answered. */
const patienceMs = 400;
const maxBreakpoints = 200;
const notDebugged = /^Not debugged: /;

const ofNoFunction = new Set<Reason['kind']>(['notPart', 'notImported', 'generated', 'mapMissing']);

/** Whether a session is the one over a folder's functions, or one with an instance. */
function isOurs(session: vscode.DebugSession): boolean {
  const attached = [session, session.parentSession].some(
    (one) => one && attachedInstance(one.configuration) !== undefined,
  );
  return attached || session.type === debugType;
}

interface Ended {
  host: FolderHost;
  summary: InvocationSummary;
}

/**
 * After a call of a function that is debugged: which breakpoints could not be hit, for a reason that will not go away by
 * itself. What is set, was hit, or waits for code to be loaded gets no hint.
 */
export class BreakpointHints implements Disposable {
  readonly #services: HintServices;
  readonly #hints = new Map<string, Hint>();
  /** When each breakpoint became what it is, milliseconds since the epoch; those of before have none. */
  readonly #since = new Map<string, number>();
  readonly #remarked = new Set<string>();
  readonly #looked = new Set<string>();
  /** Sessions of other debuggers: breakpoints outside of functions are theirs, for all we know. */
  readonly #strangers = new Set<string>();
  readonly #store = new DisposableStore();
  readonly #batch: Batch<Ended>;
  readonly #changed: Emitter<void>;
  readonly #examined: Emitter<FolderHost>;

  constructor(services: HintServices) {
    const { api, hosts, told, clock } = services;
    this.#services = services;
    this.#changed = this.#store.add(new Emitter<void>());
    this.#examined = this.#store.add(new Emitter<FolderHost>());
    this.#batch = this.#store.add(new Batch(clock, patienceMs, (ended) => void this.#lookAt([...ended])));
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind !== 'mirror' || change.change.kind !== 'invocation') return;
        const summary = change.host.mirror.invocation(change.change.id);
        if (summary) this.#invocationChanged(change.host, summary);
      }),
    );
    this.#store.add(
      api.debug.onDidStartDebugSession((session) => {
        if (!isOurs(session)) this.#strangers.add(session.id);
      }),
    );
    this.#store.add(api.debug.onDidTerminateDebugSession(({ id }) => this.#strangers.delete(id)));
    this.#store.add(told.onDidChange(() => this.#dropSet()));
    this.#store.add(api.debug.onDidChangeBreakpoints((change) => this.#breakpointsChanged(change)));
    this.#store.add(api.workspace.onDidSaveTextDocument(({ uri }) => this.#saved(uri)));
  }

  /** Other hints than before. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The breakpoints of a folder were looked at after a call, with or without a finding. */
  get onDidExamine(): Event<FolderHost> {
    return this.#examined.event;
  }

  get all(): Hint[] {
    return [...this.#hints.values()];
  }

  find(breakpointId: string): Hint | undefined {
    return this.#hints.get(breakpointId);
  }

  /** Debugging ended: nothing is expected to stop any more. */
  clear(): void {
    if (this.#hints.size === 0) return;
    this.#hints.clear();
    this.#changed.fire();
  }

  #invocationChanged(host: FolderHost, summary: InvocationSummary): void {
    if (summary.status === 'running' || this.#looked.has(summary.id)) return;
    if (!this.#services.debugs(host, summary.function)) return;
    this.#looked.add(summary.id);
    forgetOldest(this.#looked, 500);
    this.#batch.add({ host, summary });
  }

  /** Looks at the breakpoints of every folder that was called, once for the last call of each function. */
  async #lookAt(ended: Ended[]): Promise<void> {
    const last = new Map(ended.map((one) => [`${one.host.folder.path}\n${one.summary.function}`, one]));
    for (const { host, summary } of last.values()) {
      try {
        await this.#lookAtCall(host, summary);
      } catch (error) {
        this.#services.log.warn(`Breakpoints cannot be examined: ${String(error)}`);
      }
      this.#examined.fire(host);
    }
  }

  async #lookAtCall(host: FolderHost, summary: InvocationSummary): Promise<void> {
    const { doctor, told } = this.#services;
    const instance = summary.instance?.id;
    const declined = summary.notes.find((note) => notDebugged.test(note))?.replace(notDebugged, '');
    const occasion: Occasion = {
      function: summary.function,
      ...(instance === undefined ? {} : { instance }),
      ...(declined === undefined ? {} : { declined }),
    };
    const byFile = new Map<string, { breakpoint: vscode.SourceBreakpoint; read: EditorBreakpoint }[]>();
    for (const one of this.#candidates(host, summary.receivedAt)) {
      // Where it is set there is nothing to ask.
      if (told.of(one.read.file, one.read.line, instance).instances.length > 0) this.#drop(one.breakpoint.id);
      else byFile.set(one.read.file, [...(byFile.get(one.read.file) ?? []), one]);
    }
    const found: Hint[] = [];
    for (const ones of byFile.values()) {
      const diagnoses = await doctor.examine(
        ones.map(({ read }) => read),
        occasion,
      );
      diagnoses.forEach((diagnosis, i) => {
        const { breakpoint, read } = ones[i]!;
        const set = told.of(read.file, read.line).instances.length > 0;
        const theirs = this.#strangers.size > 0 && ofNoFunction.has(diagnosis.reason.kind);
        if (diagnosis.standing === 'problem' && !set && !theirs) found.push({ breakpoint, diagnosis });
        else if (diagnosis.standing === 'fine' || set) this.#drop(breakpoint.id);
      });
    }
    this.#show(found);
  }

  #candidates(
    host: FolderHost,
    before: number,
  ): { breakpoint: vscode.SourceBreakpoint; read: EditorBreakpoint }[] {
    const { api, hosts } = this.#services;
    return api.debug.breakpoints
      .flatMap((breakpoint) => {
        const read = readBreakpoint(api, breakpoint);
        if (!read?.enabled || !codeKindOf(read.file)) return [];
        const source = breakpoint as vscode.SourceBreakpoint;
        if (hosts.ofFile(source.location.uri) !== host) return [];
        return (this.#since.get(breakpoint.id) ?? 0) < before ? [{ breakpoint: source, read }] : [];
      })
      .slice(0, maxBreakpoints);
  }

  #show(found: readonly Hint[]): void {
    if (found.length === 0) return;
    const { api, dialogs } = this.#services;
    const existing = new Set(api.debug.breakpoints.map(({ id }) => id));
    const shown = found.filter(({ breakpoint }) => existing.has(breakpoint.id));
    for (const hint of shown) this.#hints.set(hint.breakpoint.id, hint);
    this.#changed.fire();
    const fresh = shown.filter(({ breakpoint, diagnosis }) => {
      const key = `${breakpoint.id}:${diagnosis.reason.kind}`;
      const known = this.#remarked.has(key);
      this.#remarked.add(key);
      return !known;
    });
    const [first] = fresh;
    if (!first) return;
    const { uri, range } = first.breakpoint.location;
    const place = `${uri.path.split('/').at(-1)}:${range.start.line + 1}`;
    const more = fresh.length > 1 ? ` (+${fresh.length - 1})` : '';
    dialogs.remark(
      `$(debug-breakpoint-unverified) ${place}: ${reasonText(first.diagnosis.reason).short}${more}`,
    );
  }

  #drop(id: string): void {
    if (this.#hints.delete(id)) this.#changed.fire();
  }

  /** Whatever has been set meanwhile needs no hint any more. */
  #dropSet(): void {
    const { told } = this.#services;
    for (const [id, { breakpoint }] of this.#hints) {
      const { uri, range } = breakpoint.location;
      if (told.of(uri.fsPath, range.start.line + 1).instances.length > 0) this.#drop(id);
    }
  }

  #breakpointsChanged({ added, removed, changed }: vscode.BreakpointsChangeEvent): void {
    const now = this.#services.clock.epochMs();
    for (const { id } of [...added, ...changed]) this.#since.set(id, now);
    for (const { id } of removed) this.#since.delete(id);
    for (const { id } of [...removed, ...changed]) this.#drop(id);
  }

  /** Other code runs from now on; the next call tells. */
  #saved(uri: vscode.Uri): void {
    for (const [id, { breakpoint }] of this.#hints)
      if (breakpoint.location.uri.toString() === uri.toString()) this.#drop(id);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
