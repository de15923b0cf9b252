import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child, Children } from '../processes/children.ts';
import type { Call } from './call.ts';
import type { LoadGenerator, LoadResult } from './loadGenerator.ts';

/** `wrk`, when it is on the PATH. `folder`: where its scripts may be written. */
export function findWrk(children: Children, folder: string): LoadGenerator | undefined {
  const probe = spawnSync('wrk', ['--version'], { encoding: 'utf8' });
  if (probe.error) return undefined;
  const version = /^wrk (?:debian\/)?(\S+)/m.exec(`${probe.stdout}${probe.stderr}`)?.[1] ?? '';
  return {
    label: `wrk ${version}, 1 thread`,
    async run(call, { connections, seconds }) {
      const script = join(folder, 'load.lua');
      writeFileSync(script, wrkScript(call));
      const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, call.url];
      const child = children.start('wrk', args, { cwd: folder });
      const code = await child.exited;
      if (code !== 0) throw new Error(`wrk failed: ${child.output().slice(-300)}`);
      return parseWrk(child);
    },
  };
}

/** The request, and the result as a line that programs can read. */
export function wrkScript(call: Call): string {
  return `wrk.method = ${JSON.stringify(call.method)}
${call.body === undefined ? '' : `wrk.body = ${luaText(call.body)}\nwrk.headers["Content-Type"] = "application/json"`}
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\nRESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"errors":%d}\\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;
}

/** A Lua string; decimal escapes are known to every version. */
function luaText(text: string): string {
  const bytes = [...Buffer.from(text, 'utf8')];
  const safe = (byte: number): boolean => byte >= 32 && byte < 127 && byte !== 34 && byte !== 92;
  const escaped = bytes.map((byte) =>
    safe(byte) ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`,
  );
  return `"${escaped.join('')}"`;
}

function parseWrk(child: Child): LoadResult {
  return parseWrkOutput(child.output());
}

/** Reads the line our script writes; times there are microseconds. */
export function parseWrkOutput(output: string): LoadResult {
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk gave no result: ${output.slice(-300)}`);
  const { requests, us, p50, p99, errors } = JSON.parse(line) as Record<
    'requests' | 'us' | 'p50' | 'p99' | 'errors',
    number
  >;
  return { requests, perSecond: requests / (us / 1e6), p50: p50 / 1000, p99: p99 / 1000, errors };
}
