import { PorchlightError } from '../model/errors.ts';
import type { DeployPlan, DeployResult } from '../model/deploy.ts';
import type { RpcConnection } from '../protocol/control/connection.ts';
import { ApplyDeploy, DeployProgressed, PlanDeploy } from '../protocol/control/messages.ts';
import { confirm } from './confirm.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { planText, resultText } from './planText.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface DeployOptions {
  names: string[];
  target: string;
  plan?: true;
  /** Share of the calls that new versions get. */
  canary?: number;
  yes?: true;
  json?: true;
}

/** Plans, asks, deploys. Ctrl+C cancels: what served before goes on serving. */
export async function deploy(terminal: Terminal, options: DeployOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const setUp = (connection: RpcConnection): void => showProgress(connection, terminal);
  return withHost(
    root,
    terminal,
    async (connection) => {
      const { target, names, canary } = options;
      const plan = await connection.sendRequest(PlanDeploy, {
        target,
        ...(names.length > 0 ? { functions: names } : {}),
        ...(canary === undefined ? {} : { percent: canary }),
      });
      if (options.plan) {
        await showPlan(terminal, plan, options.json === true);
        return blocked(plan) ? exitCodes.userMistake : exitCodes.ok;
      }
      if (!options.json) await write(terminal.stderr, planText(plan, painter(terminal.stderr, terminal.env)));
      const changes = plan.functions.some(({ change }) => change !== 'same');
      if (changes && !blocked(plan) && !options.yes && !(await confirm(terminal, `Deploy to ${target}?`))) {
        throw new PorchlightError('USAGE', { detail: 'Nothing was deployed.' });
      }
      const result = await apply(connection, plan, canary);
      const text = options.json
        ? `${JSON.stringify(result)}\n`
        : resultText(result, painter(terminal.stdout, terminal.env));
      await write(terminal.stdout, text);
      const failed = result.functions.some(({ status }) => status === 'failed' || status === 'cancelled');
      return failed ? exitCodes.functionFailed : exitCodes.ok;
    },
    options.json ? { subscribe: true } : { subscribe: true, setUp },
  );
}

async function apply(
  connection: RpcConnection,
  plan: DeployPlan,
  canary: number | undefined,
): Promise<DeployResult> {
  const cancel = new AbortController();
  const onSignal = (): void => cancel.abort();
  process.on('SIGINT', onSignal);
  try {
    const share = canary === undefined ? {} : { percent: canary };
    return await connection.sendRequest(ApplyDeploy, { plan: plan.id, ...share }, { signal: cancel.signal });
  } finally {
    process.off('SIGINT', onSignal);
  }
}

function blocked(plan: DeployPlan): boolean {
  return plan.functions.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));
}

async function showPlan(terminal: Terminal, plan: DeployPlan, json: boolean): Promise<void> {
  const text = json ? `${JSON.stringify(plan)}\n` : planText(plan, painter(terminal.stdout, terminal.env));
  await write(terminal.stdout, text);
}

function showProgress(connection: RpcConnection, terminal: Terminal): void {
  const paint = painter(terminal.stderr, terminal.env);
  connection.onNotification(DeployProgressed, ({ function: name, step, state, detail, fraction }) => {
    if (state === 'started') return;
    const percent = `${Math.round(fraction * 100)}%`.padStart(4);
    const words = state === 'failed' ? paint('red', state) : state;
    terminal.stderr.write(`${percent} ${name}: ${step} ${words}${detail ? ` (${detail})` : ''}\n`);
  });
}
