import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { PorchlightError, told } from '../model/errors.ts';
import type { FunctionDefinition, HttpTrigger, OtherTrigger } from '../model/functionDefinition.ts';
import type { Problem } from '../model/project.ts';
import type { SourceProblem } from '../model/sourceContracts.ts';
import type { TriggerState } from '../protocol/control/triggers.ts';
import type { Clock } from '../support/clock.ts';
import { Emitter } from '../support/emitter.ts';
import type {
  Delivered,
  Delivery,
  FireCall,
  Fired,
  SourceKind,
  SourcePlan,
  TriggerFacts,
} from '../triggers/source.ts';
import { TriggerEntry } from './triggerEntry.ts';
import { phrase, type Phrase } from '../support/l10n.ts';

export interface TriggerSourcesOptions {
  root: string;
  /** Absolute folder of our state in the project. */
  stateFolder: string;
  clock: Clock;
  /**
   * Whether sources may fire by themselves: only in a host that stays with a project that is worked on. A one-shot
   * command line ends before anything could come, and a serving host would do everything twice.
   */
  active: boolean;
  deliver(name: string, trigger: OtherTrigger, delivery: Delivery): Delivered;
  say(level: 'info' | 'warn', text: string): void;
  /** The kinds of sources there are. */
  findKind(kind: string): SourceKind | undefined;
}

/** Changes of states are gathered for this long: a busy source has many. */
const gatherMs = 50;

/** The sources of all triggers of a host's functions, kept in step with the project. */
export class TriggerSources {
  readonly #options: TriggerSourcesOptions;
  #functions: readonly FunctionRuntime[] = [];
  #entries = new Map<string, TriggerEntry[]>();
  #problems: Problem[] = [];
  readonly #changedFunctions = new Set<string>();
  #scheduled: (() => void) | undefined;
  #closing: Promise<unknown>[] = [];
  #disposed = false;
  readonly #changed = new Emitter<string[]>();
  /** Triggers of these functions, or what they say of themselves, are others than before. */
  readonly onDidChange = this.#changed.event;

  constructor(options: TriggerSourcesOptions) {
    this.#options = options;
  }

  /** What is wrong with the triggers' settings. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The project says something else now: sources whose trigger stays what it was go on. */
  follow(functions: readonly FunctionRuntime[]): void {
    if (this.#disposed) return;
    const before = this.#entries;
    this.#functions = functions;
    this.#entries = new Map();
    this.#problems = [];
    for (const { definition, platform } of functions) {
      const known = [...(before.get(definition.name) ?? [])];
      const entries: TriggerEntry[] = [];
      for (const trigger of otherTriggers(definition)) {
        const facts = { trigger, definition, platform, root: this.#options.root };
        const read = this.#read(facts, entries);
        const same = known.findIndex((entry) => entry.adopts(facts));
        const [kept] = same < 0 ? [] : known.splice(same, 1);
        entries.push(kept ?? this.#create(facts, read));
      }
      this.#entries.set(definition.name, entries);
      before.set(definition.name, known);
    }
    for (const gone of before.values()) for (const entry of gone) this.#close(entry);
    for (const entries of this.#entries.values()) for (const entry of entries) void entry.settle();
    for (const name of new Set([...before.keys(), ...this.#entries.keys()])) this.#note(name);
  }

  /** All triggers in the order of the project, HTTP ones included. */
  list(name?: string): TriggerState[] {
    const listed = this.#functions.filter(({ definition }) => name === undefined || definition.name === name);
    return listed.flatMap((fn) => this.#statesOf(fn));
  }

  /** Fires a trigger: the one that is named, or the only one there is. */
  fire(name: string, trigger: string | undefined, call: FireCall): Promise<{ trigger: string } & Fired> {
    const entry = this.#find(name, trigger);
    return entry.fire(call).then((fired) => ({ trigger: entry.facts.trigger.name, ...fired }));
  }

  async setRunning(name: string, trigger: string, running: boolean): Promise<TriggerState> {
    const entry = this.#find(name, trigger);
    await entry.setRunning(running);
    return entry.state();
  }

  act(name: string, trigger: string, action: string, argument: unknown): Promise<unknown> {
    return this.#find(name, trigger).act(action, argument);
  }

  /** Resolves when every source has started or stopped as it should. */
  async settled(): Promise<void> {
    await Promise.all([...this.#entries.values()].flat().map((entry) => entry.settle()));
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#scheduled?.();
    const entries = [...this.#entries.values()].flat();
    await Promise.all([...entries.map((entry) => entry.dispose()), ...this.#closing]);
    this.#changed.dispose();
  }

  #create(facts: TriggerFacts, read: { plan?: SourcePlan; problem?: string | Phrase }): TriggerEntry {
    const { clock, stateFolder, active, deliver, say } = this.#options;
    const changed = (): void => this.#note(facts.definition.name);
    return new TriggerEntry(facts, read, { clock, stateFolder, active, deliver, say, changed });
  }

  #read(
    facts: TriggerFacts,
    before: readonly TriggerEntry[],
  ): { plan?: SourcePlan; problem?: string | Phrase } {
    const { kind, name } = facts.trigger;
    const source = this.#options.findKind(kind);
    const twice = before.some((entry) => entry.facts.trigger.name === name);
    const found = source?.read(facts) ?? { problems: [] };
    const { plan } = found;
    const problems: SourceProblem[] = twice
      ? [
          {
            severity: 'error',
            key: 'name',
            detail: phrase('another trigger of the function has the same name; give each a name of its own.'),
          },
        ]
      : found.problems;
    this.#problems.push(...problems.map((problem) => problemOf(facts, problem)));
    const error = problems.find(({ severity }) => severity === 'error');
    if (error) return { problem: error.detail };
    return plan ? { plan } : { problem: phrase('there is no source of the kind {kind}.', { kind }) };
  }

  #statesOf({ definition }: FunctionRuntime): TriggerState[] {
    const others = new Map((this.#entries.get(definition.name) ?? []).map((e) => [e.facts.trigger, e]));
    return definition.triggers.flatMap((trigger) =>
      trigger.kind === 'http'
        ? [httpState(definition, trigger)]
        : [others.get(trigger)?.state() ?? []].flat(),
    );
  }

  #find(name: string, trigger: string | undefined): TriggerEntry {
    const fn = this.#functions.find(({ definition }) => definition.name === name);
    if (!fn) {
      const known = this.#functions.map(({ definition }) => definition.name).join(', ');
      throw new PorchlightError('FUNCTION_UNKNOWN', { name, known });
    }
    const entries = this.#entries.get(name) ?? [];
    const known = entries.map((entry) => entry.facts.trigger.name).join(', ');
    if (trigger === undefined) {
      if (entries.length === 1) return entries[0]!;
      if (entries.length > 1) throw new PorchlightError('TRIGGER_NOT_CHOSEN', { function: name, known });
    }
    const found = entries.find((entry) => entry.facts.trigger.name === trigger);
    if (found) return found;
    const http = fn.definition.triggers.find(
      (candidate) => candidate.kind === 'http' && (trigger === undefined || candidate.name === trigger),
    );
    if (http) {
      const url = fn.state().urls.http[0];
      throw new PorchlightError('TRIGGER_HTTP', { function: name, trigger: http.name, url });
    }
    throw new PorchlightError('TRIGGER_UNKNOWN', { function: name, trigger: trigger ?? '', known });
  }

  #close(entry: TriggerEntry): void {
    const closed = entry.dispose().catch((error: unknown) => {
      this.#options.say('warn', `A trigger did not end orderly: ${String(error)}`);
    });
    this.#closing.push(closed);
    void closed.then(() => (this.#closing = this.#closing.filter((other) => other !== closed)));
  }

  #note(name: string): void {
    if (this.#disposed) return;
    this.#changedFunctions.add(name);
    this.#scheduled ??= this.#options.clock.after(gatherMs, () => {
      this.#scheduled = undefined;
      const names = [...this.#changedFunctions];
      this.#changedFunctions.clear();
      this.#changed.fire(names);
    });
  }
}

function otherTriggers({ triggers }: FunctionDefinition): OtherTrigger[] {
  return triggers.filter((trigger): trigger is OtherTrigger => trigger.kind !== 'http');
}

/** HTTP triggers are served by the gateway, always. */
function httpState({ name }: FunctionDefinition, trigger: HttpTrigger): TriggerState {
  const methods = trigger.methods.length > 0 ? trigger.methods.join(', ') : 'any method';
  const summary = `${methods} ${trigger.path}`;
  return { function: name, name: trigger.name, kind: 'http', summary, status: 'running', fired: 0 };
}

function problemOf({ trigger, definition }: TriggerFacts, { severity, key, detail }: SourceProblem): Problem {
  const at = (key === undefined ? undefined : trigger.configAt?.[key]) ?? trigger.at ?? definition.declaredAt;
  const path = [definition.name, trigger.name, ...(key === undefined ? [] : [key])].join('.');
  return {
    severity,
    ...told('TRIGGER_INVALID', { path, detail }),
    file: at.file,
    line: at.line,
    column: at.column,
    function: definition.name,
  };
}
