import type { DesiredCaller } from '../../../runtime/deploy/aws-lambda/triggers/callers/caller.ts';
import { findServiceModels } from './serviceModel.ts';
import { shapeFaults } from './shapeFaults.ts';

const models = findServiceModels();

/** What AWS's own models object to in the requests that a caller is made by. */
export function callerFaults(caller: DesiredCaller): string[] {
  if (typeof models === 'string') return [];
  const of = (service: string, shape: string, value: unknown): string[] =>
    shapeFaults(models.get(service)!, shape, value);
  switch (caller.kind) {
    case 'rule':
      return [
        ...of('events', 'PutRuleRequest', caller.rule),
        ...of('events', 'PutTargetsRequest', { Rule: caller.rule.Name, Targets: [caller.target] }),
      ];
    case 'notification':
      return of('s3', 'LambdaFunctionConfiguration', caller.configuration);
    case 'subscription':
      return of('sns', 'SubscribeInput', {
        TopicArn: caller.source,
        Protocol: 'lambda',
        Endpoint: caller.endpoint,
        Attributes: caller.attributes,
      });
  }
}
