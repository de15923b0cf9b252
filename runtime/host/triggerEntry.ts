import { sourceFacts } from './sourceFacts.ts';
import { isDeepStrictEqual } from 'node:util';
import { PorchlightError, saidOf } from '../model/errors.ts';
import type { OtherTrigger } from '../model/functionDefinition.ts';
import type { TriggerState, TriggerStatus } from '../protocol/control/triggers.ts';
import type {
  Delivered,
  Delivery,
  FireCall,
  Fired,
  Source,
  SourcePlan,
  SourceServices,
  TriggerFacts,
} from '../triggers/source.ts';
import { phrase, say, type Phrase } from '../support/l10n.ts';

/** What an entry needs of the host. */
export interface TriggerEntryOptions extends Pick<SourceServices, 'clock' | 'stateFolder' | 'say'> {
  /** Whether sources may fire by themselves here. */
  active: boolean;
  deliver(name: string, trigger: OtherTrigger, delivery: Delivery): Delivered;
  changed(): void;
}

/** One trigger of a function: its source, whether that fires by itself, and what it did. */
export class TriggerEntry {
  readonly #options: TriggerEntryOptions;
  readonly #plan: SourcePlan | undefined;
  readonly #problem: string | Phrase | undefined;
  #facts: TriggerFacts;
  #source: Source | undefined;
  /** What people said about firing by itself, over the settings. */
  #asked: boolean | undefined;
  #running = false;
  #failure: string | Phrase | undefined;
  #fired = 0;
  #last: TriggerState['last'];
  /** Starting and stopping follow each other. */
  #turn: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(
    facts: TriggerFacts,
    read: { plan?: SourcePlan; problem?: string | Phrase },
    options: TriggerEntryOptions,
  ) {
    this.#facts = facts;
    this.#plan = read.plan;
    this.#problem = read.problem;
    this.#options = options;
  }

  get facts(): TriggerFacts {
    return this.#facts;
  }

  /** Whether the source stays what it is under a new reading of the project; then it goes on with the new facts. */
  adopts(facts: TriggerFacts): boolean {
    if (!isDeepStrictEqual(identityOf(this.#facts), identityOf(facts))) return false;
    this.#facts = facts;
    return true;
  }

  /** Starts or stops the source as settings and people say. Never rejects: what fails is told by the state. */
  settle(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#settle());
    return this.#turn;
  }

  /** Throws when its settings do not allow it. */
  async setRunning(running: boolean): Promise<void> {
    const plan = this.#usable();
    if (running && !this.#options.active)
      throw this.#error(
        phrase('it runs only while a host of the folder stays: porchlight start, or the editor.'),
      );
    if (running && plan.startsByItself === 'never')
      throw this.#error(phrase('it can only be fired by hand.'));
    this.#asked = running;
    this.#failure = undefined;
    await this.settle();
    if (running && this.#failure !== undefined) throw this.#error(this.#failure);
  }

  async fire(call: FireCall): Promise<Fired> {
    this.#usable();
    return this.#open().fire(call);
  }

  async act(action: string, argument: unknown): Promise<unknown> {
    this.#usable();
    const source = this.#open();
    if (!source.act) throw this.#error(phrase('it has no action "{action}".', { action }));
    return source.act(action, argument);
  }

  state(): TriggerState {
    const { trigger, definition } = this.#facts;
    const own = this.#plan ? (this.#source ?? this.#open()).state : {};
    const problem = this.#problem ?? this.#failure;
    return {
      function: definition.name,
      name: trigger.name,
      kind: trigger.kind,
      summary: this.#plan?.summary ?? '',
      status: this.#status(),
      ...sourceFacts(own, problem),
      fired: this.#fired,
      ...(this.#last && { last: this.#last }),
    };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#turn;
    await this.#source?.dispose();
  }

  #status(): TriggerStatus {
    if (!this.#plan || this.#failure !== undefined) return 'failed';
    if (this.#plan.startsByItself === 'never') return 'manual';
    if (this.#running) return 'running';
    return this.#plan.enabled ? 'stopped' : 'disabled';
  }

  async #settle(): Promise<void> {
    const plan = this.#plan;
    // What failed is tried again when somebody asks for it, not at every edit of the project.
    if (!plan || this.#disposed || this.#failure !== undefined) return;
    const own = plan.enabled && plan.startsByItself === true;
    const wanted = this.#options.active && plan.startsByItself !== 'never' && (this.#asked ?? own);
    if (wanted === this.#running) return;
    try {
      if (wanted) await this.#open().start();
      else await this.#open().stop();
      this.#running = wanted;
    } catch (error) {
      this.#running = false;
      this.#failure = saidOf(error);
      const { trigger, definition } = this.#facts;
      this.#options.say(
        'warn',
        `${definition.name}: the trigger ${trigger.name} does not run: ${say(this.#failure)}`,
      );
    }
    this.#options.changed();
  }

  #open(): Source {
    if (this.#source) return this.#source;
    const entry = this;
    const { clock, stateFolder, say } = this.#options;
    return (this.#source = this.#plan!.open({
      get facts() {
        return entry.#facts;
      },
      clock,
      stateFolder,
      say,
      deliver: (delivery) => this.#deliver(delivery),
      changed: () => this.#options.changed(),
    }));
  }

  #deliver(delivery: Delivery): Delivered {
    const { trigger, definition } = this.#facts;
    const delivered = this.#options.deliver(definition.name, trigger, delivery);
    this.#fired++;
    const last: TriggerState['last'] = {
      at: this.#options.clock.epochMs(),
      label: delivery.label,
      status: 'running',
      attempts: delivery.attempt?.number ?? 1,
    };
    this.#last = last;
    this.#options.changed();
    void delivered.first.then((result) => {
      if (result) last.invocation = result.record.id;
      this.#options.changed();
    });
    void delivered.ended.then((end) => {
      last.status = end.status;
      last.attempts = Math.max(last.attempts, end.attempts);
      if (end.reason !== undefined) last.reason = end.reason;
      if (end.last) last.invocation = end.last.record.id;
      this.#options.changed();
    });
    return delivered;
  }

  #usable(): SourcePlan {
    if (this.#plan) return this.#plan;
    const { trigger, definition } = this.#facts;
    const facts = { trigger: trigger.name, function: definition.name, detail: this.#problem };
    throw new PorchlightError('TRIGGER_BROKEN', facts);
  }

  #error(detail: string | Phrase): PorchlightError {
    const { trigger, definition } = this.#facts;
    return new PorchlightError('TRIGGER_ACTION', {
      trigger: trigger.name,
      function: definition.name,
      detail,
    });
  }
}

/** What makes a source another one: where it is declared does not. */
function identityOf({ trigger, definition, platform, root }: TriggerFacts): unknown {
  const { kind, name, config, unresolved } = trigger;
  const { name: fn, region, accountId } = definition;
  return { kind, name, config, unresolved, fn, region, accountId, platform: platform.id, root };
}
