import type { FunctionUse, InstanceFacts } from '../../../runtime/protocol/control/breakpointFacts.ts';
import type { Bound, Diagnosis, Reason, Remedy, Standing } from './diagnosis.ts';
import { diagnoseUnused } from './diagnoseUnused.ts';
import type { DoctorFacts, Occasion } from './facts.ts';
import { readRefusal } from './refusal.ts';

/** Says why a breakpoint is or is not hit. Depends on nothing but the facts. */
export function diagnose(facts: DoctorFacts, occasion?: Occasion): Diagnosis {
  const { breakpoint, host } = facts;
  if (!breakpoint.enabled) return made({ kind: 'disabled' }, 'asIs', [{ kind: 'enable' }]);
  if (breakpoint.conditionProblem !== undefined && breakpoint.condition !== undefined) {
    const { condition, conditionProblem: detail } = breakpoint;
    return made({ kind: 'badCondition', condition, detail }, 'problem', [{ kind: 'editCondition' }]);
  }
  const bound = boundOf(facts, facts.told.instances, occasion);
  if (bound) return ofBound(facts, bound);
  if (!facts.code) return made({ kind: 'notCode' }, 'asIs');
  if (!host) return made({ kind: 'noFunctions' }, 'asIs', [{ kind: 'showFunctions' }]);
  if (!host.exists) return made({ kind: 'fileMissing' }, 'asIs', facts.unsaved ? [{ kind: 'save' }] : []);
  const users = host.users.filter((use) => !occasion || use.function === occasion.function);
  if (host.users.length === 0) return diagnoseUnused(host, breakpoint.line);
  if (users.length === 0) {
    return made({ kind: 'notInvoked', functions: host.users.map((use) => use.function) }, 'waiting');
  }
  return diagnoseUsed(facts, users, occasion);
}

/** The file is part of functions, and the breakpoint is set in none of their instances. */
function diagnoseUsed(facts: DoctorFacts, users: readonly FunctionUse[], occasion?: Occasion): Diagnosis {
  const { breakpoint, host } = facts;
  const first = users[0]!;
  const name = first.function;
  if (users.every((use) => !use.debugger)) {
    const language = facts.languages?.[name] ?? '';
    return made({ kind: 'noDebugger', function: name, language }, 'asIs');
  }
  if (facts.unsaved) return made({ kind: 'unsaved' }, 'problem', [{ kind: 'save' }]);
  const failed = users.every((use) => use.failed) ? first.failed : undefined;
  if (failed) {
    const { message, at, serving } = failed;
    const show: Remedy[] = at ? [{ kind: 'open', position: at, what: 'problem' }] : [];
    return made({ kind: 'buildFailed', function: name, message, serving }, 'problem', show);
  }
  const own = host?.lines.find(({ line }) => line === breakpoint.line);
  if (own?.code === false && !movedWell(facts)) {
    const reason: Reason = { kind: 'noCode', ...nearest(own.nearest) };
    return made(reason, 'problem', moveTo(own.nearest));
  }
  const running = users.map((use) => use.lines.find(({ line }) => line === breakpoint.line));
  if (own?.code !== false && running.every((line) => line?.code === false)) {
    const to = running[0]?.nearest;
    return made({ kind: 'removed', function: name, ...nearest(to) }, 'problem', moveTo(to));
  }
  if (!facts.debugging) {
    return made({ kind: 'notDebugging', function: name }, 'asIs', [{ kind: 'debug', function: name }]);
  }
  const debugged = users.filter((use) => use.debugged && use.debugger);
  if (debugged.length === 0) {
    const functions = users.map((use) => use.function);
    return made({ kind: 'otherFunctions', functions }, 'asIs', [{ kind: 'debug', function: name }]);
  }
  if (facts.deactivated) return made({ kind: 'deactivated' }, 'asIs', [{ kind: 'activateAll' }]);
  return diagnoseDebugged(facts, debugged, occasion);
}

/** Whether the debugger put a breakpoint of a line without code where calls come by. */
function movedWell({ told, host }: DoctorFacts): boolean {
  const to = told.noted && host?.lines.find(({ line }) => line === told.line);
  return to?.code === true && !to.declares;
}

/** Its functions are debugged, the line has code, and yet no instance is known to have it set. */
function diagnoseDebugged(facts: DoctorFacts, users: readonly FunctionUse[], occasion?: Occasion): Diagnosis {
  const { told } = facts;
  const functions = users.map((use) => use.function);
  const name = functions[0]!;
  const instances = users
    .flatMap((use) => use.instances)
    .filter(({ id }) => occasion?.instance === undefined || id === occasion.instance);
  const alive = instances.filter(({ phase }) => phase !== 'ended' && phase !== 'stopping');
  const detail = occasion?.declined ?? refusal(alive);
  if (detail !== undefined) return made({ kind: 'declined', function: name, detail }, 'problem');
  const older = alive.filter(({ current }) => !current);
  if (older.length > 0 && !alive.some((one) => one.current && one.debugged && one.loaded)) {
    const ids = older.map(({ id }) => id);
    const reason: Reason = { kind: 'older', function: name, instances: ids };
    return made(reason, 'problem', [{ kind: 'replace', function: name, instances: ids }]);
  }
  const noted = boundOf(facts, told.noted ?? []);
  if (noted) return ofBound(facts, noted);
  if (told.refused !== undefined) return diagnoseRefused(name, told.refused);
  const invoke: Remedy[] = [{ kind: 'invoke', function: name }];
  const loaded = alive.filter((one) => one.debugged && one.loaded);
  const open = occasion ? instances.filter((one) => one.loaded) : loaded;
  if (open.length > 0) {
    const ids = open.map(({ id }) => id);
    const replace: Remedy[] =
      loaded.length > 0 ? [{ kind: 'replace', function: name, instances: loaded.map(({ id }) => id) }] : [];
    return made({ kind: 'unexplained', function: name, instances: ids }, 'problem', replace);
  }
  const ran = instances.some((one) => one.ran && one.loaded !== undefined);
  const kind = ran ? 'notLoaded' : 'notInvoked';
  return made({ kind, functions }, 'waiting', invoke);
}

/** The debugger knows all code of the program, and looked for the line in vain. */
function diagnoseRefused(name: string, detail: string): Diagnosis {
  switch (readRefusal(detail)) {
    case 'file':
      return made({ kind: 'notCompiled', function: name }, 'problem', [{ kind: 'showFunctions' }]);
    case 'statement':
      return made({ kind: 'removed', function: name }, 'problem');
    case 'other':
      return made({ kind: 'refused', function: name, detail }, 'problem');
  }
}

/** Why no instance that runs is debugged; undefined when one is. */
function refusal(alive: readonly InstanceFacts[]): string | undefined {
  if (alive.some(({ debugged }) => debugged)) return undefined;
  return alive.find(({ declined }) => declined !== undefined)?.declined;
}

/** Where debuggers have set it: as they said themselves, and as their ledgers show. */
function boundOf(
  { breakpoint, told, host }: DoctorFacts,
  toldBy: readonly string[],
  occasion?: Occasion,
): Bound | undefined {
  const own = host?.lines.find(({ line }) => line === breakpoint.line);
  // A line without code is taken for the next one that has some.
  const lines = new Set([breakpoint.line, told.line, own?.code === false ? own.nearest : undefined]);
  const found = (host?.users ?? []).flatMap((use) =>
    use.instances
      .filter(({ id, phase }) => phase !== 'ended' || id === occasion?.instance)
      .flatMap(({ id, bound }) =>
        bound.flatMap((at) => (lines.has(at.line) ? [{ id, at, function: use.function }] : [])),
      ),
  );
  const instances = new Set([...toldBy, ...found.map(({ id }) => id)]);
  if (instances.size === 0) return undefined;
  const line = told.line ?? found[0]?.at.line;
  const lastHitAt = Math.max(0, ...found.map(({ at }) => at.lastHitAt ?? 0));
  return {
    functions: [...new Set([...instances].map((id) => id.replace(/#\d+$/, '')))],
    instances: [...instances],
    hits: found.reduce((sum, { at }) => sum + at.hits, 0),
    stops: told.stops,
    ...(line !== undefined && line !== breakpoint.line ? { line } : {}),
    ...(lastHitAt > 0 ? { lastHitAt } : {}),
  };
}

function ofBound({ breakpoint, unsaved }: DoctorFacts, bound: Bound): Diagnosis {
  const { condition, hitCondition, logMessage, conditionThrew } = breakpoint;
  const edit: Remedy[] = [{ kind: 'editCondition' }];
  if (logMessage !== undefined) return made({ kind: 'logpoint', bound }, 'fine');
  if (bound.stops === 0 && condition !== undefined) {
    return conditionThrew === undefined
      ? made({ kind: 'conditionNeverTrue', bound, condition }, 'fine', edit)
      : made({ kind: 'conditionThrew', bound, condition, detail: conditionThrew }, 'fine', edit);
  }
  if (bound.stops === 0 && hitCondition !== undefined)
    return made({ kind: 'hitCountNotReached', bound, hitCondition }, 'fine', edit);
  return made({ kind: 'bound', bound, unsaved }, 'fine', unsaved ? [{ kind: 'save' }] : []);
}

const nearest = (line: number | undefined): { nearest?: number } =>
  line === undefined ? {} : { nearest: line };
const moveTo = (line: number | undefined): Remedy[] => (line === undefined ? [] : [{ kind: 'move', line }]);

function made(reason: Reason, standing: Standing, remedies: Remedy[] = []): Diagnosis {
  return { reason, standing, remedies };
}
