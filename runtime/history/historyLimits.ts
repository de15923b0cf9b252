/** What is kept at most: records, bytes of bodies and logs, milliseconds of age. */
export interface HistoryLimits {
  records: number;
  bytes: number;
  ageMs: number;
}

/** Limits of a history on a developer's machine. The file takes up to three times the bytes: text, and what is searched. */
export const defaultHistoryLimits: HistoryLimits = {
  records: 100_000,
  bytes: 512 * 1024 * 1024,
  ageMs: 30 * 24 * 3600_000,
};
