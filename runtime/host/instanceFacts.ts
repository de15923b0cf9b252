import { fileURLToPath } from 'node:url';
import { stateOf } from '../instances/slot.ts';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { BoundPlace, DebugLedger } from '../languages/debugRelay.ts';
import { explainLimits, type BoundLine, type InstanceFacts } from '../protocol/control/breakpointFacts.ts';
import type { FileNames } from '../support/fileNames.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';
import type { InstanceLedger } from './debugSessions.ts';

/** The instances of a function and what debuggers did in them to a file; `names` are the paths it is known by. */
export function instanceFacts(
  runtime: FunctionRuntime,
  ledgers: readonly InstanceLedger[],
  names: FileNames,
): InstanceFacts[] {
  const { maps, pool } = runtime;
  const ofInstance = new Map<string, InstanceLedger>();
  for (const one of ledgers) if (!ofInstance.has(one.instance)) ofInstance.set(one.instance, one);
  const facts = pool.slots.map((slot): InstanceFacts => {
    const { id, phase, debugged } = stateOf(slot, undefined);
    const ledger = ofInstance.get(id);
    ofInstance.delete(id);
    return {
      id,
      phase,
      // A spare gets the code of the moment it is used.
      current: slot.current || slot.artifact === undefined,
      ran: slot.artifact !== undefined,
      debugged,
      ...(slot.declined === undefined ? {} : { declined: slot.declined }),
      ...(ledger?.attached
        ? { loaded: hasLoaded(ledger.ledger, maps, names, slot.artifact !== undefined) }
        : {}),
      bound: ledger?.attached ? boundLines(ledger.ledger?.bound ?? [], maps, names) : [],
    };
  });
  const ended = [...ofInstance.values()].map((ledger): InstanceFacts => ({
    id: ledger.instance,
    phase: 'ended',
    current: false,
    ran: hasRun(ledger.ledger, runtime),
    debugged: true,
    loaded: hasLoaded(ledger.ledger, maps, names, true),
    bound: boundLines(ledger.ledger?.bound ?? [], maps, names),
  }));
  return [...facts, ...ended].slice(0, explainLimits.instances);
}

/** Without a ledger nobody knows; whoever was attached was most likely called. */
function hasRun(ledger: DebugLedger | undefined, runtime: FunctionRuntime): boolean {
  if (!ledger) return true;
  for (const url of ledger.scripts) {
    const path = pathOf(url);
    // Spares load packages, too.
    if (!runtime.isOurs(path) && !/[\\/]node_modules[\\/]/.test(path)) return true;
  }
  return false;
}

/** Without a ledger code that runs is taken to be loaded as a whole. */
function hasLoaded(
  ledger: DebugLedger | undefined,
  maps: SourceMaps,
  names: FileNames,
  ran: boolean,
): boolean {
  if (!ledger) return ran;
  for (const url of ledger.scripts) {
    const path = pathOf(url);
    if (names.has(path)) return true;
    // Packages have hundreds of scripts, and no source of the user's.
    if (/[\\/]node_modules[\\/]/.test(path)) continue;
    if (maps.sourcesOf(path).some(names.has)) return true;
  }
  return false;
}

function boundLines(places: readonly BoundPlace[], maps: SourceMaps, names: FileNames): BoundLine[] {
  const lines = new Map<number, BoundLine>();
  for (const { url, line, column, hits, lastHitAt } of places) {
    const source = maps.map({ file: pathOf(url), line, column });
    if (!names.has(source.file)) continue;
    const known = lines.get(source.line);
    const last = Math.max(known?.lastHitAt ?? 0, lastHitAt ?? 0);
    lines.set(source.line, {
      line: source.line,
      hits: (known?.hits ?? 0) + hits,
      ...(last > 0 ? { lastHitAt: last } : {}),
    });
  }
  return [...lines.values()].slice(0, explainLimits.bound);
}

function pathOf(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  } catch {
    // An address that names no file of this machine belongs to no file that is asked about.
    return url;
  }
}
