import { saidIn } from '../../runtime/model/invocationRecord.ts';
import type { TriggerState } from '../../runtime/protocol/control/triggers.ts';

/** A trigger's state with its texts in the reader's language, as far as the host says what they are made of. */
export function translatedTrigger(state: TriggerState): TriggerState {
  const { text, problem, details, actions } = state;
  return {
    ...state,
    ...(text !== undefined && { text: saidIn(state, text) }),
    ...(problem !== undefined && { problem: saidIn(state, problem) }),
    ...(details && {
      details: details.map((detail) => ({
        ...detail,
        label: saidIn(state, detail.label),
        text: saidIn(state, detail.text),
      })),
    }),
    ...(actions && {
      actions: actions.map((action) => ({
        ...action,
        title: saidIn(state, action.title),
        ...(action.confirm !== undefined && { confirm: saidIn(state, action.confirm) }),
      })),
    }),
  };
}
