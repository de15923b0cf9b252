import { defaultProcess, type ProcessSettings } from '../../functionDefinition.ts';
import { parseDuration } from '../../units.ts';
import { getIn, textOf, type Tree } from '../tree.ts';

/** What the autoscaler does where nothing is said (`config-autoscaler` of Knative Serving). */
const usual = { concurrencyTarget: 100, windowMs: 60_000, retentionMs: 0 };

/** Most requests an instance may be given here; the cluster's bound is 1000. */
const mostConcurrency = 200;

const prefix = 'autoscaling.knative.dev/';

/**
 * How instances of a service live. Many requests share an instance, as nothing limits them unless the file does; then the
 * autoscaler's target says how many are thought to be enough for one. It is freed when the autoscaler's window has passed
 * without a request, and never frozen. Annotations count where options say nothing, as `func` has it.
 */
export function processSettings(options: Tree | undefined, annotations: Tree | undefined): ProcessSettings {
  const annotated = (name: string): string | undefined => textOf(getIn(annotations, prefix + name));
  const number = (text: string | undefined): number | undefined =>
    text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  const option = (...path: string[]): number | undefined => number(textOf(getIn(options, ...path)));

  const limit = option('resources', 'limits', 'concurrency') || undefined;
  const metric = textOf(getIn(options, 'scale', 'metric')) ?? annotated('metric') ?? 'concurrency';
  const target =
    metric === 'concurrency' ? (option('scale', 'target') ?? number(annotated('target'))) : undefined;
  const concurrency = Math.ceil(limit ?? (target || usual.concurrencyTarget));

  const max = option('scale', 'max') ?? number(annotated('max-scale')) ?? number(annotated('maxScale'));
  const min = option('scale', 'min') ?? number(annotated('min-scale')) ?? number(annotated('minScale'));
  const maxInstances = max || Math.max(defaultProcess.maxInstances, min ?? 0);
  const windowMs = parseDuration(annotated('window') ?? '') ?? usual.windowMs;
  const retentionMs =
    parseDuration(annotated('scale-to-zero-pod-retention-period') ?? '') ?? usual.retentionMs;
  return {
    ...defaultProcess,
    concurrency: Math.min(concurrency, mostConcurrency),
    maxInstances: Math.max(1, Math.min(maxInstances, 1000)),
    minInstances: Math.min(min ?? 0, maxInstances, 1000),
    idleTimeoutMs: Math.max(windowMs, retentionMs),
    freeze: false,
  };
}
