import type { FunctionDefinition } from './functionDefinition.ts';
import { programLanguages } from './languages.ts';
import { platformDefaults } from './platformDefaults.ts';
import { webShape } from './webMessage.ts';

/*
 * Functions that are programs: any executable that brings its own way of being called, instead of a handler that a
 * runtime loads.
 */

/**
 * How a program hears of events. `runtime-api`: it asks AWS Lambda's runtime API for them. `fc-custom`: it is an HTTP
 * server as Function Compute's custom runtimes are. `http`: it is any HTTP server and gets requests as they are;
 * `cloudevents` is the same, and other events are posted to its root, as Knative delivers them.
 * `watchdog-http`: a server behind OpenFaaS's watchdog; `watchdog-process`: a process per request, which reads the body from
 * its input and writes the answer.
 */
export const programProtocols = [
  'runtime-api',
  'fc-custom',
  'http',
  'cloudevents',
  'watchdog-http',
  'watchdog-process',
] as const;
export type ProgramProtocol = (typeof programProtocols)[number];

/**
 * What is put together in `$ARTIFACTS_DIR` before a program is built or started there, for clouds whose tools lay a
 * function's code into a program of theirs.
 */
export interface Assembly {
  /** Absolute folder whose files come first. */
  template?: string;
  /** Folder of the code within; absent: the code stays where it is. */
  codeInto?: string;
  /** Further files by their path within, as they are written. */
  files?: Record<string, string>;
}

/** What a project file says of a program; the rest is the platform's. */
export interface ProgramSettings {
  /** The program and its arguments: relative to the code folder, or a name that is looked up on the PATH. */
  command?: string[];
  /** What builds it, in the code folder, before it is started and after every edit. Text is the shell's. */
  build?: string | string[];
  /** Put together before that; the build then runs where it is. */
  assembly?: Assembly;
  protocol?: ProgramProtocol;
  /** Port its server listens on when it does not take the one its environment names. */
  port?: number;
  /** Path that answers with a status from 200 to 399 once the server is ready; otherwise its open port says so. */
  healthPath?: string;
}

/** A program with everything filled in. */
export type Program = Required<Pick<ProgramSettings, 'command' | 'protocol' | 'port'>> & ProgramSettings;

/** What both clouds start when a function names no command. */
export const defaultCommand = './bootstrap';

/** Port on which Function Compute expects the server of a custom runtime. */
export const defaultPort = 9000;

/** Whether a function is a program, rather than a handler that a runtime loads. */
export function isProgram({ language }: Pick<FunctionDefinition, 'language'>): boolean {
  return programLanguages.includes(language);
}

/** The program of a function. */
export function programOf({ program = {}, platform }: FunctionDefinition): Program {
  return {
    ...program,
    command: program.command ?? [defaultCommand],
    protocol: program.protocol ?? platformDefaults(platform).programProtocol,
    port: program.port ?? defaultPort,
  };
}

/** The command as people read it. */
export function commandText({ command }: Pick<Program, 'command'>): string {
  return command.map((part) => (/[\s"']/.test(part) ? JSON.stringify(part) : part)).join(' ');
}

/**
 * Functions as their triggers reach them: a program that is a server gets requests as they are. Its command stands for a
 * handler where the project file gives none.
 */
export function completePrograms(functions: FunctionDefinition[]): FunctionDefinition[] {
  return functions.map((definition) => {
    if (!isProgram(definition)) return definition;
    const program = programOf(definition);
    return {
      ...definition,
      handler: definition.handler || commandText(program),
      triggers: definition.triggers.map((trigger) =>
        trigger.kind === 'http' && program.protocol !== 'runtime-api'
          ? { ...trigger, shape: webShape }
          : trigger,
      ),
    };
  });
}

/**
 * A command as its parts: blanks part them, quotes keep them together. Nothing is expanded, as nothing is in the
 * clouds.
 */
export function splitCommand(text: string): string[] {
  const parts: string[] = [];
  for (const [, double, single, plain] of text.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g))
    parts.push(double ?? single ?? plain ?? '');
  return parts;
}

/** Fills in what is known only here (`$NAME`, `${NAME}`, `%NAME%`): so it means the same in every shell and without one. */
export function withVariables(text: string, values: Record<string, string>): string {
  return text.replace(
    /\$\{(\w+)\}|\$(\w+)|%(\w+)%/g,
    (found: string, braced?: string, plain?: string, windows?: string) =>
      values[braced ?? plain ?? windows ?? ''] ?? found,
  );
}

/** `$ARTIFACTS_DIR` is the folder of what a build makes. */
export function withArtifactsDir(text: string, artifactsDir: string): string {
  return withVariables(text, { ARTIFACTS_DIR: artifactsDir });
}
