import { describeThrown } from '../../protocol/instance/contract.ts';
import type { HookMessage, PreFreezeCommand, StopCommand } from '../../protocol/instance/messages.ts';
import type { CallHost } from './bootstrap.calls.ts';
import { nowUs, send } from './bootstrap.channel.ts';

type Hook = (...args: never[]) => unknown;

/** Runs a hook and tells when it begins and ends; what it throws is told and thrown. `context`: what is its own of it. */
export async function runHook(
  name: HookMessage['hook'],
  hook: Hook,
  host: CallHost,
  context: Record<string, unknown>,
  loadStartUs?: number,
): Promise<void> {
  const tell = (edge: HookMessage['edge'], more: Partial<HookMessage> = {}) =>
    send({ type: 'hook', hook: name, edge, atUs: nowUs(), ...more });
  tell('start', loadStartUs === undefined ? {} : { loadStartUs });
  try {
    await host.contract.hook?.(hook, { ...host.lifetime, ...context });
  } catch (error) {
    tell('end', { error: describeThrown(error) });
    throw error;
  }
  tell('end');
}

/** Runs the hook before the process is frozen; the host hears when it ends, and bounds its time. */
export async function runPreFreeze(
  { context }: PreFreezeCommand,
  preFreeze: Hook,
  host: CallHost,
): Promise<void> {
  try {
    await runHook('preFreeze', preFreeze, host, context);
  } catch {
    // Told already; an instance is frozen whatever its hook does.
  }
}

/** Tells the host once that the user's code handles SIGTERM: it gets time for that when the instance is ended. */
export function watchForTermination(): void {
  const added = (event: string | symbol) => {
    if (event !== 'SIGTERM') return;
    process.off('newListener', added);
    send({ type: 'listens', signal: 'SIGTERM' });
  };
  process.on('newListener', added);
}

/** Ends the process the way the host asks: the hook, then handlers of SIGTERM. The host bounds the time of both. */
export async function stop(
  command: StopCommand,
  preStop: Hook | undefined,
  host: CallHost | undefined,
): Promise<void> {
  try {
    if (preStop && host?.contract.hook) {
      await runHook('preStop', preStop, host, command.context);
    }
  } catch {
    // Told already; an instance ends whatever its hook does.
  }
  if (command.terminate && process.listenerCount('SIGTERM') > 0) {
    // Not a real signal: Windows has none. Node calls the listeners in the same way, a turn of the loop later.
    setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
    return;
  }
  process.exit(0);
}
