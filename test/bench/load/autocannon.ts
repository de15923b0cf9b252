import { join } from 'node:path';
import { versionsOf, type PackageCache } from '../packages/packageCache.ts';
import type { Children } from '../processes/children.ts';
import { median } from '../report/statistics.ts';
import { send, type Call } from './call.ts';
import type { LoadGenerator, LoadResult } from './loadGenerator.ts';

/**
 * The npm package `autocannon`, for machines without wrk. It counts whole milliseconds, too coarse for one connection:
 * there, Node's own HTTP client makes one call after the other.
 */
export async function installAutocannon(options: {
  children: Children;
  cache: PackageCache;
  node: string;
  folder: string;
}): Promise<LoadGenerator> {
  const script = join(await options.cache.install('autocannon'), 'autocannon', 'autocannon.js');
  return {
    label: `${versionsOf('autocannon')} (one connection: Node's HTTP client)`,
    async run(call, { connections, seconds }) {
      if (connections === 1) return oneAfterTheOther(call, seconds);
      const args = ['-j', '--no-progress', '-c', String(connections), '-d', String(seconds), '-t', '30'];
      const body = call.body === undefined ? [] : ['-b', call.body, '-H', 'Content-Type=application/json'];
      const command = [script, ...args, '-m', call.method, ...body, call.url];
      const child = options.children.start(options.node, command, { cwd: options.folder });
      const code = await child.exited;
      if (code !== 0) throw new Error(`autocannon failed: ${child.output().slice(-300)}`);
      return parseAutocannon(child.output());
    },
  };
}

/** Reads what `autocannon -j` prints; latencies there are milliseconds. */
export function parseAutocannon(output: string): LoadResult {
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`autocannon gave no result: ${output.slice(-300)}`);
  const result = JSON.parse(line) as {
    requests: { total: number };
    duration: number;
    latency: { p50: number; p99: number };
    errors: number;
    timeouts: number;
    non2xx: number;
  };
  return {
    requests: result.requests.total,
    perSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    // Time-outs are among the errors.
    errors: result.errors + result.non2xx,
  };
}

async function oneAfterTheOther(call: Call, seconds: number): Promise<LoadResult> {
  const times: number[] = [];
  let errors = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  while (performance.now() < end) {
    const { status, ms } = await send(call);
    if (status >= 400) errors++;
    times.push(ms);
  }
  const sorted = times.sort((a, b) => a - b);
  return {
    requests: times.length,
    perSecond: times.length / ((performance.now() - started) / 1000),
    p50: median(sorted) ?? 0,
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    errors,
  };
}
