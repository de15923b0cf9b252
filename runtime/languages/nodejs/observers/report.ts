import { dirname } from 'node:path';
import type { Observation, OpenWork, RanLater } from '../../../protocol/instance/observations.ts';
import { AsyncWorkWatch } from './asyncWork.ts';
import { ignoreFolder } from './callSites.ts';
import { CarriedStateReport, type StatefulCode } from './carriedState.ts';
import type { Suspicion } from './openWork.ts';
import { OpenWorkReport } from './openWorkReport.ts';
import type { TempFiles } from './tempFiles.ts';
import type { Tracker } from './tracker.ts';

/*
 * The larger part of watching: what is done after an answer, when there is something to look at. A bundle of its own,
 * loaded then, so that cold starts do not pay for it.
 */

/** What the part that watches hands over. */
export interface ReportOptions {
  /** Path of this bundle. */
  module: string;
  tracker: Tracker;
  ran: Map<object, RanLater>;
  files: TempFiles;
  isForeign(this: void, value: object): boolean;
}

/** Describes what was noticed. */
export interface Reporter {
  openWork(suspicion: Suspicion): OpenWork[];
  carriedState(code: StatefulCode, call: number, id: string): Observation[];
  /** For the mode that follows every promise. */
  followAll(): AsyncWorkWatch;
}

/** Called once per instance. */
export function createReporter({ module, tracker, ran, files, isForeign }: ReportOptions): Reporter {
  ignoreFolder(dirname(module));
  const openWork = new OpenWorkReport(tracker, ran);
  let state: CarriedStateReport | undefined;
  return {
    openWork: (suspicion) => openWork.report(suspicion),
    carriedState(code, call, id) {
      state ??= new CarriedStateReport(code, files, isForeign);
      return state.report(call, id);
    },
    followAll: () => new AsyncWorkWatch(),
  };
}
