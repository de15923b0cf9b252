import { parseArgs } from 'node:util';

/** What can be measured, as named on the command line. */
export const parts = [
  'start',
  'warm',
  'memory',
  'edit',
  'cold',
  'prewarmed',
  'echo',
  'recording',
  'debugger',
  'language',
  'deploy',
  'rules',
  'debug-editor',
] as const;

/** Parts that are measured only when they are named. */
const onlyWhenNamed: readonly string[] = ['debug-editor'];

/** What is measured when nothing is named. */
export const usualParts = parts.filter((part) => !onlyWhenNamed.includes(part));

export type Part = (typeof parts)[number];

export interface Options {
  parts: readonly Part[];
  rounds: number;
  /** Names of peers. */
  peers: readonly string[];
  quick: boolean;
  json?: string;
  markdown?: string;
  /** The Node that hosts and functions run on. */
  node?: string;
  help: boolean;
}

/** A mistake on the command line, told without a stack. */
export class UsageError extends Error {}

/** How the program is called. */
export function usage(peers: readonly string[]): string {
  return `npm run bench -- [part…] [options]

Parts (all when none is named, but ${onlyWhenNamed.join(', ')}): ${parts.join(', ')}.
  --rounds N        rounds, 1 to 100 (3; 1 with --quick)
  --peers A,B|none  peers to compare with (all): ${peers.join(', ')}
  --quick           fewer samples, to see that everything runs
  --node PATH       the Node.js that hosts and functions run on
  --markdown FILE   write the report there too
  --json FILE       write every sample there`;
}

/** Reads the command line. Throws a `UsageError`. */
export function parseOptions(args: string[], knownPeers: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((word) => !(parts as readonly string[]).includes(word));
  if (unknown !== undefined)
    throw new UsageError(`There is no part "${unknown}". Parts: ${parts.join(', ')}.`);
  const quick = values.quick === true;
  const rounds = values.rounds === undefined ? (quick ? 1 : 3) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new UsageError('--rounds is a whole number from 1 to 100.');
  return {
    parts: positionals.length > 0 ? parts.filter((part) => positionals.includes(part)) : usualParts,
    rounds,
    peers: chosenPeers(values.peers, knownPeers),
    quick,
    help: values.help === true,
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.markdown === undefined ? {} : { markdown: values.markdown }),
    ...(values.node === undefined ? {} : { node: values.node }),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        peers: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        node: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function chosenPeers(text: string | undefined, known: readonly string[]): readonly string[] {
  if (text === undefined) return known;
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`There is no peer "${unknown}". Peers: ${known.join(', ')}, or none.`);
  return known.filter((name) => names.includes(name));
}
