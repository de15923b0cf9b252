import type { RemoteFacts } from '../../model/remoteInvocation.ts';
import { readJsonLine } from './jsonLogWords.ts';
import { readReport } from './reportFacts.ts';

/** What the tail of a log reports of its invocation, in either of Lambda's formats; its first line may be cut. */
export function readTail(log: string): RemoteFacts | undefined {
  const facts = readReport(log)?.facts;
  if (facts) return facts;
  const line = log.split('\n').findLast((text) => text.includes('platform.report'));
  return line === undefined ? undefined : readJsonLine(line)?.facts;
}
