import type { Answer } from './answer.ts';

/**
 * What the function's server tells at `/metrics`, in the text format of Prometheus (version 0.0.4): of the process, by the
 * names that its clients use everywhere. The published runtime tells more of Node.js besides.
 */
export function metricsAnswer(): Answer {
  const { user, system } = process.cpuUsage();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const seconds = (us: number): number => us / 1_000_000;
  const lines = [
    ...metric('process_cpu_user_seconds_total', 'counter', 'User CPU time in seconds.', seconds(user)),
    ...metric('process_cpu_system_seconds_total', 'counter', 'System CPU time in seconds.', seconds(system)),
    ...metric('process_cpu_seconds_total', 'counter', 'CPU time in seconds.', seconds(user + system)),
    ...metric(
      'process_start_time_seconds',
      'gauge',
      'Start of the process since the Unix epoch in seconds.',
      Math.round(Date.now() / 1000 - process.uptime()),
    ),
    ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory in bytes.', rss),
    ...metric('nodejs_heap_size_total_bytes', 'gauge', 'Size of the heap in bytes.', heapTotal),
    ...metric('nodejs_heap_size_used_bytes', 'gauge', 'Used part of the heap in bytes.', heapUsed),
    ...metric('nodejs_external_memory_bytes', 'gauge', 'Memory outside of the heap in bytes.', external),
  ];
  const headers: Answer['headers'] = [['content-type', 'text/plain; version=0.0.4; charset=utf-8']];
  return { status: 200, headers, body: Buffer.from(`${lines.join('\n')}\n`, 'utf8') };
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`];
}
