import { randomUUID } from 'node:crypto';
import { dateTime } from '../../model/dateTime.ts';
import type { Schedule } from '../../model/sourceContracts.ts';
import { PorchlightError } from '../../model/errors.ts';
import { refuseOptions } from '../options.ts';
import type { FireCall, Fired, Source, SourceKind, SourceServices, SourceState } from '../source.ts';
import { TimerClock } from './timerClock.ts';
import { phrase } from '../../support/l10n.ts';

/** Next times that are told. */
const toldTimes = 3;

/** Timers: fire at the times of their platform's schedule, when they are switched on. */
export const timerSource: SourceKind = {
  kind: 'timer',
  read({ trigger, platform }) {
    const contract = platform.sources?.timer;
    if (!contract) {
      const detail = phrase('{platform} has no timers here. Fire the function with a sample event instead.', {
        platform: platform.displayName,
      });
      return { problems: [{ severity: 'error', detail }] };
    }
    const { settings, problems } = contract.read(trigger);
    if (!settings) return { problems };
    const { schedule, enabled } = settings;
    // A job of the cloud that begins to run on a laptop surprises: it sends mails, or bills somebody.
    const startsByItself = trigger.config['fire'] === true;
    return {
      problems,
      plan: {
        summary: schedule.text,
        enabled: enabled || startsByItself,
        startsByItself,
        open: (services) => new TimerSource(services, schedule),
      },
    };
  },
};

class TimerSource implements Source {
  readonly #services: SourceServices;
  readonly #schedule: Schedule;
  readonly #clock: TimerClock;

  constructor(services: SourceServices, schedule: Schedule) {
    this.#services = services;
    this.#schedule = schedule;
    this.#clock = new TimerClock(services.clock, schedule, {
      due: (at) => this.#due(at),
      missed: (count, first) => this.#missed(count, first),
      changed: services.changed,
    });
  }

  get state(): SourceState {
    const next = this.#clock.next(toldTimes);
    const { running } = this.#clock;
    if (running && next.length === 0) return { text: phrase('no further time'), next };
    return { ...(running ? {} : { text: phrase('only by hand') }), next };
  }

  start(): Promise<void> {
    this.#clock.start();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#clock.stop();
    return Promise.resolve();
  }

  fire({ event, options }: FireCall): Promise<Fired> {
    const { facts, clock, deliver } = this.#services;
    refuseOptions(facts, options, ['at']);
    const at = options['at'] === undefined ? clock.epochMs() : Date.parse(options['at']);
    if (Number.isNaN(at)) {
      const detail = phrase('"{at}" is no time. Write it as 2026-11-26T10:00:00Z.', { at: options['at'] });
      throw new PorchlightError('TRIGGER_ACTION', {
        trigger: facts.trigger.name,
        function: facts.definition.name,
        detail,
      });
    }
    const label = `${facts.trigger.name} by hand`;
    return Promise.resolve({ delivered: deliver({ event: event ?? this.#event(at), label, mode: 'async' }) });
  }

  dispose(): Promise<void> {
    return this.stop();
  }

  #due(at: number): void {
    const { facts, deliver, say } = this.#services;
    const label = `${facts.trigger.name} at ${dateTime(at)}`;
    try {
      deliver({ event: this.#event(at), label, mode: 'async' });
    } catch (error) {
      say('warn', `${label} was not handed over: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #missed(count: number, first: number): void {
    const { facts, say } = this.#services;
    const times = count === 1 ? 'one time' : `${count} times`;
    say(
      'warn',
      `The timer ${facts.trigger.name} of ${facts.definition.name} missed ${times}, from ${dateTime(first)} on: this machine slept, was busy, or its clock was changed. Nothing is made up for; fire it by hand if it matters.`,
    );
  }

  #event(at: number): Uint8Array {
    const { trigger, definition, platform } = this.#services.facts;
    return platform.sources!.timer!.event(trigger, { at: new Date(at), id: randomUUID(), definition });
  }
}
