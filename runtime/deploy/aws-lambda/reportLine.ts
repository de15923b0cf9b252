/** What the `REPORT` line at the end of an invocation's log says. */
export interface Report {
  durationMs: number;
  /** Present when a new environment was started for it. */
  initMs?: number;
}

const duration = /^REPORT RequestId: .*?\bDuration: ([\d.]+) ms/m;
const init = /^REPORT RequestId: .*?\bInit Duration: ([\d.]+) ms/m;

/** Reads the tail of a log. */
export function readReport(log: string): Report | undefined {
  const found = duration.exec(log)?.[1];
  if (found === undefined) return undefined;
  const initMs = init.exec(log)?.[1];
  return { durationMs: Number(found), ...(initMs === undefined ? {} : { initMs: Number(initMs) }) };
}
