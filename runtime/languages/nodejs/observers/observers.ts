import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import type {
  LoadedCode,
  Observation,
  ObserveOptions,
  Observers,
  RanLater,
} from '../../../protocol/instance/observations.ts';
import type { AsyncWorkWatch } from './asyncWork.ts';
import { Budget, nowUs } from './budget.ts';
import { BuiltinPatches, isForeign } from './builtins.ts';
import type { StatefulCode } from './carriedState.ts';
import { watchProcesses, watchServers, watchWatchers, watchWorkers } from './channels.ts';
import { OpenWorkWatch, type Suspicion } from './openWork.ts';
import { ProbeSchedule } from './probeSchedule.ts';
import type { createReporter, Reporter } from './report.ts';
import { watchFetch, watchHttp } from './requests.ts';
import { TempFiles } from './tempFiles.ts';
import { watchTimerPromises, watchTimers } from './timers.ts';
import { Tracker } from './tracker.ts';

/*
 * Notices what surprises in the cloud: work that is open when an invocation has been answered, and state that one
 * invocation finds as another left it. A bundle of its own: an instance that is not to be watched never loads it.
 */

/** Share of all time that describing open work may take, once an instance has reported its first findings. */
const share = 0.01;

class Watch implements Observers {
  readonly #options: ObserveOptions;
  readonly #tracker = new Tracker();
  readonly #openWork = new OpenWorkWatch(this.#tracker);
  readonly #ran = new Map<object, RanLater>();
  readonly #files = new TempFiles();
  readonly #schedule = new ProbeSchedule();
  readonly #budget = new Budget(share, nowUs);
  readonly #builtins: BuiltinPatches;
  readonly #full: AsyncWorkWatch | undefined;
  /** Our own turns of the loop must not be taken for the user's. */
  readonly #nextTurn = setImmediate;
  readonly #stopWaiting = clearImmediate;
  #reporter: Reporter | undefined;
  #code: StatefulCode | undefined;
  #inFlight = 0;
  /** Invocations overlap: then nobody can tell whose work it is. */
  #mixed = false;
  #off = false;
  #id = '';
  #suspicion: Suspicion | undefined;
  #looksAtState = false;
  #waiting: { turn: NodeJS.Immediate; send: (observations: Observation[]) => void } | undefined;

  constructor(options: ObserveOptions) {
    this.#options = options;
    const tracker = this.#tracker;
    const files = this.#files;
    watchTimers(tracker, () => this.#builtins.patch('timers/promises'));
    watchFetch(tracker);
    let servers = false;
    const watchNet = () => {
      if (!servers) watchServers(tracker);
      servers = true;
    };
    this.#builtins = new BuiltinPatches({
      'timers/promises': (module) => watchTimerPromises(tracker, module),
      child_process: () => watchProcesses(tracker),
      worker_threads: () => watchWorkers(tracker),
      net: watchNet,
      tls: watchNet,
      http2: watchNet,
      http: (module) => {
        watchHttp(tracker, module);
        watchNet();
      },
      https: (module) => {
        watchHttp(tracker, module);
        watchNet();
      },
      fs: (module) => {
        watchWatchers(tracker, module);
        if (options.state) files.watch(module);
      },
      'fs/promises': (module) => {
        if (options.state) files.watchPromises(module);
      },
    });
    if (options.mode === 'full') this.#full = this.#report().followAll();
  }

  loaded(code: LoadedCode): void {
    this.#safely(() => {
      if (code.modules) this.#builtins.patchImported();
      if (this.#options.state) this.#code = { ...code, globals: new Set(Object.keys(globalThis)) };
      this.#openWork.settle();
    });
  }

  begin(id: string): void {
    this.#dropWaiting();
    this.#id = id;
    this.#mixed = ++this.#inFlight > 1;
    this.#openWork.begin(id);
    this.#full?.begin();
  }

  answered(): boolean {
    this.#inFlight--;
    this.#full?.answered();
    if (this.#off || this.#mixed || this.#inFlight > 0) return false;
    const suspicion = this.#openWork.answered(this.#full !== undefined);
    const looks = this.#full !== undefined || (suspicion !== undefined && this.#budget.allows());
    this.#suspicion = looks ? suspicion : undefined;
    if (suspicion && !looks) this.#openWork.settle();
    this.#looksAtState = this.#code !== undefined && this.#schedule.answered();
    return looks || this.#looksAtState || this.#ran.size > 0;
  }

  report(send: (observations: Observation[]) => void): void {
    if (!this.#suspicion) return send(this.#observe());
    // Much of what is open at the answer is over within a turn of the loop: a file that closes, a promise on its way.
    const turn = this.#nextTurn(() => {
      this.#waiting = undefined;
      send(this.#observe());
    });
    this.#waiting = { turn, send };
  }

  #observe(): Observation[] {
    const observations: Observation[] = [];
    this.#safely(() => {
      const startUs = nowUs();
      const suspicion = this.#suspicion;
      if (suspicion) {
        const found = this.#report().openWork(suspicion);
        observations.push(...found, ...(this.#full?.report(found) ?? []));
        this.#openWork.settle();
        this.#budget.spent(nowUs() - startUs);
      }
      observations.push(...this.#ran.values());
      this.#ran.clear();
      if (!this.#looksAtState || !this.#code) return;
      const stateUs = nowUs();
      observations.push(...this.#report().carriedState(this.#code, this.#schedule.call, this.#id));
      this.#schedule.looked(nowUs() - stateUs);
    });
    return observations;
  }

  #report(): Reporter {
    if (!this.#reporter) {
      const module = join(dirname(this.#options.module), 'observers.report.bootstrap.cjs');
      const bundle = createRequire(module)(module) as { createReporter: typeof createReporter };
      const [tracker, ran, files] = [this.#tracker, this.#ran, this.#files];
      this.#reporter = bundle.createReporter({ module, tracker, ran, files, isForeign });
    }
    return this.#reporter;
  }

  /** The host did not wait: what would have been told now would be of two invocations. */
  #dropWaiting(): void {
    if (!this.#waiting) return;
    this.#stopWaiting(this.#waiting.turn);
    this.#waiting.send([]);
    this.#waiting = undefined;
  }

  /** A fault of ours must not become one of the function. */
  #safely(run: () => void): void {
    if (this.#off) return;
    try {
      run();
    } catch (error) {
      this.#off = true;
      sayFailed(error);
    }
  }
}

function sayFailed(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `Porchlight does not watch this instance any more, because watching it failed: ${text}\n`,
  );
}

/** For a process that cannot be watched. */
const nothing: Observers = {
  loaded: () => {},
  begin: () => {},
  answered: () => false,
  report: (send) => send([]),
};

/** Starts watching this process; called before user code loads. */
export function createObservers(options: ObserveOptions): Observers {
  try {
    return new Watch(options);
  } catch (error) {
    sayFailed(error);
    return nothing;
  }
}
