import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import { QueryInvocations } from '../../runtime/protocol/control/messages.ts';
import { startHostRun, type HostRun } from './hostRun.ts';
import { call, closeConnections, type CallResult } from './load.ts';
import { writeProject } from './project.ts';
import { grows, median, violations } from './verdict.ts';
import { seededRandom } from '../support/seededRandom.ts';

/*
 * Many functions of every process model under a steady load, while instances and the host itself are killed at
 * random: every accepted invocation has exactly one recorded end, nothing is left over, and memory stays flat.
 * The last third runs without killing the host, so that its memory can be watched.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    functions: { type: 'string', default: '50' },
    rate: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    keep: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
const random = seededRandom(Number(values.seed));
const root = await mkdtemp(join(tmpdir(), 'porchlight-soak-'));
const functions = await writeProject(root, Number(values.functions));
console.log(
  `soak: ${functions.length} functions, ${rate} calls/s, ${minutes} min, seed ${values.seed}, Node ${process.versions.node}`,
);

let host = await startHostRun(root);
let killing = false;
const calls: CallResult[] = [];
const memory: number[] = [];
const kills = { instances: 0, hosts: 0 };
const startedAt = Date.now();
const endAt = startedAt + minutes * 60_000;
const calmAt = startedAt + (minutes * 60_000 * 2) / 3;

try {
  await Promise.all([load(), killInstances(), killHosts(), watchMemory()]);
  const records = await allRecords(host);
  const problems = violations(calls, records);
  const growth = grows(memory, 20);
  if (growth) problems.push(growth);
  const ended = host;
  ended.child.kill('SIGINT');
  await ended.exited;
  await ended.processes.gone(10_000).catch((error: unknown) => problems.push((error as Error).message));
  report(records, problems);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  host.child.kill('SIGKILL');
  closeConnections();
  if (values.keep) console.log(`kept: ${root}`);
  else await rm(root, { recursive: true, force: true, maxRetries: 5 });
}

/** An open loop: calls are made at their time, whatever becomes of those before. */
async function load(): Promise<void> {
  const under: Promise<void>[] = [];
  let made = 0;
  for (;;) {
    const now = Date.now();
    if (now >= endAt) break;
    const due = Math.floor(((now - startedAt) / 1000) * rate);
    while (made < due) {
      const fn = functions[Math.floor(random() * functions.length)]!;
      under.push(call(host.gateway, fn, made++, random).then((result) => void calls.push(result)));
    }
    await sleep(20);
  }
  await Promise.all(under);
}

async function killInstances(): Promise<void> {
  while (Date.now() < endAt) {
    await sleep(500 + random() * 2000);
    const pids = host.processes.alive().filter((pid) => pid !== host.child.pid);
    const chosen = pids[Math.floor(random() * pids.length)];
    if (chosen === undefined || killing) continue;
    try {
      process.kill(chosen, 'SIGKILL');
      kills.instances++;
    } catch (error) {
      // It ended by itself between the look and the signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function killHosts(): Promise<void> {
  while (Date.now() < calmAt) {
    await sleep(Math.min(15_000 + random() * 20_000, Math.max(0, calmAt - Date.now())));
    if (Date.now() >= calmAt) return;
    killing = true;
    const ended = host;
    ended.child.kill('SIGKILL');
    kills.hosts++;
    await ended.exited;
    await ended.processes.gone(10_000);
    host = await startHostRun(root);
    killing = false;
    console.log(
      `${Math.round((Date.now() - startedAt) / 1000)} s: host killed and started again; ${calls.length} calls`,
    );
  }
}

async function watchMemory(): Promise<void> {
  while (Date.now() < endAt) {
    await sleep(2000);
    // After the last kill, and after the first moments of the new host.
    if (Date.now() < calmAt + 15_000 || process.platform !== 'linux') continue;
    const status = readFileSync(`/proc/${host.child.pid}/status`, 'utf8');
    memory.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }
}

async function allRecords({ control, token }: HostRun): Promise<InvocationSummary[]> {
  const client = { kind: 'cli', name: 'soak', pid: process.pid } as const;
  const connection = await connectControl({ url: control, token, root, client });
  const records: InvocationSummary[] = [];
  for (;;) {
    const before = records.at(-1)?.id;
    const page = await connection.sendRequest(QueryInvocations, {
      limit: 1000,
      ...(before === undefined ? {} : { before }),
    });
    records.push(...page);
    if (page.length === 0) break;
  }
  connection.dispose();
  return records;
}

function report(records: InvocationSummary[], problems: string[]): void {
  const by = (key: (record: InvocationSummary) => string) => {
    const counts = new Map<string, number>();
    for (const record of records) counts.set(key(record), (counts.get(key(record)) ?? 0) + 1);
    return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
  };
  console.log(
    `calls ${calls.length}, lost with a killed host ${calls.filter(({ outcome }) => outcome === 'lost').length}`,
  );
  console.log(`records ${records.length}: ${by(({ status }) => status)}`);
  console.log(`starts: ${by(({ startKind }) => startKind ?? 'none')}`);
  console.log(`killed: ${kills.instances} instances, ${kills.hosts} hosts`);
  if (memory.length > 0)
    console.log(
      `host memory: ${Math.round(memory[0]!)} … ${Math.round(memory.at(-1)!)} MiB, median ${Math.round(median(memory))}`,
    );
  console.log(
    problems.length === 0 ? 'every invocation has one end; nothing is left over' : problems.join('\n'),
  );
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
