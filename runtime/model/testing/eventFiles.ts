import { basename, join } from 'node:path';
import type { FileLookup } from '../../support/fileLookup.ts';

/*
 * Which event files belong to which function, by where they lie and how they are named:
 *
 * - Events lie in a folder `events`, beside the handler's module or in a folder above it, up to that of the project file.
 *   A file `event.json` in one of these folders counts as well.
 * - `events/<function>/…` belongs to that function. So does `events/<function>.json`, and `events/<function>-….json`, with
 *   `-`, `_` or `.` behind the name, and with or without `event-` before it. Names are compared without regard to case,
 *   separators and a final "Function"; the name of the handler's module stands for its function, too.
 * - Every other event belongs to the only function that has the folder among its places; where several have, to none.
 *
 * Events are `.json` and `.txt` files. `<name>.expect.yaml` (`.yml`, `.json`) beside one is its expectation.
 */

/** A function, as far as events need it. */
export interface EventOwner {
  name: string;
  /** Other names by which files may call it. */
  aliases: readonly string[];
  /** Folders that may hold its events, the nearest first. */
  places: readonly string[];
}

/** An event file with what lies beside it. */
export interface EventFile {
  file: string;
  /** What the test is called: the file's name without its ending, with its folder below `events` where needed. */
  name: string;
  /** Files with its expectation; more than one is a mistake. */
  expectations: string[];
}

/** What was found in the folders of a project's functions. */
export interface FoundEvents {
  byFunction: Map<string, EventFile[]>;
  /** Events in a folder that several functions share, and nothing tells whose they are. */
  unclear: { folder: string; files: string[]; functions: string[] }[];
  /** Expectations without an event. */
  orphans: { file: string; events: string[] }[];
  /** Where a new event of a function goes. */
  folders: Record<string, string>;
}

const eventFile = /\.(json|txt)$/i;
const expectationFile = /\.expect\.(ya?ml|json)$/i;
/** Bounds of what is looked at in one folder. */
const most = { files: 1000, folders: 200 } as const;

/** Whether a change of this file may be one of the events by its name. */
export function mayBeEvent(file: string): boolean {
  if (expectationFile.test(file) || basename(file) === 'event.json') return true;
  return eventFile.test(file) && /[\\/]events[\\/]([^\\/]+[\\/])?[^\\/]+$/.test(file);
}

/** Looks for the events of functions. */
export function findEventFiles(owners: readonly EventOwner[], lookup: FileLookup): FoundEvents {
  const found: FoundEvents = { byFunction: new Map(), unclear: [], orphans: [], folders: {} };
  const places = [...new Set(owners.flatMap((owner) => owner.places))];
  const listed = new Map(places.map((place) => [place, lookup.list(place)]));
  for (const place of places) {
    const candidates = owners.filter((owner) => owner.places.includes(place));
    const names = listed.get(place)!;
    if (names.includes('event.json')) {
      const beside = names.filter((name) => /^event\.expect\./i.test(name));
      new Folder(place, ['event.json', ...beside], found).take(candidates, '');
    }
    if (!names.includes('events/')) continue;
    const folder = join(place, 'events');
    const inside = lookup.list(folder).sort();
    new Folder(folder, inside, found).take(candidates, '');
    const folders = inside.filter((name) => name.endsWith('/') && !name.startsWith('.'));
    for (const name of folders.slice(0, most.folders).map((each) => each.slice(0, -1))) {
      const below = join(folder, name);
      const owner = candidates.find((each) => isNamed(each, name));
      new Folder(below, lookup.list(below).sort(), found).take(owner ?? candidates, owner ? '' : `${name}/`);
    }
  }
  for (const owner of owners) {
    const place = owner.places.find((each) => listed.get(each)!.includes('events/')) ?? owner.places.at(-1);
    if (place === undefined) continue;
    const shared = owners.some((other) => other !== owner && other.places.includes(place));
    found.folders[owner.name] = join(place, 'events', ...(shared ? [owner.name] : []));
  }
  return found;
}

/** The files of one folder, given to their functions. */
class Folder {
  readonly #folder: string;
  readonly #files: string[];
  readonly #found: FoundEvents;

  constructor(folder: string, names: readonly string[], found: FoundEvents) {
    this.#folder = folder;
    this.#files = names.filter((name) => !name.endsWith('/')).slice(0, most.files);
    this.#found = found;
  }

  /** A single owner gets all; of several, the one that a file is named after. */
  take(owners: EventOwner | readonly EventOwner[], prefix: string): void {
    const events = this.#files.filter((name) => eventFile.test(name) && !expectationFile.test(name));
    const expectations = this.#files.filter((name) => expectationFile.test(name));
    const stems = new Set(events.map(stemOf));
    const unclear: string[] = [];
    for (const name of events) {
      const stem = stemOf(name);
      const candidates = Array.isArray(owners) ? (owners as readonly EventOwner[]) : [owners as EventOwner];
      const owner = ownerOf(stem, candidates);
      if (!owner) {
        unclear.push(join(this.#folder, name));
        continue;
      }
      const twins = events.filter((other) => stemOf(other) === stem);
      const files = this.#found.byFunction.get(owner.name) ?? [];
      this.#found.byFunction.set(owner.name, files);
      files.push({
        file: join(this.#folder, name),
        name: prefix + (twins.length > 1 ? name : stem),
        expectations: expectations
          .filter((each) => each.replace(expectationFile, '') === stem)
          .map((each) => join(this.#folder, each)),
      });
    }
    if (unclear.length > 0) {
      const functions = (owners as readonly EventOwner[]).map((owner) => owner.name);
      this.#found.unclear.push({ folder: this.#folder, files: unclear, functions });
    }
    for (const name of expectations) {
      if (stems.has(name.replace(expectationFile, ''))) continue;
      this.#found.orphans.push({ file: join(this.#folder, name), events });
    }
  }
}

function stemOf(name: string): string {
  return name.replace(eventFile, '');
}

function ownerOf(stem: string, owners: readonly EventOwner[]): EventOwner | undefined {
  const parts = stem.split(/[-_.]/);
  for (const words of parts.length > 1 && parts[0]!.toLowerCase() === 'event'
    ? [parts, parts.slice(1)]
    : [parts]) {
    for (let count = words.length; count > 0; count--) {
      const name = words.slice(0, count).join('');
      const owner = owners.find((each) => isNamed(each, name));
      if (owner) return owner;
    }
  }
  return owners.length === 1 ? owners[0] : undefined;
}

function isNamed(owner: EventOwner, name: string): boolean {
  const wanted = bare(name);
  return wanted !== '' && [owner.name, ...owner.aliases].some((each) => bare(each) === wanted);
}

function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?<=.)(function|handler)$/, '');
}
