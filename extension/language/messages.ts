/*
 * What the client tells the language server when it starts. The server imports nothing else of the extension: the ids
 * of commands and the words of the user's language come from here.
 */

import { projectFileNames } from '../../runtime/model/projectFiles/fileNames.ts';

/** Glob of the files that declare functions, as editors understand it. */
export const projectFilePattern = `**/{${projectFileNames.join(',')}}`;

/** Globs of the files that give variables of the environment. */
export const environmentFilePatterns = ['**/.env', '**/.env.*'];

/** Words that the server shows; `{0}` stands for the name of a function. */
export interface ServerTexts {
  invoke: string;
  debug: string;
  /** For a handler that several functions share. */
  invokeNamed: string;
  debugNamed: string;
  deploy: string;
  deployNamed: string;
  /** Title of a quick fix; `{0}` is the new text. */
  changeTo: string;
  /** Titles of what can be done about a finding in code; `{0}` is the rule, or the variable. */
  explainRule: string;
  ignoreRule: string;
  nameVariable: string;
  /** `{0}` is the type of the event. */
  typeEvent: string;
}

export const englishTexts: ServerTexts = {
  invoke: 'Invoke',
  debug: 'Debug',
  invokeNamed: 'Invoke {0}',
  debugNamed: 'Debug {0}',
  deploy: 'Deploy',
  deployNamed: 'Deploy {0}',
  changeTo: 'Change to "{0}"',
  explainRule: 'Explain {0}',
  ignoreRule: 'Ignore {0} on this line',
  nameVariable: 'Add {0} to .env',
  typeEvent: 'Give the event the type {0}',
};

/** `initializationOptions` of the language client. */
export interface LanguageOptions {
  texts: ServerTexts;
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
