import * as v from 'valibot';

/** What the report at the end of an invocation's log says. */
export interface Report {
  durationMs: number;
  /** Present when a new environment was started for it, or one was restored from a snapshot. */
  initMs?: number;
}

const duration = /^REPORT RequestId: .*?\bDuration: ([\d.]+) ms/m;
const start = /^REPORT RequestId: .*?\b(?:Init|Restore) Duration: ([\d.]+) ms/m;

/** The same of functions that log JSON (`LoggingConfig.LogFormat`; telemetry event `platform.report`). */
const platformReport = v.looseObject({
  type: v.literal('platform.report'),
  record: v.looseObject({
    metrics: v.looseObject({
      durationMs: v.number(),
      initDurationMs: v.optional(v.number()),
      restoreDurationMs: v.optional(v.number()),
    }),
  }),
});

/** Reads the tail of a log; the line it begins with may be cut. */
export function readReport(log: string): Report | undefined {
  const found = duration.exec(log)?.[1];
  if (found !== undefined) return reportOf(Number(found), start.exec(log)?.[1]);
  for (const line of log.split('\n')) {
    if (!line.includes('platform.report')) continue;
    const { success, output } = v.safeParse(platformReport, jsonIn(line));
    if (!success) continue;
    const { durationMs, initDurationMs, restoreDurationMs } = output.record.metrics;
    return reportOf(durationMs, initDurationMs ?? restoreDurationMs);
  }
  return undefined;
}

function reportOf(durationMs: number, init: string | number | undefined): Report {
  return { durationMs, ...(init !== undefined && { initMs: Number(init) }) };
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Somebody else's line, or the one that was cut.
    return undefined;
  }
}
