import * as v from 'valibot';
import { PorchlightError } from '../model/errors.ts';
import type { RpcConnection } from '../protocol/control/connection.ts';

/** What a tool answers: a sentence for whoever reads on, and the facts as plain data of bounded size. */
export interface AgentAnswer {
  text: string;
  data: Record<string, unknown>;
}

/** Something a language model or a script may do with the functions of a folder, whatever way it asks. */
export interface AgentTool {
  /** Lower case with underscores, e.g. `invoke_function`. */
  name: string;
  /** For people. */
  title: string;
  /** For the model: what it is for, and when to take it. */
  description: string;
  input: v.GenericSchema;
  /** It runs the user's code, which may do anything: people are asked before. The others only read. */
  runsCode: boolean;
  /** What people are asked, with the input; only of tools that run code. Throws for an input that is wrong. */
  question(input: unknown): string;
  /** Rejects with an error whose message says what to do. `signal` ends what it began. */
  run(connection: RpcConnection, input: unknown, signal: AbortSignal): Promise<AgentAnswer>;
}

interface Definition<S extends v.GenericSchema> {
  name: string;
  title: string;
  description: string;
  input: S;
  question?(input: v.InferOutput<S>): string;
  run(connection: RpcConnection, input: v.InferOutput<S>, signal: AbortSignal): Promise<AgentAnswer>;
}

/** A tool whose input is checked before anything happens. One with a question runs code. */
export function defineTool<S extends v.GenericSchema>(definition: Definition<S>): AgentTool {
  const { question, run, ...rest } = definition;
  const check = (input: unknown) => checked(definition, input);
  return {
    ...rest,
    runsCode: question !== undefined,
    question: (input) => question?.(check(input)) ?? '',
    run: async (connection, input, signal) => run(connection, check(input), signal),
  };
}

function checked<S extends v.GenericSchema>(
  { name, input }: Definition<S>,
  given: unknown,
): v.InferOutput<S> {
  const result = v.safeParse(input, given ?? {});
  if (result.success) return result.output;
  const known = Object.keys((input as unknown as { entries?: object }).entries ?? {}).join(', ') || 'nothing';
  const detail = result.issues
    .slice(0, 3)
    .map((issue) => {
      const path = v.getDotPath(issue) ?? 'input';
      if (issue.type !== 'strict_object' || issue.expected !== 'never') return `${path}: ${issue.message}`;
      return `It takes ${known}, but not ${path}.`;
    })
    .join(' ');
  throw new PorchlightError('USAGE', { detail: `${name} cannot use this input. ${detail}` });
}

/** An event: any JSON value. It is sent as JSON; text stays text within it. */
export const eventInput = (description: string) => v.optional(v.pipe(v.any(), v.description(description)));

export const startKindInput = v.optional(
  v.pipe(
    v.picklist(['cold', 'prewarmed', 'warm'], 'expected cold, prewarmed or warm.'),
    v.description(
      'Forces a start kind: cold (a new process), prewarmed (a booted process without the code), warm (an instance that served before; fails when there is none).',
    ),
  ),
);
