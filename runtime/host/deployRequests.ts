import { join } from 'node:path';
import { DeployEngine } from '../deploy/engine.ts';
import { createLocalTarget } from '../deploy/local/localTarget.ts';
import { rehearse } from '../deploy/local/rehearsal.ts';
import { deployedFolder } from '../deploy/local/servedFunctions.ts';
import { servedInvocations } from '../deploy/local/servedInvocations.ts';
import {
  reloadServing,
  servedUrls,
  serveStatus,
  startServing,
  stopServing,
} from '../deploy/local/serveProcess.ts';
import { listTargets, openTarget } from '../deploy/openTarget.ts';
import { codePlaces } from '../deploy/remoteLogs/codePlaces.ts';
import type { DeployInput } from '../deploy/target.ts';
import { findLanguage } from '../languages/index.ts';
import type { PreflightFinding } from '../model/deploy.ts';
import { PorchlightError, told, toldOf } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Problem } from '../model/project.ts';
import { archiveFunction } from '../packaging/archiveFunction.ts';
import { findPlatform } from '../platforms/index.ts';
import { CodeVariables } from '../project/codeVariables.ts';
import { environmentFor } from '../project/environment.ts';
import { readProject } from '../project/readProject.ts';
import {
  ApplyDeploy,
  DeployedChanged,
  DeployProgressed,
  FollowRemoteLogs,
  InvokeDeployed,
  ListDeployed,
  ListTargets,
  PlanDeploy,
  RemoteLogged,
  RemoteLogTrouble,
  RemoveDeployed,
  RollBack,
  Serve,
} from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { listTests } from '../testing/listTests.ts';
import type { Host } from './host.ts';
import { ensureStateFolder } from './hostFile.ts';
import { missingInCode } from './missingInCode.ts';
import { tryOut } from './tryOut.ts';
import { noEvent, verifyingEvent } from './verifyingEvent.ts';

/** As long as a SHA-256 in hex: where a package will lie is as deep as where it is built for. */
const placeholderHash = '0'.repeat(64);

const services = new WeakMap<Host, ReturnType<typeof createService>>();

/** Answers what clients ask about deploying; for the host of a folder that is being worked on. */
export function serveDeployRequests(connection: RpcConnection, host: Host): void {
  let service = services.get(host);
  if (!service) {
    service = createService(host);
    services.set(host, service);
  }
  const { engine, target, tell } = service;
  const { root } = host.options;
  connection.onRequest(PlanDeploy, ({ target: name, functions, percent }, signal) =>
    engine.plan(name, functions, { signal, percent }),
  );
  connection.onRequest(ApplyDeploy, async ({ plan, percent }, signal) => {
    await ensureStateFolder(root);
    const result = await engine.apply(plan, {
      onProgress: (progress) =>
        host.broadcast((client) => client.sendNotification(DeployProgressed, progress)),
      signal,
      percent,
    });
    await tell();
    return result;
  });
  connection.onRequest(ListTargets, async () => listTargets(await readProject(root)));
  connection.onRequest(ListDeployed, async ({ target: name }) => (await target(name)).list());
  connection.onRequest(RollBack, async ({ target: name, function: fn, to }) => {
    const result = await engine.rollBack(name, fn, to);
    await tell();
    return result;
  });
  connection.onRequest(RemoveDeployed, async ({ target: name, function: fn }) => {
    const result = await engine.remove(name, fn);
    await tell();
    return result;
  });
  connection.onRequest(InvokeDeployed, ({ target: name, function: fn, event }, signal) =>
    engine.invoke(name, { name: fn, event: Buffer.from(event.data, event.encoding) }, signal),
  );
  connection.onRequest(FollowRemoteLogs, async ({ target: name, function: fn, since, follow }, signal) => {
    await engine.followLogs(name, {
      ...{ name: fn, since, follow, signal },
      onLogged: (logged) =>
        connection.sendNotification(RemoteLogged, { target: name, function: fn, ...logged }),
      onTrouble: (trouble) =>
        connection.sendNotification(RemoteLogTrouble, {
          ...{ target: name, function: fn },
          message: trouble?.message ?? null,
        }),
    });
    return null;
  });
  connection.onRequest(Serve, async ({ action }) => {
    if (action === 'status') return serveStatus(root);
    await ensureStateFolder(root);
    const status = await (action === 'start' ? startServing(root) : stopServing(root));
    await tell();
    return status;
  });
}

function createService(host: Host) {
  const { root } = host.options;
  const local = createLocalTarget({
    root,
    tryOut: (served, event, signal) => tryOut(served, event, host, signal),
    // What was deployed is served: there is nothing else to be done by hand.
    onDidSwitch: async () => (await reloadServing(root)) || (await startServing(root)).running,
    urls: () => servedUrls(root),
    invocations: (name, since) => servedInvocations(root, name, since),
    now: () => Date.now(),
  });
  const target = async (name: string) =>
    openTarget(name, {
      local,
      targets: name === local.name ? [] : (await readProject(root)).targets,
      functions: async () => (await readProject(root)).functions,
    });
  const engine = new DeployEngine({
    read: (name) => readInputs(root, name),
    archive: (definition, signal) =>
      archiveFunction(definition, {
        root,
        places: join(deployedFolder(root), 'packages', placeholderHash),
        signal,
      }),
    platform: (definition) => findPlatform(definition.platform),
    target,
    rehearse: (item, signal) =>
      rehearse(root, item, signal, (served, event, cancelled) => tryOut(served, event, host, cancelled)),
    places: (definition) => codePlaces(definition, root),
    now: () => Date.now(),
  });
  const tell = async (): Promise<void> => {
    const [functions, serve] = await Promise.all([local.list(), serveStatus(root)]);
    host.broadcast((client) =>
      client.sendNotification(DeployedChanged, { target: local.name, functions, serve }),
    );
  };
  return { engine, target, tell };
}

/** The functions as their files state them for a target. */
async function readInputs(root: string, target: string): Promise<DeployInput[]> {
  const project = await readProject(root);
  if (project.functions.length === 0) throw new PorchlightError('PROJECT_NOT_FOUND', { root });
  const variables = new CodeVariables(root);
  const definitions = project.functions;
  const tests = await listTests(root, definitions, project.events);
  const stated = project.targets.find(({ name }) => name === target)?.settings['verifyWith'];
  const wanted = typeof stated === 'string' ? stated : undefined;
  if (wanted !== undefined && tests.tests.every(({ name }) => name !== wanted)) {
    const detail = `verifyWith: no function has a saved event "${wanted}".`;
    throw new PorchlightError('TARGET_SETTING', { target, detail });
  }
  return Promise.all(
    definitions.map(async (definition) => {
      const environment = await environmentFor(definition, root, target);
      const own = project.problems.filter(
        (problem) => problem.function === definition.name && problem.code !== 'VARIABLE_MISSING',
      );
      const inCode = await missingInCode(variables, root, definition, environment.env);
      const findings = [...own, ...environment.problems, ...inCode].flatMap(toFinding);
      const runnable = Boolean(findPlatform(definition.platform) && findLanguage(definition.language));
      if (!runnable) findings.push(unsupported(definition));
      const platform = findPlatform(definition.platform);
      let event = noEvent;
      try {
        if (platform) event = await verifyingEvent({ definition, definitions, platform, tests, wanted });
      } catch (error) {
        if (!(error instanceof PorchlightError)) throw error;
        findings.push({ severity: 'error', ...toldOf(error), ...placeOf(definition) });
      }
      return { definition, environment: environment.env, runnable, findings, event };
    }),
  );
}

function toFinding({ severity, code, message, facts, file, line }: Problem): PreflightFinding[] {
  if (severity === 'info') return [];
  const told = { code, message, ...(facts && { facts }) };
  return [{ severity, ...told, file, ...(line === undefined ? {} : { line }) }];
}

function unsupported(definition: FunctionDefinition): PreflightFinding {
  const runtime = definition.runtime ?? definition.language;
  const facts = { function: definition.name, runtime };
  return { severity: 'error', ...told('LANGUAGE_LATER', facts), ...placeOf(definition) };
}

function placeOf({ declaredAt: { file, line } }: FunctionDefinition): { file: string; line: number } {
  return { file, line };
}
