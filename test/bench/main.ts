import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { onAskedToEnd, plainEnvironment } from '../../scripts/setup.mjs';
import { runTool } from '../../scripts/testing/runTool.ts';
import { productVersion } from '../../runtime/cli/version.ts';
import { installAutocannon } from './load/autocannon.ts';
import { findWrk } from './load/wrk.ts';
import { PackageCache } from './packages/packageCache.ts';
import { peers, unreachable } from './peers/index.ts';
import { Children } from './processes/children.ts';
import { describeMachine } from './report/machine.ts';
import { jsonOf, markdownOf } from './report/report.ts';
import { Results } from './report/results.ts';
import { quickEffort, usualEffort, type Context } from './run/context.ts';
import { parseOptions, usage, UsageError, type Options } from './run/options.ts';
import { planOf, subjectsOf } from './run/plan.ts';
import { prepareAll, runRounds } from './run/rounds.ts';
import { Workload } from './workload/workload.ts';

const peerNames = Object.keys(peers);
const say = (text: string): void => console.error(text);

/** Parses, builds, measures, reports. Whatever it started is gone when it ends, also at Ctrl+C. */
async function main(args: string[]): Promise<number> {
  const options = parseOptions(args, peerNames);
  if (options.help) {
    console.log(usage(peerNames));
    return 0;
  }
  const node = options.node === undefined ? process.execPath : resolve(options.node);
  const version = nodeVersion(node);
  if ((await runTool(['scripts/build.mjs'])).code !== 0) return 1;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'porchlight-bench-')));
  const path = [dirname(node), plainEnvironment()['PATH'] ?? ''].join(delimiter);
  const children = new Children(join(folder, 'logs'), path);
  const end = async (): Promise<void> => {
    await children.endAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  endWhenAsked(end);
  try {
    await measure({ options, node, version, folder, children });
    return 0;
  } finally {
    await end();
  }
}

async function measure(run: {
  options: Options;
  node: string;
  version: string;
  folder: string;
  children: Children;
}): Promise<void> {
  const { options, node, folder, children } = run;
  const machine = describeMachine(run.version);
  const cache = new PackageCache({ children, say });
  const workload = new Workload(await cache.install('workload'));
  const load = findWrk(children, folder) ?? (await installAutocannon({ children, cache, node, folder }));
  const results = new Results();
  const effort = options.quick ? quickEffort : usualEffort;
  const context: Context = { folder, node, children, cache, workload, load, results, effort };
  say(`Load generator: ${load.label}. Preparing…`);
  // Found from the folders of all hosts.
  await workload.placePackages(folder);
  const measures = await prepareAll(planOf(context, options), { results, say });
  await runRounds(measures, { rounds: options.rounds, results, say });
  machine.load.after = loadavg()[0]!;
  const done = {
    machine,
    porchlight: productVersion(),
    loadGenerator: load.label,
    rounds: options.rounds,
    parts: options.parts,
    subjects: subjectsOf(options),
    results,
    unreachable: options.peers.length === peerNames.length ? unreachable : [],
  };
  const markdown = markdownOf(done);
  console.log(`\n${markdown}`);
  if (options.markdown !== undefined) writeFileSync(resolve(options.markdown), markdown);
  if (options.json !== undefined) writeFileSync(resolve(options.json), jsonOf(done));
}

function nodeVersion(node: string): string {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (status !== 0) throw new UsageError(`--node: ${node} does not run.`);
  return stdout.trim().replace(/^v/, '');
}

/** At Ctrl+C, at a request to end, and under npm at the end of its shell. */
function endWhenAsked(end: () => Promise<void>): void {
  let asked = false;
  const stop = (code: number): void => {
    if (asked) return;
    asked = true;
    say('Ending what was started…');
    // The measure that is under way fails meanwhile; nobody is told any more.
    void end().finally(() => process.exit(code));
  };
  process.on('SIGINT', () => stop(130));
  onAskedToEnd(() => stop(143));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage(peerNames)}`);
  process.exitCode = 2;
}
