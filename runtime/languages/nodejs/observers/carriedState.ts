import type { CarriedState, LoadedCode } from '../../../protocol/instance/observations.ts';
import { Fingerprinter } from './fingerprint.ts';
import { findOwnModules, isWrittenIn, type OwnModule } from './ownModules.ts';
import { isInspected, scopesOf } from './scopes.ts';
import { StateHistory, type Snapshot } from './stateHistory.ts';
import type { TempFiles } from './tempFiles.ts';

/** What a CommonJS wrapper hands in; it is not the user's. */
const wrapperNames = new Set(['exports', 'require', 'module', '__filename', '__dirname']);

/** Code with the globals that were there when it had loaded. */
export interface StatefulCode extends LoadedCode {
  globals: ReadonlySet<string>;
}

/** Looks at the state of the process after answers. */
export class CarriedStateReport {
  #code: StatefulCode;
  #files: TempFiles;
  #history = new StateHistory();
  #modules: OwnModule[] | undefined;
  #prototypes = new WeakMap<object, boolean>();
  #fingerprinter: Fingerprinter;

  constructor(code: StatefulCode, files: TempFiles, isForeign: (value: object) => boolean) {
    this.#code = code;
    this.#files = files;
    this.#fingerprinter = new Fingerprinter({ isForeign, isOwn: (prototype) => this.#isOwnClass(prototype) });
  }

  /** What the invocation found as an earlier one had left it. `call` counts the calls of the instance. */
  report(call: number, id: string): CarriedState[] {
    if (isInspected()) return [];
    const snapshot: Snapshot = new Map();
    this.#addVariables(snapshot);
    this.#addGlobals(snapshot);
    this.#addEnvironment(snapshot);
    for (const { path, size, hash } of this.#files.list()) {
      snapshot.set(path, { what: 'files', hash, size, empty: false });
    }
    return this.#history.add(call, id, snapshot, this.#files.takeWritten());
  }

  #addVariables(snapshot: Snapshot): void {
    this.#modules ??= findOwnModules(this.#code.entry, this.#code.handler);
    const modules = this.#modules;
    const scopes = scopesOf(modules.map(({ probe }) => probe));
    modules.forEach(({ file, exports }, index) => {
      for (const scope of scopes[index]!) {
        for (const [name, value] of Object.entries(scope)) {
          if (!wrapperNames.has(name)) this.#set(snapshot, name, value, file);
        }
      }
      for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(exports ?? {}))) {
        if ('value' in property && typeof property.value !== 'function')
          this.#set(snapshot, `exports.${name}`, property.value, file);
      }
    });
  }

  /** Whether instances of a class are the user's state: its text stands in a file of theirs. */
  #isOwnClass(prototype: object): boolean {
    let own = this.#prototypes.get(prototype);
    if (own === undefined) {
      const made = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
      own = typeof made === 'function' && (this.#modules ?? []).some(({ text }) => isWrittenIn(text, made));
      this.#prototypes.set(prototype, own);
    }
    return own;
  }

  #set(snapshot: Snapshot, name: string, value: unknown, file: string): void {
    // The same name in two files: the second is told with its file's name.
    const key = snapshot.has(name) ? `${name} (${file.split(/[\\/]/).pop()})` : name;
    snapshot.set(key, { what: 'variables', file, ...this.#fingerprinter.of(value) });
  }

  #addGlobals(snapshot: Snapshot): void {
    for (const name of Object.keys(globalThis)) {
      if (this.#code.globals.has(name)) continue;
      const property = Object.getOwnPropertyDescriptor(globalThis, name);
      if (property && 'value' in property)
        snapshot.set(`globalThis.${name}`, { what: 'variables', ...this.#fingerprinter.of(property.value) });
    }
  }

  #addEnvironment(snapshot: Snapshot): void {
    for (const [name, value] of Object.entries(process.env)) {
      if (!this.#code.ownVariables.includes(name))
        snapshot.set(`process.env.${name}`, { what: 'variables', ...this.#fingerprinter.of(value) });
    }
  }
}
