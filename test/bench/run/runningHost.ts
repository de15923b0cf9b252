import type { Launch, Site, Subject } from '../hosts/subject.ts';
import { untilAnswer } from '../load/call.ts';
import type { Child, Children } from '../processes/children.ts';
import { freePort } from '../processes/ports.ts';
import { answerOf } from '../workload/sources.ts';
import type { FunctionId } from '../workload/workload.ts';

/** A slow host on a busy machine: firebase has needed 20 s. */
const startPatienceMs = 90_000;

/** A host that has answered once. */
export interface RunningHost {
  readonly child: Child;
  readonly launch: Launch;
  /** Milliseconds from the start of its process to the first answer. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** Starts a host and waits for the first answer of a function in a version. */
export async function startSubject(
  site: Site,
  subject: Subject,
  first: FunctionId,
  version: number,
): Promise<RunningHost> {
  const launch = await subject.launch(site, await freePort(), first);
  const started = performance.now();
  const child = startLaunch(site.children, launch, site.folder);
  try {
    await untilAnswer(launch.call(first), answerOf(version), {
      timeout: startPatienceMs,
      failed: () => failureOf(child),
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { child, launch, startMs: performance.now() - started, stop: () => child.stop() };
}

/** Starts a host's process. */
export function startLaunch(children: Children, launch: Launch, folder: string): Child {
  const child = children.start(launch.command, launch.args, {
    cwd: launch.cwd ?? folder,
    ...(launch.env ? { env: launch.env } : {}),
  });
  // Whoever waits for answers asks how it is.
  child.exited.catch(() => undefined);
  return child;
}

function failureOf(child: Child): string | undefined {
  if (child.running) return undefined;
  const said = child.output().trim().split('\n').slice(-6).join(' | ');
  return `it ended with code ${child.process.exitCode}: ${said.slice(-400)}`;
}
