import type hooks from 'node:async_hooks';
import {
  observationLimits,
  type OpenWork,
  type OpenWorkKind,
  type RawFrame,
} from '../../../protocol/instance/observations.ts';
import { inPackage, placesOf } from './callSites.ts';
import { capture, type Captured } from './capture.ts';
import { requireBuiltin } from './requireBuiltin.ts';

/** Asynchronous operations by Node's name; the others are sockets, which are kept on purpose, or Node's own. */
const kinds: Record<string, OpenWorkKind> = {
  PROMISE: 'promise',
  Timeout: 'timer',
  Immediate: 'immediate',
  FSREQCALLBACK: 'file',
  FSREQPROMISE: 'file',
  GETADDRINFOREQWRAP: 'connection',
  TCPCONNECTWRAP: 'connection',
  PROCESSWRAP: 'process',
  WORKER: 'worker',
  FSEVENTWRAP: 'watcher',
  PBKDF2REQUEST: 'other',
  SCRYPTREQUEST: 'other',
  RANDOMBYTESREQUEST: 'other',
  KEYPAIRGENREQUEST: 'other',
};

/** Operations followed at a time. */
const most = 20_000;

/** Follows every promise and operation of an invocation, with the line that began it. Dear: only when asked for. */
export class AsyncWorkWatch {
  #hook: hooks.AsyncHook;
  #following = false;
  #open = new Map<number, { what: OpenWorkKind; type: string; stack: Captured }>();

  constructor() {
    const { createHook } = requireBuiltin<typeof hooks>('async_hooks');
    const open = this.#open;
    const isFollowing = () => this.#following;
    this.#hook = createHook({
      init: function init(id, type) {
        if (!isFollowing()) return;
        const what = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
        if (what !== undefined && open.size < most) open.set(id, { what, type, stack: capture(init) });
      },
      destroy: (id) => void open.delete(id),
      promiseResolve: (id) => void open.delete(id),
    });
  }

  begin(): void {
    this.#following = true;
    this.#open.clear();
    this.#hook.enable();
  }

  /** What begins from now on is not the invocation's; what it began may still end. */
  answered(): void {
    this.#following = false;
  }

  /** What is unfinished and not told already by `known`; each line once. */
  report(known: readonly { frame?: RawFrame }[]): OpenWork[] {
    this.#hook.disable();
    const told = new Set(known.map(({ frame }) => lineOf(frame)));
    const found: OpenWork[] = [];
    for (const { what, type, stack } of this.#open.values()) {
      const places = placesOf(stack);
      // A promise is made where the called function begins; what matters is the line that called it and did not wait.
      const frame = what === 'promise' ? places.at(-1) : places[0];
      if (!frame || inPackage(frame[0]) || places.some((place) => told.has(lineOf(place)))) continue;
      told.add(lineOf(frame));
      found.push({ kind: 'openWork', what, count: 1, frame, ...(what === 'other' ? { detail: type } : {}) });
      if (found.length === observationLimits.observations) break;
    }
    this.#open.clear();
    return found;
  }
}

function lineOf(frame: RawFrame | undefined): string {
  return frame ? `${frame[0]}:${frame[1]}` : '';
}
