import inspector from 'node:inspector';
import { createRequire } from 'node:module';
import { ContractError, describeThrown, type HandlerContract } from '../../protocol/instance/contract.ts';
import type {
  HostToInstance,
  InvokeCommand,
  LoadCommand,
  RawError,
} from '../../protocol/instance/messages.ts';
import type { ObserversModule } from '../../protocol/instance/observations.ts';
import { activeCalls, allowConcurrentCalls, currentCall } from './bootstrap.callContext.ts';
import { expectDebuggedThrows, startCall, watchUncaught, type CallHost } from './bootstrap.calls.ts';
import { listen, nowUs, send } from './bootstrap.channel.ts';
import { ImportRecorder } from './bootstrap.importProfile.ts';
import { compileAsScripts, loadModule } from './bootstrap.loader.ts';
import { runHook, stop, watchForTermination } from './bootstrap.hooks.ts';
import { captureOutput } from './bootstrap.output.ts';
import { nameCaller } from './bootstrap.parent.ts';

/*
 * The first code of every Node.js instance. It boots, says so, loads what it is told, and hands events to the
 * handler. It knows no platform: the contract bundle named in the load command does.
 */

type Handler = (...args: never[]) => unknown;

let host: CallHost | undefined;
let handler: Handler | undefined;
let preStop: Handler | undefined;
/** Events that wait for the handler to be loaded, or for the calls before them to be answered. */
const queue: { command: InvokeCommand; event: Buffer }[] = [];
let concurrency = 1;
/** Resources of the bootstrap itself. */
let ownResources = 0;

/** The handler may be called: its module is loaded and its initializer has run. */
let ready = false;

/** Begins what may begin. Never from within a handler's own stack. */
function startNext(): void {
  while (ready && handler && host && queue.length > 0 && activeCalls() < concurrency) {
    const { command, event } = queue.shift()!;
    startCall(handler, command, event, host);
  }
}

function giveBack(): void {
  const ids = queue.splice(0).map(({ command }) => command.id);
  send({ type: 'gaveBack', ids });
}

/** Watching begins before user code loads, which may keep the functions that are watched. */
function observersFor({ observe }: LoadCommand): Pick<CallHost, 'observers'> {
  if (!observe) return {};
  const { createObservers } = createRequire(observe.module)(observe.module) as ObserversModule;
  return { observers: createObservers(observe) };
}

/** Loads the contract, the module and its hooks; every failure is told with the phase in which it happened. */
async function load(command: LoadCommand): Promise<void> {
  const startUs = nowUs();
  let phase: 'load' | 'init' = 'load';
  let phaseStartUs = startUs;
  const contract = (createRequire(command.contract)(command.contract) as { contract: HandlerContract })
    .contract;
  host = {
    contract,
    lifetime: command.context,
    channel,
    hasOpenWork: () => process.getActiveResourcesInfo().length > ownResources,
    onAnswered: () => {
      if (queue.length > 0) process.nextTick(startNext);
    },
    ...observersFor(command),
  };
  concurrency = command.concurrency;
  if (concurrency > 1) allowConcurrentCalls();
  expectDebuggedThrows(command.debugged);
  try {
    contract.prepare?.(command.context);
    const recorder = command.profile === undefined ? undefined : new ImportRecorder(command);
    const find = async (named: { entry: string; exportName: string; handler: string }) => {
      const load = () => loadModule(named.entry, command);
      const exports = await (recorder ? recorder.measure(named.entry, load) : load());
      return contract.resolve({ ...named, exports }, command.context);
    };
    const hook = async (named: LoadCommand['initializer']) => named && find(named);
    handler = await find(command);
    preStop = await hook(command.preStop);
    const initializer = await hook(command.initializer);
    const loadEndUs = nowUs();
    const imports = recorder && { imports: recorder.end() };
    if (!initializer || !contract.hook) {
      send({ type: 'loaded', loadStartUs: startUs, loadEndUs, ...imports });
    } else {
      phase = 'init';
      phaseStartUs = loadEndUs;
      await runHook('initializer', initializer, host, command.hookContext, startUs);
      send({
        type: 'loaded',
        loadStartUs: startUs,
        loadEndUs,
        initStartUs: loadEndUs,
        initEndUs: nowUs(),
        ...imports,
      });
    }
    host.observers?.loaded({
      entry: command.entry,
      handler,
      modules: command.loader === 'import',
      ownVariables: contract.ownVariables ?? [],
    });
    ready = true;
  } catch (error) {
    const described = describeFailure(error, phase, contract, command.handler);
    send({ type: 'loadFailed', phase, startUs: phaseStartUs, endUs: nowUs(), error: described });
  }
  startNext();
}

/** What is said of an error while loading. Reading a hostile object may throw: then the plain words must do. */
function describeFailure(
  error: unknown,
  phase: 'load' | 'init',
  contract: HandlerContract,
  handlerString: string,
): RawError {
  try {
    if (error instanceof ContractError) return { ...describeThrown(error), type: error.type };
    return phase === 'load' ? contract.loadError(error, handlerString) : contract.describe(error, false);
  } catch {
    return describeThrown(error);
  }
}

function inspect(): void {
  if (inspector.url() === undefined) inspector.open(0, '127.0.0.1', false);
  send({ type: 'inspector', url: inspector.url() ?? '' });
}

function onMessage(message: HostToInstance, body: Buffer): void {
  switch (message.type) {
    case 'load':
      void load(message);
      break;
    case 'invoke':
      queue.push({ command: message, event: body });
      startNext();
      break;
    case 'giveBack':
      giveBack();
      break;
    case 'inspect':
      inspect();
      break;
    case 'closeInspector':
      expectDebuggedThrows(false);
      inspector.close();
      break;
    case 'stop':
      void stop(message, preStop, host);
      break;
  }
}

captureOutput();
nameCaller(() => currentCall()?.id);
compileAsScripts();
watchForTermination();
watchUncaught(() => host);
const channel = listen(onMessage);
ownResources = process.getActiveResourcesInfo().length;
send({ type: 'booted', atUs: nowUs(), pid: process.pid, version: process.versions.node });
