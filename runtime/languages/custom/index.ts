import { codeKinds } from '../../model/codeFiles.ts';
import { commandText, defaultCommand, programOf, withArtifactsDir } from '../../model/program.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { createAdapterRelay } from '../adapterRelay.ts';
import type { Interpreter, Language, LaunchFacts } from '../language.ts';
import type { Conversation, Listener } from './conversation.ts';
import { programDebugger } from './programDebugger.ts';
import { ProgramAdapter, type ProgramStart } from './programAdapter.ts';
import { RuntimeApi } from './runtimeApi.ts';
import { eventServer, fcServer, plainServer, watchdogServer } from './serverKinds.ts';
import { WatchdogProcess } from './watchdogProcess.ts';
import { WebServer } from './webServer.ts';

/** Any executable as a function: what it expects of its platform, an adapter in the host gives it. */
export const custom: Language = {
  id: 'custom',
  findInterpreter: (definition) => Promise.resolve(ownProgram(definition)),
  launch: (_interpreter, definition, facts) => ({
    command: '',
    args: [],
    adapter: (instance) => {
      const [program, ...args] = commandOf(definition, facts);
      const { debugged, limits } = facts;
      const debugging = debugged ? programDebugger(program) : undefined;
      const start: ProgramStart = {
        program,
        args,
        ...(debugging && 'wrap' in debugging ? { debugger: debugging } : { notDebugged: debugging }),
      };
      const about = {
        definition,
        program: programOf(definition),
        limits,
        debugged: start.debugger !== undefined,
      };
      return new ProgramAdapter(instance, start, about, converse);
    },
  }),
  runsAtOnce: true,
  // What a program does with one event is not known to end where the next begins.
  handsAhead: false,
  // Of programs, those in Go have a debugger.
  code: codeKinds.go,
  debugger: { id: 'dlv', createRelay: createAdapterRelay },
  bootstrapGlobs: () => [],
};

function converse(listener: Listener): Conversation {
  switch (listener.program.protocol) {
    case 'runtime-api':
      return new RuntimeApi(listener);
    case 'fc-custom':
      return new WebServer(listener, fcServer(listener));
    case 'http':
      return new WebServer(listener, plainServer());
    case 'cloudevents':
      return new WebServer(listener, eventServer());
    case 'watchdog-http':
      return new WebServer(listener, watchdogServer());
    case 'watchdog-process':
      return new WatchdogProcess(listener);
  }
}

/** A program is its own interpreter; whether it is there shows when it is built and started. */
function ownProgram(definition: FunctionDefinition): Interpreter {
  const label = commandText(programOf(definition));
  return { path: definition.program?.command?.[0] ?? defaultCommand, version: '', label };
}

/** The command with the program's path: as its artifact has it, otherwise as the system finds it. */
function commandOf(definition: FunctionDefinition, { artifact }: LaunchFacts): [string, ...string[]] {
  const [first = defaultCommand, ...args] = programOf(definition).command;
  const folder = artifact?.buildFolder ?? definition.codeRoot;
  return [artifact?.entry ?? first, ...args.map((part) => withArtifactsDir(part, folder))];
}
