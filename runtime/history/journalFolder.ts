import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../support/processTree.ts';

/*
 * Journals lie in a folder beside the database. Every opening of a history is a session that writes segments of its
 * own: `<start>-<pid>-<random>.<number>.jsonl`, where `<start>` is the time in base 36, so that names sort by time.
 */

const namePattern = /^(([0-9a-z]{9})-(\d{1,10})-[0-9a-f]{8})\.(\d{6})\.jsonl$/;

/** One segment of a session's journal. */
export interface JournalSegment {
  name: string;
  file: string;
  session: string;
  number: number;
}

/** The folder with the journals of a database. */
export function journalFolder(database: string): string {
  return `${database}.incoming`;
}

/** A name for a session of this process. */
export function newSession(): string {
  return `${Date.now().toString(36).padStart(9, '0')}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** The name of a session's segment. */
export function segmentName(session: string, number: number): string {
  return `${session}.${String(number).padStart(6, '0')}.jsonl`;
}

/** All segments, oldest session first. Other files are nobody's business; a folder that is missing holds none. */
export function listSegments(folder: string): JournalSegment[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
  return names.sort().flatMap((name) => {
    const [, session, , , number] = namePattern.exec(name) ?? [];
    return session === undefined ? [] : [{ name, file: join(folder, name), session, number: Number(number) }];
  });
}

/** What tells whether a session lives; tests pass a fake. */
export interface SessionSystem {
  pid: number;
  /** When this process began, in milliseconds since the epoch. */
  startedAt: number;
  isAlive(pid: number): boolean;
}

/**
 * Whether the process of a session is gone. Process ids are used again, in containers even the same one at every
 * start: a session under our own id that is older than this process was another process's.
 */
export function isGone(session: string, system: SessionSystem): boolean {
  const [, , start, pid] = namePattern.exec(segmentName(session, 0)) ?? [];
  if (start === undefined) return true;
  if (Number(pid) === system.pid) return Number.parseInt(start, 36) < Math.floor(system.startedAt);
  return !system.isAlive(Number(pid));
}

/** The system of this process. A worker's clock starts later than its process: the process tells its own start. */
export function sessionSystem(startedAt: number): SessionSystem {
  return { pid: process.pid, startedAt, isAlive };
}
