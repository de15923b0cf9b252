import { serverlessDevsYaml } from '../../../runtime/model/projectFiles/serverlessDevs/index.ts';
import type { TriggerDefinition } from '../../../runtime/model/functionDefinition.ts';

/** One trigger of each service other than buckets, as `s.yaml` states them. */
export const sourceTriggers = `
        - triggerName: lines
          triggerType: log
          description: lines of the shop
          sourceArn: acs:log:cn-hangzhou:\${config('AccountID')}:project/web
          invocationRole: acs:ram::\${config('AccountID')}:role/log
          triggerConfig:
            enable: true
            functionParameter: { a: b }
            jobConfig: { maxRetryTime: 3, triggerInterval: 60 }
            logConfig: { project: web, logstore: jobs }
            sourceConfig: { logstore: access }
        - triggerName: orders
          triggerType: mns_topic
          sourceArn: acs:mns:cn-hangzhou:\${config('AccountID')}:/topics/orders
          triggerConfig: { notifyContentFormat: JSON, notifyStrategy: BACKOFF_RETRY, filterTag: new }
        - triggerName: cdn
          triggerType: cdn_events
          sourceArn: acs:cdn:*:\${config('AccountID')}
          triggerConfig:
            eventName: CachedObjectsRefreshed
            eventVersion: 1.0.0
            notes: refreshed
            filter: { domain: [www.example.com] }
        - triggerName: rows
          triggerType: tablestore
          sourceArn: acs:ots:cn-hangzhou:\${config('AccountID')}:instance/shop/table/rows
          triggerConfig: {}
        - triggerName: kafka
          triggerType: eventbridge
          triggerConfig:
            triggerEnable: true
            asyncInvocationType: false
            eventRuleFilterPattern: '{}'
            eventSinkConfig: { deliveryOption: { eventSchema: CloudEvents, concurrency: 2 } }
            eventSourceConfig:
              eventSourceType: Kafka
              eventSourceParameters: { sourceKafkaParameters: { RegionId: cn-hangzhou, Topic: orders } }
            runOptions: { mode: event-streaming, errorsTolerance: ALL }
`;

/** The triggers of a function whose `s.yaml` lists them so, from its eighth line on. */
export function fcTriggersOf(list: string): TriggerDefinition[] {
  const text = `edition: 3.0.0
resources:
  api:
    component: fc3
    props:
      runtime: nodejs20
      handler: index.handler
      triggers:${list}`;
  const context = { file: '/p/s.yaml', variable: () => undefined };
  return serverlessDevsYaml.parse(text, context).functions[0]!.definition.triggers;
}
