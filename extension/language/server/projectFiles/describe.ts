import { platformDefaults } from '../../../../runtime/model/platformDefaults.ts';
import { nameRule } from '../../../../runtime/model/functionNames.ts';
import { findRuntime, isSupported, runtimesOf, successorOf } from '../../../../runtime/model/runtimes.ts';
import type { PlatformId } from '../../../../runtime/model/words.ts';
import type { Shape } from './shape.ts';

/* What people are told of a setting. Bounds and defaults are the platform's own table: none is written twice. */

/** A setting in Markdown: what it is for, its default, what it takes. */
export function describeShape(shape: Shape, platform: PlatformId | undefined, today: string): string {
  return [
    shape.about,
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
    lines.push(`Default: \`${withUnit}${usual !== undefined && shape.topic !== 'memory' ? unit : ''}\`.`);
  if (bounds)
    lines.push(
      `From ${bounds.min} to ${bounds.max}${unit}${bounds.step === undefined ? '' : `, in steps of ${bounds.step}`}.`,
    );
  return lines;
}

function aboutTopic({ topic }: Shape, platform: PlatformId | undefined, today: string): string[] {
  if (platform === undefined) return [];
  const { memoryBounds: memory, timeoutBounds, environmentBytes } = platformDefaults(platform);
  switch (topic) {
    case 'memory':
      return [
        `${platform} takes ${memory.min} to ${memory.max} MB${memory.step > 1 ? ` in steps of ${memory.step}` : ''}.`,
      ];
    case 'timeout':
      return [`${platform} takes ${seconds(timeoutBounds.min)} to ${seconds(timeoutBounds.max)}.`];
    case 'environment':
      return [
        `${platform} takes ${environmentBytes} bytes, names and values together. Keep secrets in \`.env\`.`,
      ];
    case 'functionName': {
      const rule = nameRule(platform);
      return rule ? [`${platform} takes ${rule.text}.`] : [];
    }
    case 'runtime': {
      const supported = runtimesOf(platform).filter((each) => isSupported(each, today));
      return supported.length > 0
        ? [`Supported by ${platform}: ${supported.map(({ id }) => `\`${id}\``).join(', ')}.`]
        : [];
    }
    default:
      return [];
  }
}

function valuesOf({ values, topic }: Shape): string[] {
  if (!values || topic === 'runtime' || values.length > 40) return [];
  if (values.some(({ about }) => about))
    return [values.map(({ value, about }) => `- \`${value}\`${about ? `: ${about}` : ''}`).join('\n')];
  return [`One of ${values.map(({ value }) => `\`${value}\``).join(', ')}.`];
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
  if (endsAt === undefined) return `\`${id}\` of ${platform}.`;
  if (isSupported(runtime, today)) return `\`${id}\` of ${platform}, to be supported until ${endsAt}.`;
  const successor = successorOf(platform, id, today);
  return `\`${id}\` of ${platform} is out of support since **${endsAt}**.${successor ? ` Use \`${successor.id}\`.` : ''}`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
