import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { RetryRules } from '../model/invokeApi.ts';

/** How asynchronous invocations of a function are repeated: by its platform, as far as its file does not say otherwise. */
export function retryRules({ platform, definition }: FunctionRuntime): RetryRules | undefined {
  const rules = platform.invokeApi?.retries;
  if (!rules || !definition.asyncInvoke) return rules;
  const { attempts, maxAgeMs } = definition.asyncInvoke;
  return {
    ...rules,
    ...(attempts !== undefined && { attempts }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
  };
}
