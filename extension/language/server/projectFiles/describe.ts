import { platformDefaults } from '../../../../runtime/model/platformDefaults.ts';
import { nameRule } from '../../../../runtime/model/functionNames.ts';
import { findRuntime, isSupported, runtimesOf, successorOf } from '../../../../runtime/model/runtimes.ts';
import type { PlatformId } from '../../../../runtime/model/words.ts';
import { type Shape, textOfShape } from './shape.ts';
import { l10n, translated } from '../../../../runtime/support/l10n.ts';

/* What people are told of a setting. Bounds and defaults are the platform's own table: none is written twice. */

/** A setting in Markdown: what it is for, its default, what it takes. */
export function describeShape(shape: Shape, platform: PlatformId | undefined, today: string): string {
  return [
    shape.about && textOfShape(shape.about),
    ...defaultsOf(shape, platform),
    ...aboutTopic(shape, platform, today),
    ...valuesOf(shape),
  ]
    .filter((line) => line !== undefined && line !== '')
    .join('\n\n');
}

function defaultsOf(shape: Shape, platform: PlatformId | undefined): string[] {
  const { usual, bounds } = shape;
  const unit = bounds?.unit ? ` ${bounds.unit}` : '';
  const lines: string[] = [];
  const own = platform === undefined ? undefined : platformDefaults(platform);
  const stated =
    usual ??
    (shape.topic === 'memory' && own
      ? `${own.memoryMB} MB`
      : shape.topic === 'timeout' && own
        ? seconds(own.timeoutMs)
        : undefined);
  const withUnit = usual !== undefined && shape.topic === 'memory' ? `${usual} MB` : stated;
  if (withUnit !== undefined)
    lines.push(
      l10n.t('Default: `{0}`.', `${withUnit}${usual !== undefined && shape.topic !== 'memory' ? unit : ''}`),
    );
  if (shape.form) lines.push(l10n.t('Takes {0}.', textOfShape(shape.form.text)));
  if (bounds)
    lines.push(
      bounds.step === undefined
        ? l10n.t('From {0} to {1}.', bounds.min, `${bounds.max}${unit}`)
        : l10n.t('From {0} to {1}, in steps of {2}.', bounds.min, `${bounds.max}${unit}`, bounds.step),
    );
  return lines;
}

function aboutTopic({ topic }: Shape, platform: PlatformId | undefined, today: string): string[] {
  if (platform === undefined) return [];
  const { memoryBounds: memory, timeoutBounds, environmentBytes } = platformDefaults(platform);
  switch (topic) {
    case 'memory':
      return [
        memory.step > 1
          ? l10n.t('{0} takes {1} to {2} MB in steps of {3}.', platform, memory.min, memory.max, memory.step)
          : l10n.t('{0} takes {1} to {2} MB.', platform, memory.min, memory.max),
      ];
    case 'timeout':
      return [
        l10n.t('{0} takes {1} to {2}.', platform, seconds(timeoutBounds.min), seconds(timeoutBounds.max)),
      ];
    case 'environment':
      return [
        l10n.t(
          '{0} takes {1} bytes, names and values together. Keep secrets in `.env`.',
          platform,
          environmentBytes,
        ),
      ];
    case 'functionName': {
      const rule = nameRule(platform);
      return rule ? [l10n.t('{0} takes {1}.', platform, translated(rule.text))] : [];
    }
    case 'runtime': {
      const supported = runtimesOf(platform).filter((each) => isSupported(each, today));
      return supported.length > 0
        ? [l10n.t('Supported by {0}: {1}.', platform, supported.map(({ id }) => `\`${id}\``).join(', '))]
        : [];
    }
    default:
      return [];
  }
}

function valuesOf({ values, topic }: Shape): string[] {
  if (!values || topic === 'runtime' || values.length > 40) return [];
  if (values.some(({ about }) => about))
    return [
      values.map(({ value, about }) => `- \`${value}\`${about ? `: ${textOfShape(about)}` : ''}`).join('\n'),
    ];
  return [l10n.t('One of {0}.', values.map(({ value }) => `\`${value}\``).join(', '))];
}

/** A runtime in Markdown: until when it is supported, and what to use instead. */
export function describeRuntime(
  id: string,
  platform: PlatformId | undefined,
  today: string,
): string | undefined {
  const runtime = platform === undefined ? undefined : findRuntime(platform, id);
  if (!runtime || platform === undefined) return undefined;
  const { endsAt } = runtime;
  if (endsAt === undefined) return l10n.t('`{0}` of {1}.', id, platform);
  if (isSupported(runtime, today))
    return l10n.t('`{0}` of {1}, to be supported until {2}.', id, platform, endsAt);
  const successor = successorOf(platform, id, today);
  return successor
    ? l10n.t('`{0}` of {1} is out of support since **{2}**. Use `{3}`.', id, platform, endsAt, successor.id)
    : l10n.t('`{0}` of {1} is out of support since **{2}**.', id, platform, endsAt);
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
