import type { Instance } from '../instances/instance.ts';
import type { HookMessage } from '../protocol/instance/messages.ts';
import { Deferred } from '../support/deferred.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import { mapError } from './stacks.ts';

/** A hook of an instance that runs beside invocations. */
interface FollowedHook {
  hook: 'preFreeze' | 'preStop';
  requestId: string;
  limitMs: number;
}

const words = { preFreeze: 'pre-freeze', preStop: 'pre-stop' } as const;

/**
 * Writes the lines around a hook that is about to be asked for. Its failure is told, and ends nothing but itself. `giveUp`
 * says that it is not waited for any longer.
 */
export function followHook(
  fn: FunctionRuntime,
  instance: Instance,
  { hook, requestId, limitMs }: FollowedHook,
): { ended: Promise<void>; giveUp: () => void } {
  const line = (edge: HookMessage['edge'], failure?: string) => {
    const failed = failure !== undefined;
    if (failed) fn.sayOfInstance(instance.id, failure, 'error');
    const event = { kind: 'hook', hook, edge, requestId, failed } as const;
    for (const text of fn.platform.lifeCycleLines(fn.definition, event)) fn.sayOfInstance(instance.id, text);
  };
  const over = new Deferred<void>();
  let reached: HookMessage['edge'] | undefined;
  const hooks = instance.onDidReachHook(({ hook: name, edge, error }) => {
    // The end of one that took too long, and went on when its instance did, is not this one's.
    if (name !== hook || (edge === 'end' && reached !== 'start')) return;
    reached = edge;
    const mapped = error && mapError(error, fn.maps, fn.isOurs);
    line(edge, mapped && [`${mapped.type}: ${mapped.message}`, ...mapped.stack.slice(1)].join('\n'));
    if (edge === 'end') finish();
  });
  const finish = () => {
    hooks.dispose();
    over.resolve();
  };
  const giveUp = () => {
    if (reached === 'end') return;
    const what =
      reached === 'start'
        ? `The ${words[hook]} hook did not end within its ${limitMs / 1000} s, or its process ended`
        : `The instance ended before its ${words[hook]} hook could run`;
    reached = 'end';
    line('end', `${what}.`);
    finish();
  };
  return { ended: over.promise, giveUp };
}
