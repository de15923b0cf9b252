import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { type Told, told, toldOf } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Problem } from '../model/project.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { Clock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';
import { Emitter } from '../support/emitter.ts';
import type { FunctionSource, SourcedFunction } from './functionSource.ts';
import { phrase } from '../support/l10n.ts';

/** How long what is found out waits behind what brought the functions here, in milliseconds. */
const patienceMs = 50;

/** A function as the registry keeps it. */
export interface LookedAt {
  sourced: SourcedFunction;
  runtime: FunctionRuntime;
}

interface Finding extends LookedAt {
  interpreter: Problem[];
  code: Problem[];
  artifact: DevArtifact | undefined;
  /** The code changed while it was looked at. */
  again: boolean;
  looking: boolean;
}

/**
 * What is found out about functions once they are listed, since it takes longer than reading a project may: which
 * interpreter they get, and what their code says. Nobody who starts a host or invokes a function waits for it.
 */
export class FunctionFindings {
  readonly #inspect: FunctionSource['inspect'];
  readonly #findings = new Map<string, Finding>();
  readonly #running = new Set<Promise<void>>();
  readonly #clock: Clock;
  /** Opens when it is time to look. */
  #gate: { opened: Deferred<void>; cancel: () => void } | undefined;
  #disposed = false;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(inspect: FunctionSource['inspect'], clock: Clock) {
    this.#inspect = inspect;
    this.#clock = clock;
  }

  /** Problems of these functions, in their order. */
  of(names: readonly string[]): Problem[] {
    return names.flatMap((name) => {
      const { interpreter = [], code = [] } = this.#findings.get(name) ?? {};
      return [...interpreter, ...code];
    });
  }

  /** Begins with what is new among these functions, all there are; the others are forgotten. */
  look(functions: Iterable<LookedAt>): void {
    const names = new Set<string>();
    for (const looked of functions) {
      const { name } = looked.runtime.definition;
      names.add(name);
      const known = this.#findings.get(name);
      // Whatever stands in for a missing interpreter: it may have been installed meanwhile.
      if (known?.runtime === looked.runtime) {
        if (known.interpreter.length > 0) this.#run(this.#findInterpreter(known, true));
        continue;
      }
      this.#begin(looked);
    }
    for (const name of this.#findings.keys()) if (!names.has(name)) this.#findings.delete(name);
  }

  /** Code of these functions is another, whether or not it was built before. */
  lookAgain(names: readonly string[]): void {
    for (const name of names) {
      const finding = this.#findings.get(name);
      if (finding) this.#run(this.#lookAtCode(finding));
    }
  }

  /** Looks at everything now, and resolves when that is done. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) {
      this.#openGate();
      await Promise.all(this.#running);
    }
  }

  #begin({ sourced, runtime }: LookedAt): void {
    const { name } = runtime.definition;
    const before = this.#findings.get(name);
    const finding: Finding = {
      sourced,
      runtime,
      // Shown until it is known better: a warning that vanishes and comes back says nothing.
      interpreter: before?.interpreter ?? [],
      code: before?.code ?? [],
      artifact: undefined,
      again: false,
      looking: false,
    };
    this.#findings.set(name, finding);
    this.#run(this.#findInterpreter(finding, false));
    this.#run(this.#lookAtCode(finding));
    runtime.onDidBuild((artifact) => {
      finding.artifact = artifact;
      this.#run(this.#lookAtCode(finding));
    });
  }

  #run(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #findInterpreter(finding: Finding, again: boolean): Promise<void> {
    const { runtime } = finding;
    const { definition } = runtime;
    let problems: Problem[] = [];
    await this.#timeToLook();
    if (this.#disposed) return;
    try {
      const { instead } = await (again ? runtime.renewInterpreter() : runtime.interpreter());
      if (instead) problems = [problemAt(definition, 'warning', instead)];
    } catch (error) {
      problems = [problemAt(definition, 'error', toldOf(error))];
    }
    if (JSON.stringify(problems) === JSON.stringify(finding.interpreter)) return;
    finding.interpreter = problems;
    this.#tell(finding);
  }

  async #lookAtCode(finding: Finding): Promise<void> {
    if (!this.#inspect) return;
    if (finding.looking) {
      finding.again = true;
      return;
    }
    finding.looking = true;
    await this.#timeToLook();
    try {
      do {
        if (this.#disposed) return;
        finding.again = false;
        const problems = await this.#inspect(finding.sourced, finding.artifact).catch(
          (error: unknown): Problem[] => [
            problemAt(
              finding.sourced.definition,
              'warning',
              told('INTERNAL', {
                detail: phrase('The code cannot be looked at: {error}', { error: String(error) }),
              }),
            ),
          ],
        );
        if (JSON.stringify(problems) === JSON.stringify(finding.code)) continue;
        finding.code = problems;
        this.#tell(finding);
      } while (finding.again);
    } finally {
      finding.looking = false;
    }
  }

  /** What brought the functions here, a host's start most of all, goes first, unless somebody waits for the findings. */
  #timeToLook(): Promise<void> {
    if (!this.#gate) {
      const cancel = this.#clock.after(patienceMs, () => this.#openGate());
      this.#gate = { opened: new Deferred(), cancel };
    }
    return this.#gate.opened.promise;
  }

  #openGate(): void {
    this.#gate?.cancel();
    this.#gate?.opened.resolve();
    this.#gate = undefined;
  }

  /** Nothing more is looked at. */
  dispose(): void {
    this.#disposed = true;
    this.#openGate();
  }

  #tell(finding: Finding): void {
    if (this.#findings.get(finding.runtime.definition.name) === finding) this.#changed.fire();
  }
}

function problemAt(definition: FunctionDefinition, severity: Problem['severity'], told: Told): Problem {
  const at = definition.runtimeAt ?? definition.declaredAt;
  return { severity, ...told, ...at, function: definition.name };
}
