import type { FunctionDefinition } from '../model/functionDefinition.ts';

/** What a target elsewhere gets of the project it is opened for. */
export interface TargetContext {
  /** The project's functions as its files state them now. */
  functions(): Promise<FunctionDefinition[]>;
}
