import { join } from 'node:path';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import {
  importCosts,
  profileLimits,
  type ColdStartProfile,
  type ImportCosts,
} from '../model/coldStartProfile.ts';
import { PorchlightError, saidAs } from '../model/errors.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { ProfiledRun } from '../profile/makeProfile.ts';
import { ProfileStore } from '../profile/profileStore.ts';
import { ImportCostsChanged, type ProfileParams } from '../protocol/control/messages.ts';
import type { ImportGraph } from '../protocol/instance/importGraph.ts';
import type { Host } from './host.ts';
import { stateFolder } from './hostFile.ts';
import { usualEvent } from './usualEvent.ts';
import { type Phrase, phrase } from '../support/l10n.ts';

/** What a passing load costs is worked out a little later: the calls right behind it come first. */
const passiveDelayMs = 300;

/** Measures cold starts of a host's functions, and keeps what was measured. */
export class Profiling {
  readonly #host: Host;
  readonly #store: ProfileStore;
  #running = new Set<string>();
  /** Imports of loads whose invocations have not ended yet, by invocation. */
  #told = new Map<string, ImportGraph>();
  /** Code that was asked about already, as `function artifact`. */
  #asked = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
    this.#store = new ProfileStore(join(stateFolder(host.options.root), 'profiles'));
  }

  /** Runs cold starts one after the other, each on a fresh process that ends with it. `onRun` counts from 1. */
  async profile(
    params: ProfileParams,
    onRun: (run: number) => void,
    signal: AbortSignal,
  ): Promise<ColdStartProfile> {
    const runtime = this.#host.registry.get(params.function);
    const { runs } = params;
    if (!Number.isInteger(runs) || runs < 1 || runs > profileLimits.runs) {
      throw new PorchlightError('USAGE', {
        detail: `The number of runs is ${runs}. Give one from 1 to ${profileLimits.runs}.`,
      });
    }
    this.#refuse(runtime);
    this.#running.add(params.function);
    try {
      const sample = await usualEvent(this.#host, runtime, params.event);
      // A build is no part of a cold start.
      const artifact = await runtime.prepareArtifact();
      this.#refuseOld(runtime);
      const measured: ProfiledRun[] = [];
      for (let run = 1; run <= runs && !signal.aborted; run++) {
        onRun(run);
        const label = `profile run ${run} of ${runs}`;
        const one = await this.#measure(runtime, { ...sample, label }, artifact, signal);
        if (one) measured.push(one);
      }
      if (measured.length === 0) {
        throw this.#impossible(runtime, phrase('it was cancelled before a run had ended. Start it again.'));
      }
      const profile = await this.#make(runtime, artifact, measured, false);
      await this.#keep(profile);
      return profile;
    } finally {
      this.#running.delete(params.function);
    }
  }

  list(name: string): Promise<ColdStartProfile[]> {
    this.#host.registry.get(name);
    return this.#store.list(name);
  }

  /** What the latest profile of each function says of its imports. */
  async importCosts(): Promise<ImportCosts[]> {
    const latest = await Promise.all(this.#host.registry.names.map((name) => this.#store.list(name)));
    return latest.flatMap(([newest]) => (newest ? [importCosts(newest)] : []));
  }

  /**
   * Records what imports cost at the first load of every artifact, so that source lines can show it without being asked.
   * Later loads of the same code are not slowed down.
   */
  watch(runtime: FunctionRuntime): void {
    if (!runtime.recording) return;
    const { name } = runtime.definition;
    runtime.imports.wants = (artifact) => {
      const key = `${name} ${artifact.id}`;
      // ES modules tell nothing of worth without hooks, whose price only a profile may ask.
      if (artifact.loader !== 'script' || this.#asked.has(key)) return undefined;
      this.#asked.add(key);
      return this.#store.has(name, artifact.id) ? undefined : 'light';
    };
    runtime.imports.onDidTell(({ invocation, imports }) => {
      if (invocation.profile === undefined) this.#told.set(invocation.summary.id, imports);
    });
    runtime.onDidFinish((record) => {
      const imports = this.#told.get(record.id);
      if (!imports) return;
      this.#told.delete(record.id);
      // Modules that were there before cost nothing here: such figures would be taken for real ones.
      if (imports.preloaded > 0) {
        this.#asked.delete(`${name} ${record.artifact}`);
        return;
      }
      const timer = setTimeout(() => void this.#keepPassive(runtime, record, imports), passiveDelayMs);
      timer.unref();
    });
  }

  async #keepPassive(
    runtime: FunctionRuntime,
    record: InvocationRecord,
    imports: ImportGraph,
  ): Promise<void> {
    try {
      const artifact = await runtime.prepareArtifact();
      // Saved again meanwhile: the lines may be others by now.
      if (artifact.id !== record.artifact || runtime.state().build.state === 'failed') return;
      const run = { phases: record.phases, wallMs: record.wallMs, imports };
      await this.#keep(await this.#make(runtime, artifact, [run], true));
    } catch (error) {
      this.#host.say('warn', `What the imports of ${record.function} cost is not shown: ${String(error)}`);
    }
  }

  #refuse(runtime: FunctionRuntime): void {
    const { name } = runtime.definition;
    if (this.#host.debug.isDebugging(name)) {
      throw this.#impossible(
        runtime,
        phrase('it is being debugged, and a debugger changes every start. Stop debugging first.'),
      );
    }
    if (this.#running.has(name)) throw this.#impossible(runtime, phrase('it is being profiled already.'));
  }

  /** Behind an edit that does not build the code before goes on serving; its lines are not those of the files. */
  #refuseOld(runtime: FunctionRuntime): void {
    const { build } = runtime.state();
    if (build.state === 'failed') throw this.#impossible(runtime, saidAs(build));
  }

  /** One cold start. A handler that fails is measured like any other; code that does not load is not. */
  async #measure(
    runtime: FunctionRuntime,
    request: { event: Uint8Array; trigger: 'http' | 'event'; label: string },
    artifact: DevArtifact,
    signal: AbortSignal,
  ): Promise<ProfiledRun | undefined> {
    let imports: ImportGraph | undefined;
    let own = '';
    const listening = runtime.imports.onDidTell(({ invocation, imports: told }) => {
      if (invocation.summary.id === own) imports = told;
    });
    try {
      const accepted = runtime.accept({ ...request, startKind: 'cold', profile: 'full', signal });
      own = accepted.id;
      const record = await accepted.record;
      await this.#end(runtime, record);
      if (signal.aborted) return undefined;
      if (record.debugged)
        throw this.#impossible(runtime, phrase('a debugger was attached meanwhile. Stop debugging first.'));
      if (record.artifact !== artifact.id) {
        throw this.#impossible(runtime, phrase('its code changed meanwhile. Start it again.'));
      }
      const loaded = record.phases.some(({ name }) => name === 'handler');
      if (!loaded) {
        const why = record.error ? `${record.error.type}: ${record.error.message}` : record.status;
        throw this.#impossible(runtime, phrase('its code does not load. {why}', { why }));
      }
      return { phases: record.phases, wallMs: record.wallMs, ...(imports ? { imports } : {}) };
    } finally {
      listening.dispose();
    }
  }

  /** The next run is to have the machine for itself. */
  async #end(runtime: FunctionRuntime, { instance }: InvocationRecord): Promise<void> {
    const slot = runtime.pool.slots.find((each) => each.instance.id === instance?.id);
    if (!slot) return;
    runtime.pool.end(slot, 'profiled');
    await slot.instance.exited;
  }

  async #make(
    runtime: FunctionRuntime,
    artifact: DevArtifact,
    runs: ProfiledRun[],
    passive: boolean,
  ): Promise<ColdStartProfile> {
    const [{ makeProfile }, { profileSources }] = await Promise.all([
      import('../profile/makeProfile.ts'),
      import('../profile/profileSources.ts'),
    ]);
    const { interpreter, language } = runtime.state();
    return makeProfile(
      {
        function: runtime.definition.name,
        artifact: artifact.id,
        root: this.#host.options.root,
        node: interpreter ?? language,
        at: Date.now(),
        passive,
        runs,
        esModule: artifact.loader === 'import',
        ownFiles: artifact.kind === 'bundle' ? [artifact.entry] : artifact.inputs,
      },
      await profileSources(runtime.maps),
    );
  }

  async #keep(profile: ColdStartProfile): Promise<void> {
    await this.#store.save(profile);
    this.#host.broadcast((client) => client.sendNotification(ImportCostsChanged, importCosts(profile)));
  }

  #impossible(runtime: FunctionRuntime, detail: string | Phrase): PorchlightError {
    return new PorchlightError('PROFILE_IMPOSSIBLE', { function: runtime.definition.name, detail });
  }
}
