import { isAbsolute } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import {
  ExplainBreakpoints,
  explainLimits,
  type ExplainBreakpointsParams,
} from '../protocol/control/breakpointFacts.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { gatherBreakpointFacts } from './breakpointFacts.ts';
import type { Host } from './host.ts';

const longestPath = 4096;

/** Answers what is known about breakpoints; for the host of a folder that is being worked on. */
export function serveBreakpointRequests(connection: RpcConnection, host: Host): void {
  connection.onRequest(ExplainBreakpoints, (params) =>
    gatherBreakpointFacts(checked(params), {
      root: host.options.root,
      functions: host.registry.all,
      debug: host.debug,
    }),
  );
}

/** Clients are programs of others as well. */
function checked(params: ExplainBreakpointsParams): ExplainBreakpointsParams {
  const { file, lines } = (params as Partial<ExplainBreakpointsParams> | null | undefined) ?? {};
  const valid =
    typeof file === 'string' && file.length <= longestPath && isAbsolute(file) && !file.includes('\0');
  if (!valid) throw new PorchlightError('REQUEST_INVALID', { detail: '"file" has to be an absolute path' });
  const whole = Array.isArray(lines) && lines.every((line) => Number.isInteger(line) && line > 0);
  if (!whole || lines.length > explainLimits.lines) {
    const detail = `"lines" has to be a list of at most ${explainLimits.lines} line numbers, from 1`;
    throw new PorchlightError('REQUEST_INVALID', { detail });
  }
  return { file, lines };
}
