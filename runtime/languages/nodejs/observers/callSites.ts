import type { RawFrame } from '../../../protocol/instance/observations.ts';
import type { Captured } from './capture.ts';

let ownFolder = '';

/** Code in this folder is ours, not the user's. */
export function ignoreFolder(folder: string): void {
  ownFolder = folder;
}

/** Whether a file is part of what runs the user's code. */
export function isOurs(file: string): boolean {
  return ownFolder !== '' && file.startsWith(ownFolder);
}

/** The two innermost places in the user's own code, or in packages when there is none; Node's and our own never. */
export function placesOf(captured: Captured | undefined): RawFrame[] {
  const sites = read(captured);
  const frames = sites.flatMap((site): RawFrame[] => {
    const file = site.getFileName();
    if (!file || file.startsWith('node:') || isOurs(file)) return [];
    return [[file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]];
  });
  const own = frames.filter(([file]) => !inPackage(file));
  return (own.length > 0 ? own : frames).slice(0, 2);
}

/** Whether Node itself created it, for its own purposes or as a part of something that is watched as a whole. */
export function isNodesOwn(captured: Captured | undefined): boolean {
  const file = read(captured)[0]?.getFileName();
  return file?.startsWith('node:') ?? false;
}

/** Whether a file belongs to a package. */
export function inPackage(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}

const formatted = new WeakMap<Captured, NodeJS.CallSite[]>();

function read(captured: Captured | undefined): NodeJS.CallSite[] {
  if (!captured) return [];
  const known = formatted.get(captured);
  if (known) return known;
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, sites) => sites;
  let sites: NodeJS.CallSite[];
  try {
    const { stack } = captured;
    sites = Array.isArray(stack) ? (stack as NodeJS.CallSite[]) : [];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
  formatted.set(captured, sites);
  return sites;
}
