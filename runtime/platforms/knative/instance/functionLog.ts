/** `context.log`: a method for each level. */
export type FunctionLog = Record<string, unknown>;

/** Levels from the most talkative to the least, each with the method of the console that tells its lines. */
const levels = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
} as const;

const names = Object.keys(levels) as (keyof typeof levels)[];
const silence = (): void => {};

/**
 * The log of a function. In the cloud each line is a JSON object on standard output; here a line is what was said, with
 * its level and the place in the code that said it, which is why the console's own methods are handed out.
 * `level`: nothing below it is told; `silent` tells nothing.
 */
export function functionLog(level: string): FunctionLog {
  const least = level === 'silent' ? names.length : names.indexOf(level as (typeof names)[number]);
  const from = least < 0 ? names.indexOf('warn') : least;
  const log: FunctionLog = {};
  names.forEach((name, index) => (log[name] = index >= from ? console[levels[name]] : silence));
  // What else loggers of this kind have is there without being listed.
  const more = {
    level,
    silent: silence,
    child: () => log,
    isLevelEnabled: (name: string) => isTold(name, from),
  };
  for (const [name, value] of Object.entries(more))
    Object.defineProperty(log, name, { value, enumerable: false });
  return log;
}

function isTold(name: string, from: number): boolean {
  const index = names.indexOf(name as (typeof names)[number]);
  return index >= 0 && index >= from;
}
