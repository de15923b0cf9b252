import { createContext, Script } from 'node:vm';

/** A search ended because it took too long. */
export class RegExpTimeout extends Error {
  constructor(pattern: string) {
    super(`The regular expression /${pattern}/ takes too long on this text.`);
  }
}

/** Milliseconds; expressions people mean take a fraction of one. */
const longestMs = 250;
const longestText = 1024 * 1024;

/** Whether a regular expression is found in a text (its first megabyte); throws when that takes unreasonably long. */
export function findsPattern(pattern: string, text: string): boolean {
  const context = createContext({ pattern, text: text.slice(0, longestText) });
  try {
    return search.runInContext(context, { timeout: longestMs }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new RegExpTimeout(pattern);
    throw error;
  }
}

// The one way to bound a search within a thread: the engine looks for an interrupt while it goes back and forth.
const search = new Script("new RegExp(pattern, 'u').test(text)");
