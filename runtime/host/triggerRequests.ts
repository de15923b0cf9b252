import { storeBody } from '../invocations/storedBody.ts';
import {
  ActOnTrigger,
  FireTrigger,
  ListTriggers,
  SetTriggerRunning,
  type FireTriggerParams,
  type FireTriggerResult,
} from '../protocol/control/triggers.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { TriggerSources } from './triggerSources.ts';
import { say } from '../support/l10n.ts';

/** Answers what clients ask about triggers. */
export function serveTriggerRequests(connection: RpcConnection, triggers: TriggerSources): void {
  connection.onRequest(ListTriggers, ({ function: name }) => triggers.list(name));
  connection.onRequest(FireTrigger, (params) => fire(triggers, params));
  connection.onRequest(SetTriggerRunning, ({ function: name, trigger, running }) =>
    triggers.setRunning(name, trigger, running),
  );
  connection.onRequest(ActOnTrigger, ({ function: name, trigger, action, argument }) =>
    triggers.act(name, trigger, action, argument),
  );
}

async function fire(
  triggers: TriggerSources,
  { function: name, trigger, event, options = {} }: FireTriggerParams,
): Promise<FireTriggerResult> {
  const bytes = event && Buffer.from(event.data, event.encoding);
  const fired = await triggers.fire(name, trigger, { ...(bytes && { event: bytes }), options });
  const first = await fired.delivered?.first;
  return {
    trigger: fired.trigger,
    ...(fired.text !== undefined && { text: say(fired.text) }),
    ...(first && {
      record: {
        ...first.record,
        result: storeBody(first.outcome.body, (text) => text, { limit: Number.MAX_SAFE_INTEGER }),
      },
    }),
  };
}
