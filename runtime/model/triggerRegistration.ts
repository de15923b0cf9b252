import type { SourcePosition } from './words.ts';

/** How a trigger is registered in its cloud, as far as its project file says it (Function Compute). */
export interface TriggerRegistration {
  /** ARN of what sends the events, e.g. `acs:mns:cn-hangzhou:1234567890123456:/topics/orders`. */
  sourceArn?: string;
  /** ARN of the role by which the source calls the function. */
  invocationRole?: string;
  description?: string;
  /** Settings of an HTTP trigger as they stand in the file; those of other triggers are their `config`. */
  config?: Record<string, unknown>;
  /** Values that nobody knows before a deploy, by their place: `sourceArn`, `triggerConfig.logConfig.project`. */
  unresolved?: Record<string, { expression: string; at: SourcePosition }>;
}
