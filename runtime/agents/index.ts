import type { AgentTool } from './agentTool.ts';
import { explainColdStart, measureColdStart } from './coldStartTool.ts';
import { invokeFunction, listFunctions, replayInvocation } from './functionTools.ts';
import { getInvocation, getLogs, listInvocations } from './invocationTools.ts';
import { listTests, planDeploy, runTests } from './projectTools.ts';

/** What agents and scripts may do, in the order in which they are listed. Nothing deploys, and nothing is deleted. */
export const agentTools: readonly AgentTool[] = [
  listFunctions,
  invokeFunction,
  listInvocations,
  getInvocation,
  getLogs,
  replayInvocation,
  explainColdStart,
  measureColdStart,
  listTests,
  runTests,
  planDeploy,
];
