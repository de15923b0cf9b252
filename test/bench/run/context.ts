import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Site, Subject } from '../hosts/subject.ts';
import type { LoadGenerator } from '../load/loadGenerator.ts';
import type { PackageCache } from '../packages/packageCache.ts';
import type { Children } from '../processes/children.ts';
import type { Results } from '../report/results.ts';
import type { Workload } from '../workload/workload.ts';

/** How much is done in a round; seconds are whole ones, as wrk has it. */
export interface Effort {
  latencySeconds: number;
  loadSeconds: number;
  /** How often in a round Porchlight and the bare server take turns. */
  turns: number;
  edits: number;
  coldStarts: number;
  echoes: number;
  steps: number;
  /** Instances debugged in the editor; ten times as many steps. */
  editorSamples: number;
}

/** Enough for stable medians over a few rounds. */
export const usualEffort: Effort = {
  latencySeconds: 1,
  loadSeconds: 2,
  turns: 2,
  edits: 2,
  coldStarts: 3,
  echoes: 5,
  steps: 20,
  editorSamples: 12,
};

/** To see that everything runs. */
export const quickEffort: Effort = {
  latencySeconds: 1,
  loadSeconds: 1,
  turns: 1,
  edits: 1,
  coldStarts: 2,
  echoes: 2,
  steps: 5,
  editorSamples: 4,
};

/** What every measure works with. */
export interface Context {
  /** Folder of the run; removed at its end. */
  folder: string;
  node: string;
  children: Children;
  cache: PackageCache;
  workload: Workload;
  load: LoadGenerator;
  results: Results;
  effort: Effort;
}

/** The folder and the tools of one host. */
export function siteOf(context: Context, { id }: Pick<Subject, 'id'>): Site {
  const folder = join(context.folder, id);
  mkdirSync(folder, { recursive: true });
  const { node, workload, cache, children } = context;
  return { folder, node, workload, cache, children };
}
