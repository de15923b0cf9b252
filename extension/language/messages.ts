/*
 * What the client tells the language server when it starts. The server imports nothing else of the extension: the ids
 * of commands come from here. Its words are those of `initialize.locale`.
 */

import { projectFileNames } from '../../runtime/model/projectFiles/fileNames.ts';

/** Glob of the files that declare functions, as editors understand it. */
export const projectFilePattern = `**/{${projectFileNames.join(',')}}`;

/** Globs of the files that give variables of the environment. */
export const environmentFilePatterns = ['**/.env', '**/.env.*'];

/** `initializationOptions` of the language client. */
export interface LanguageOptions {
  /** Of the client: `suggest` proposes what can be written, `reveal` shows a folder by its URI. */
  commands: {
    invoke: string;
    debug: string;
    deploy: string;
    explainRule: string;
    suggest?: string;
    reveal?: string;
  };
  /** Address of the folder with the pages that explain rules, without a final `/`; absent: there are none. */
  rulePages?: string;
}

/** Section of the settings that says how loudly rules about handler code speak; the server asks for it. */
export const rulesSection = 'porchlight.rules';

/** Notification of the client's: what cold starts of a function spend on packages, in milliseconds, as measured last. */
export const importCostsMethod = 'porchlight/importCosts';
export interface ImportCostsParams {
  /** Path of the workspace folder. */
  folder: string;
  function: string;
  packages: Record<string, number>;
}

/** Argument of all of them: the function, and the path of the workspace folder it belongs to. */
export interface LensArgument {
  function: string;
  folder: string;
}
