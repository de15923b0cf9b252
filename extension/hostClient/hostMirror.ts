import type { ImportCosts } from '../../runtime/model/coldStartProfile.ts';
import type {
  DeployPlan,
  DeployProgress,
  DeployedFunction,
  ServeStatus,
} from '../../runtime/model/deploy.ts';
import type { InvocationSummary, LogEntry } from '../../runtime/model/invocationRecord.ts';
import type { Problem } from '../../runtime/model/project.ts';
import type { TestList } from '../../runtime/model/testing/testCase.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import type { TriggerState } from '../../runtime/protocol/control/triggers.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { forgetOldest } from '../../runtime/support/forgetOldest.ts';

/** What changed, as small as possible, so that readers redraw little. */
export type MirrorChange =
  | { kind: 'functions' }
  | { kind: 'function'; name: string }
  | { kind: 'problems' }
  | { kind: 'invocations' }
  | { kind: 'invocation'; id: string; isNew: boolean }
  | { kind: 'logged'; id: string; entries: LogEntry[] }
  | { kind: 'deployed'; target: string }
  | { kind: 'progress'; progress: DeployProgress }
  | { kind: 'importCosts'; function: string }
  /** `touched`: ids of saved events whose outcome may be another now. */
  | { kind: 'tests'; touched: readonly string[] };

/** Bounds of what is kept here; older invocations are asked of the host. */
export const mirrorLimits = { invocations: 200, loggedInvocations: 50, logEntries: 1000 } as const;

/** What a host told when it said hello. */
export interface MirrorStart {
  functions: FunctionState[];
  problems: Problem[];
  recent: InvocationSummary[];
  triggers?: TriggerState[];
}

/** The state of one host as far as it told, observable. It outlives the connection, so that nothing vanishes from sight. */
export class HostMirror {
  #functions: FunctionState[] = [];
  #problems: Problem[] = [];
  #invocations: InvocationSummary[] = [];
  #byId = new Map<string, InvocationSummary>();
  #logs = new Map<string, LogEntry[]>();
  #deployed = new Map<string, DeployedFunction[]>();
  /** By target and function: how many settings a plan found different, as long as nothing was deployed since. */
  #drift = new Map<string, Map<string, number>>();
  #serve: ServeStatus | undefined;
  #importCosts = new Map<string, ImportCosts>();
  #triggers = new Map<string, readonly TriggerState[]>();
  #tests: TestList = { tests: [], problems: [], folders: {} };
  #changed = new Emitter<MirrorChange>();

  get onDidChange(): Event<MirrorChange> {
    return this.#changed.event;
  }

  /** In the project's order. */
  get functions(): readonly FunctionState[] {
    return this.#functions;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Newest first, at most `mirrorLimits.invocations`. */
  get invocations(): readonly InvocationSummary[] {
    return this.#invocations;
  }

  /** What imports cost by each function's latest profile, as far as it was told or asked for. */
  get importCosts(): readonly ImportCosts[] {
    return [...this.#importCosts.values()];
  }

  /** Saved events, as far as they were told or asked for. */
  get tests(): TestList {
    return this.#tests;
  }

  /** Of the local target; undefined until the host told. */
  get serve(): ServeStatus | undefined {
    return this.#serve;
  }

  function(name: string): FunctionState | undefined {
    return this.#functions.find((candidate) => candidate.name === name);
  }

  /** Triggers of a function with their states; none while no host runs. */
  triggers(name: string): readonly TriggerState[] {
    return this.#triggers.get(name) ?? [];
  }

  invocation(id: string): InvocationSummary | undefined {
    return this.#byId.get(id);
  }

  /** Log lines that came while this window watched; the record has all. */
  logs(id: string): readonly LogEntry[] {
    return this.#logs.get(id) ?? [];
  }

  /** Targets that were asked for what is deployed on them. */
  get deployedTargets(): string[] {
    return [...this.#deployed.keys()];
  }

  /** What is deployed on a target; undefined until asked for. */
  deployed(target: string): readonly DeployedFunction[] | undefined {
    return this.#deployed.get(target);
  }

  /** A host said hello: its word replaces everything. */
  reset({ functions, problems, recent, triggers = [] }: MirrorStart): void {
    this.#triggers.clear();
    for (const trigger of triggers)
      this.#triggers.set(trigger.function, [...(this.#triggers.get(trigger.function) ?? []), trigger]);
    this.setProject(functions, problems);
    this.#invocations = recent.slice(0, mirrorLimits.invocations);
    this.#byId = new Map(this.#invocations.map((summary) => [summary.id, summary]));
    this.#changed.fire({ kind: 'invocations' });
  }

  setProject(functions: FunctionState[], problems: Problem[]): void {
    this.#functions = functions;
    this.#problems = problems;
    this.#changed.fire({ kind: 'functions' });
    this.#changed.fire({ kind: 'problems' });
  }

  setFunction(state: FunctionState): void {
    const index = this.#functions.findIndex((candidate) => candidate.name === state.name);
    // A function that is not listed (any more) comes with the project's next change.
    if (index < 0) return;
    this.#functions = this.#functions.with(index, state);
    this.#changed.fire({ kind: 'function', name: state.name });
  }

  /** Triggers of functions are others, or their states are. */
  setTriggers(functions: readonly { name: string; triggers: readonly TriggerState[] }[]): void {
    for (const { name, triggers } of functions) {
      if (triggers.length > 0) this.#triggers.set(name, triggers);
      else this.#triggers.delete(name);
      this.#changed.fire({ kind: 'function', name });
    }
  }

  setInvocation(summary: InvocationSummary): void {
    const isNew = !this.#byId.has(summary.id);
    this.#byId.set(summary.id, summary);
    if (isNew) this.#insert(summary);
    else this.#invocations = this.#invocations.map((old) => (old.id === summary.id ? summary : old));
    this.#changed.fire({ kind: 'invocation', id: summary.id, isNew });
  }

  #insert(summary: InvocationSummary): void {
    // Nearly always the newest; a late word about an older one finds its place.
    let index = this.#invocations.findIndex((other) => other.receivedAt <= summary.receivedAt);
    if (index < 0) index = this.#invocations.length;
    this.#invocations = this.#invocations.toSpliced(index, 0, summary);
    for (const dropped of this.#invocations.slice(mirrorLimits.invocations)) {
      this.#byId.delete(dropped.id);
      this.#logs.delete(dropped.id);
    }
    this.#invocations = this.#invocations.slice(0, mirrorLimits.invocations);
  }

  addLogs(id: string, entries: LogEntry[]): void {
    const kept = this.#logs.get(id) ?? [];
    // Set again, so that the map's order is that of the last line.
    this.#logs.delete(id);
    this.#logs.set(id, [...kept, ...entries].slice(0, mirrorLimits.logEntries));
    forgetOldest(this.#logs, mirrorLimits.loggedInvocations);
    this.#changed.fire({ kind: 'logged', id, entries });
  }

  clearInvocations(): void {
    this.#invocations = [];
    this.#byId.clear();
    this.#logs.clear();
    this.#changed.fire({ kind: 'invocations' });
  }

  /** In how many settings and packages a deployed function differs from the project, by the latest plan; 0: in none. */
  drift(target: string, name: string): number {
    return this.#drift.get(target)?.get(name) ?? 0;
  }

  /** What a plan found different. */
  setPlan({ target, functions }: DeployPlan): void {
    const known = this.#drift.get(target) ?? new Map<string, number>();
    this.#drift.set(target, known);
    for (const { function: name, change, fields, package: pack } of functions) {
      const changed = fields.filter((field) => field.change !== 'same').length + (pack.unchanged ? 0 : 1);
      known.set(name, change === 'change' ? Math.max(changed, 1) : 0);
    }
    this.#changed.fire({ kind: 'deployed', target });
  }

  /** Something was deployed: what was found before says nothing any more. */
  forgetPlan(target: string, names: readonly string[]): void {
    for (const name of names) this.#drift.get(target)?.delete(name);
  }

  setDeployed(target: string, functions: DeployedFunction[], serve?: ServeStatus): void {
    this.#deployed.set(target, functions);
    if (serve) this.#serve = serve;
    this.#changed.fire({ kind: 'deployed', target });
  }

  setServe(serve: ServeStatus): void {
    this.#serve = serve;
    this.#changed.fire({ kind: 'deployed', target: 'local' });
  }

  /** An older profile than the one that is known changes nothing. */
  setImportCosts(costs: ImportCosts): void {
    const known = this.#importCosts.get(costs.function);
    if (known && known.at > costs.at) return;
    this.#importCosts.set(costs.function, costs);
    this.#changed.fire({ kind: 'importCosts', function: costs.function });
  }

  setTests(list: TestList, touched: readonly string[]): void {
    this.#tests = list;
    this.#changed.fire({ kind: 'tests', touched });
  }

  addProgress(progress: DeployProgress): void {
    this.#changed.fire({ kind: 'progress', progress });
  }

  /** The host is gone: its processes and what they were doing with it. The history stays. */
  markLost(): void {
    this.#triggers.clear();
    this.#functions = this.#functions.map((state) => ({ ...state, instances: [], queued: 0 }));
    this.#invocations = this.#invocations.map((summary) =>
      summary.status === 'running' ? { ...summary, status: 'interrupted' as const } : summary,
    );
    this.#byId = new Map(this.#invocations.map((summary) => [summary.id, summary]));
    this.#changed.fire({ kind: 'functions' });
    this.#changed.fire({ kind: 'invocations' });
  }

  /** The project is gone for good, e.g. its folder was closed. */
  clear(): void {
    this.#triggers.clear();
    this.#functions = [];
    this.#problems = [];
    this.setTests({ tests: [], problems: [], folders: {} }, []);
    this.#changed.fire({ kind: 'functions' });
    this.#changed.fire({ kind: 'problems' });
    this.clearInvocations();
  }
}
