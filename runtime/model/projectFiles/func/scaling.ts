import type { ProcessSettings } from '../../functionDefinition.ts';
import { parseDuration } from '../../units.ts';
import { getIn, textOf, type Tree } from '../tree.ts';

/** Most requests an instance may be given here; the cluster's bound is 1000. */
const mostConcurrency = 200;

const prefix = 'autoscaling.knative.dev/';

/**
 * How instances of a service live, where that is not as usual. Many requests share an instance unless the file limits them
 * or names the autoscaler's target for one, and it is freed when the autoscaler's window has passed without a request.
 * Annotations count where options say nothing, as `func` has it.
 */
export function processSettings(
  options: Tree | undefined,
  annotations: Tree | undefined,
  usual: ProcessSettings,
): ProcessSettings {
  const annotated = (name: string): string | undefined => textOf(getIn(annotations, prefix + name));
  const number = (text: string | undefined): number | undefined =>
    text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  const option = (...path: string[]): number | undefined => number(textOf(getIn(options, ...path)));

  const limit = option('resources', 'limits', 'concurrency') || undefined;
  const metric = textOf(getIn(options, 'scale', 'metric')) ?? annotated('metric') ?? 'concurrency';
  const target =
    metric === 'concurrency' ? (option('scale', 'target') ?? number(annotated('target'))) : undefined;
  const concurrency = Math.ceil(limit ?? (target || usual.concurrency));

  const max = option('scale', 'max') ?? number(annotated('max-scale')) ?? number(annotated('maxScale'));
  const min = option('scale', 'min') ?? number(annotated('min-scale')) ?? number(annotated('minScale'));
  const maxInstances = max || Math.max(usual.maxInstances, min ?? 0);
  const windowMs = parseDuration(annotated('window') ?? '') ?? usual.idleTimeoutMs;
  const retentionMs = parseDuration(annotated('scale-to-zero-pod-retention-period') ?? '') ?? 0;
  return {
    ...usual,
    concurrency: Math.min(concurrency, mostConcurrency),
    maxInstances: Math.max(1, Math.min(maxInstances, 1000)),
    minInstances: Math.min(min ?? 0, maxInstances, 1000),
    idleTimeoutMs: Math.max(windowMs, retentionMs),
  };
}
