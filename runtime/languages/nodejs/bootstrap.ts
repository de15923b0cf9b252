import type * as Inspector from 'node:inspector';
import { ContractError, describeThrown, type HandlerContract } from '../../protocol/instance/contract.ts';
import type { ImportRecorderModule, ImportRecording } from '../../protocol/instance/importGraph.ts';
import type {
  HostToInstance,
  InvokeCommand,
  LoadCommand,
  RawError,
} from '../../protocol/instance/messages.ts';
import type { Observers, ObserversModule } from '../../protocol/instance/observations.ts';
import { builtin } from './bootstrap.builtins.ts';
import { activeCalls, allowConcurrentCalls, currentCall } from './bootstrap.callContext.ts';
import { startCall, withNothingCatching, watchUncaught, type CallHost } from './bootstrap.calls.ts';
import { listen, nowUs, send } from './bootstrap.channel.ts';
import { runHook, runPreFreeze, stop, watchForTermination } from './bootstrap.hooks.ts';
import { compileAsScripts, loadForDebugger, loadOwn, loadModule } from './bootstrap.loader.ts';
import { captureOutput, tellPositions } from './bootstrap.output.ts';
import { nameCaller } from './bootstrap.parent.ts';
import { streamTaken } from './bootstrap.resultStreams.ts';
import { StartSupport } from './bootstrap.start.ts';

/*
 * The first code of every Node.js instance. It boots, says so, loads what it is told, and hands events to the
 * handler. It knows no platform: the contract bundle named in the load command does.
 */

type Handler = (...args: never[]) => unknown;

let host: CallHost | undefined;
let handler: Handler | undefined;
let preFreeze: Handler | undefined;
let preStop: Handler | undefined;
/** Events that wait for the handler to be loaded, or for the calls before them to be answered. */
const queue: { command: InvokeCommand; event: Buffer }[] = [];
let concurrency = 1;
/** Resources of the bootstrap itself: its channel, or the turn of the loop in which that will be opened. */
const ownResources = 1;

/** The handler may be called: its module is loaded and its initializer has run. */
let ready = false;

/** Reading a file is over in a moment; clients that look for their configuration do it while the first call is answered. */
function hasOpenWork(): boolean {
  const open = process.getActiveResourcesInfo();
  return open.length > ownResources && open.filter((name) => !name.startsWith('FSReq')).length > ownResources;
}

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

let observers: Observers | undefined;

/** Watching begins before user code and packages load, which may keep the functions that are watched. */
function observersFor({ observe }: Pick<LoadCommand, 'observe'>): Pick<CallHost, 'observers'> {
  if (!observe) return {};
  if (!observers) {
    const { createObservers } = loadOwn(observe.module) as ObserversModule;
    observers = createObservers(observe);
  }
  return { observers };
}

/** Measuring begins before user code loads, and is in front of all that we put in front of Node's loader. */
function recorderFor(command: LoadCommand): ImportRecording | undefined {
  if (!command.profile) return undefined;
  return (loadOwn(command.profile.module) as ImportRecorderModule).createImportRecorder(command);
}

const support = new StartSupport();

/** Loads the contract, the module and its hooks; every failure is told with the phase in which it happened. */
async function load(command: LoadCommand): Promise<void> {
  const startUs = nowUs();
  let phase: 'load' | 'init' = 'load';
  let phaseStartUs = startUs;
  const { contract } = loadOwn(command.contract) as { contract: HandlerContract };
  host = {
    contract,
    lifetime: command.context,
    channel,
    hasOpenWork,
    onAnswered: () => {
      if (queue.length > 0) process.nextTick(startNext);
    },
    ...observersFor(command),
  };
  concurrency = command.concurrency;
  if (concurrency > 1) allowConcurrentCalls();
  tellPositions(command.positions === true);
  let recorder: ImportRecording | undefined;
  try {
    contract.prepare?.(command.context);
    support.beforeLoad(command);
    if (command.debugged) loadForDebugger(command.packagesWithBreakpoints ?? []);
    recorder = recorderFor(command);
    support.learn(command);
    const find = async (named: { entry: string; exportName: string; handler: string }) => {
      const load = () => loadModule(named.entry, command);
      const exports = await (recorder
        ? recorder.measure(named.entry, load)
        : command.debugged
          ? withNothingCatching(load)
          : load());
      return contract.resolve({ ...named, exports }, command.context);
    };
    const hook = async (named: LoadCommand['initializer']) => named && find(named);
    handler = await find(command);
    preFreeze = await hook(command.preFreeze);
    preStop = await hook(command.preStop);
    const initializer = (await hook(command.initializer)) ?? contract.initializer?.();
    support.afterLoad();
    const loadEndUs = nowUs();
    const code = support.codeUse();
    const graph = recorder?.end();
    // What was compiled before costs less here than in the cloud: such figures would be taken for real ones.
    const more = { ...code, ...(graph && !code.code?.used ? { imports: graph } : {}) };
    if (!initializer || !contract.hook) {
      send({ type: 'loaded', loadStartUs: startUs, loadEndUs, ...more });
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
        ...more,
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
    recorder?.end();
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

/** Loaded when a debugger comes. */
const inspectorOf = () => builtin<typeof Inspector>('node:inspector');

function inspect(): void {
  const inspector = inspectorOf();
  if (inspector.url() === undefined) inspector.open(0, '127.0.0.1', false);
  send({ type: 'inspector', url: inspector.url() ?? '' });
}

function onMessage(message: HostToInstance, body: Buffer): void {
  switch (message.type) {
    case 'load':
      if (support.preloading) void support.preloading.then(() => load(message));
      else void load(message);
      break;
    case 'preload':
      // Our own socket must not be taken for one that a package opens.
      channel.open();
      observersFor(message);
      void support.preload(message);
      break;
    case 'remember':
      void support.remember(message);
      break;
    case 'invoke':
      support.beforeCall();
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
      inspectorOf().close();
      break;
    case 'taken':
      streamTaken(message.id, message.bytes);
      break;
    // A call in progress cannot be broken off from outside: its answer will not be looked at.
    case 'cancel':
      break;
    case 'preFreeze':
      if (preFreeze && host) void runPreFreeze(message, preFreeze, host);
      break;
    case 'stop':
      void stop(message, preStop, host);
      break;
  }
}

captureOutput();
nameCaller(currentCall);
compileAsScripts();
watchForTermination();
watchUncaught(() => host);
const channel = listen(onMessage);
send({ type: 'booted', atUs: nowUs(), pid: process.pid, version: process.versions.node });
channel.start();
