import type { InvocationStatus, LogLevel, PhaseName, StartKind } from '../../runtime/model/words.ts';
import type { InstancePhase } from '../../runtime/protocol/control/state.ts';
import { l10n } from '../editor/l10n.ts';

/** An icon of the editor's set and the colour it takes. */
export interface Icon {
  id: string;
  color?: string;
}

/** How an invocation ended, in a word or two. */
export function statusWord(status: InvocationStatus): string {
  const words: Record<InvocationStatus, string> = {
    running: l10n.t('running'),
    ok: l10n.t('ok'),
    error: l10n.t('error'),
    timeout: l10n.t('timed out'),
    oom: l10n.t('out of memory'),
    throttled: l10n.t('throttled'),
    crashed: l10n.t('crashed'),
    interrupted: l10n.t('interrupted'),
  };
  return words[status];
}

const failed = 'testing.iconFailed';
const statusIcons: Record<InvocationStatus, Icon> = {
  running: { id: 'loading~spin' },
  ok: { id: 'pass', color: 'testing.iconPassed' },
  error: { id: 'error', color: failed },
  timeout: { id: 'watch', color: failed },
  oom: { id: 'chip', color: failed },
  throttled: { id: 'circle-slash', color: 'testing.iconSkipped' },
  crashed: { id: 'flame', color: failed },
  interrupted: { id: 'debug-stop', color: 'testing.iconSkipped' },
};

export const statusIcon = (status: InvocationStatus): Icon => statusIcons[status];

/** How an invocation got its instance. */
export function startKindWord(kind: StartKind): string {
  const words: Record<StartKind, string> = {
    cold: l10n.t('cold'),
    prewarmed: l10n.t('prewarmed'),
    warm: l10n.t('warm'),
  };
  return words[kind];
}

/** How serious a printed line is. */
export function logLevelWord(level: LogLevel): string {
  const words: Record<LogLevel, string> = {
    trace: l10n.t('trace'),
    debug: l10n.t('debug'),
    info: l10n.t('info'),
    warn: l10n.t('warning'),
    error: l10n.t('error'),
  };
  return words[level];
}

/** What happens in a phase, for people who have not read about it. */
export function phaseMeaning(name: PhaseName): string {
  const meanings: Record<PhaseName, string> = {
    queue: l10n.t('waiting for an instance'),
    spawn: l10n.t('starting the process'),
    boot: l10n.t('starting the language runtime'),
    load: l10n.t('loading your code and its packages'),
    init: l10n.t('running the initializer'),
    handler: l10n.t('running your handler'),
    teardown: l10n.t('finishing up in the instance'),
  };
  return meanings[name];
}

/** Where an instance is in its life. */
export function instanceWord(phase: InstancePhase): string {
  const words: Record<InstancePhase, string> = {
    starting: l10n.t('starting'),
    prewarmed: l10n.t('prewarmed, waiting for code'),
    loading: l10n.t('loading code'),
    idle: l10n.t('idle'),
    busy: l10n.t('busy'),
    frozen: l10n.t('idle, frozen'),
    paused: l10n.t('paused in the debugger'),
    stopping: l10n.t('stopping'),
  };
  return words[phase];
}

const lit = 'charts.yellow';
const instanceIcons: Record<InstancePhase, Icon> = {
  starting: { id: 'loading~spin' },
  prewarmed: { id: 'circle-large-outline' },
  loading: { id: 'loading~spin' },
  idle: { id: 'lightbulb', color: lit },
  busy: { id: 'zap', color: lit },
  frozen: { id: 'lightbulb', color: lit },
  paused: { id: 'debug-pause' },
  stopping: { id: 'circle-slash' },
};

export const instanceIcon = (phase: InstancePhase): Icon => instanceIcons[phase];
