import type { TriggerDefinition } from '../../functionDefinition.ts';
import { nearest } from '../../nearest.ts';
import type { ProblemList } from '../problemList.ts';
import { entriesOf, getIn, textOf, toPlain, type Tree } from '../tree.ts';

const known = ['http', 'https', 'oss'];

/**
 * Events of the plugin `serverless-aliyun-function-compute`: `http` and `https` are routes of Alibaba Cloud's API Gateway,
 * `oss` is a trigger of a bucket (the plugin's provider).
 */
export function readAliyunEvents(
  events: Tree | undefined,
  name: string,
  problems: ProblemList,
): TriggerDefinition[] {
  const triggers: TriggerDefinition[] = [];
  for (const [type, settings, place] of events?.kind === 'list' ? events.items.flatMap(entriesOf) : []) {
    if (type === 'http' || type === 'https') {
      const path = textOf(getIn(settings, 'RequestPath')) ?? textOf(getIn(settings, 'path')) ?? '';
      const method =
        textOf(getIn(settings, 'RequestHttpMethod')) ?? textOf(getIn(settings, 'method')) ?? 'GET';
      triggers.push({
        kind: 'http',
        name: type,
        // Parameters are written in brackets there.
        path: (path.startsWith('/') ? path : `/${path}`).replace(/\[(\w+)\]/g, '{$1}'),
        methods: /^any$/i.test(method) ? [] : [method.toUpperCase()],
        shape: 'api-gateway',
      });
    } else {
      const isKnown = known.includes(type);
      const config = settings.kind === 'map' ? (toPlain(settings) as Record<string, unknown>) : {};
      const triggerConfig = (config['triggerConfig'] as Record<string, unknown> | undefined) ?? config;
      triggers.push({ kind: isKnown ? 'storage' : 'event', name: type, config: { type, ...triggerConfig } });
      if (isKnown) continue;
      const facts = { key: type, nearest: nearest(type, known) };
      problems.add('warning', 'SETTING_UNKNOWN', facts, place, { function: name });
    }
  }
  return triggers;
}
