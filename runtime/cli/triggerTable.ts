import { dateTime } from '../model/dateTime.ts';
import type { TriggerState } from '../protocol/control/triggers.ts';
import { table } from './terminal.ts';

const statusWords: Record<TriggerState['status'], string> = {
  running: 'running',
  stopped: 'not running',
  disabled: 'disabled',
  manual: 'by hand',
  failed: 'failed',
};

/** Triggers as a compact table; times are local. */
export function triggerTable(triggers: readonly TriggerState[]): string {
  const head = ['FUNCTION', 'TRIGGER', 'KIND', 'WHAT', 'STATUS', 'NEXT', 'WAITING', 'LAST'];
  const rows = triggers.map((trigger) => [
    trigger.function,
    trigger.name,
    trigger.kind,
    [trigger.summary, trigger.text].filter(Boolean).join(' · ') || '-',
    statusWords[trigger.status],
    trigger.next?.[0] === undefined ? '-' : dateTime(trigger.next[0]),
    trigger.waiting === undefined ? '-' : String(trigger.waiting),
    lastText(trigger),
  ]);
  return table([head, ...rows]);
}

/** What is wrong with triggers, a line each. */
export function triggerProblems(triggers: readonly TriggerState[]): string {
  return triggers
    .flatMap(({ function: name, name: trigger, problem }) =>
      problem === undefined ? [] : [`${name}.${trigger}: ${problem}\n`],
    )
    .join('');
}

function lastText({ last, fired }: TriggerState): string {
  if (!last) return '-';
  const attempts = last.attempts > 1 ? `, attempt ${last.attempts}` : '';
  return `${last.status}${attempts} at ${dateTime(last.at)} (${fired} fired)`;
}
