import * as v from 'valibot';
import { knativeTarget } from './clusterTargetSchema.ts';
import { openfaasTarget } from './openfaasTargetSchema.ts';
import { aliyunFcTarget, awsLambdaTarget } from './targetSchema.ts';

/** Settings of a deploy target of a type that has no settings of its own. */
const plainTarget = v.looseObject(
  {
    type: v.pipe(
      v.string('expected text.'),
      v.maxLength(64, 'at most 64 characters.'),
      v.description('Kind of the target, e.g. local or aws-lambda.'),
    ),
  },
  'expected settings such as { type: local }.',
);

/** Settings of a target of any type. */
export const anyTarget = v.union([
  awsLambdaTarget,
  aliyunFcTarget,
  knativeTarget,
  openfaasTarget,
  plainTarget,
]);

/** What may be said of a target of a type. */
export function targetSettings(type: string | undefined) {
  switch (type) {
    case 'aliyun-fc':
      return aliyunFcTarget;
    case 'aws-lambda':
      return awsLambdaTarget;
    case 'knative':
      return knativeTarget;
    case 'openfaas':
      return openfaasTarget;
    default:
      return plainTarget;
  }
}
