/** Upper bounds of the histogram, in seconds: those that Prometheus's client of Go has by default. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Others are counted as one, so that nobody makes the list grow. */
const methods = /^(GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE)$/;

interface Series {
  labels: string;
  count: number;
  sum: number;
  buckets: number[];
}

/** Requests of a server, as Prometheus reads them (its text format, version 0.0.4). */
export class RequestMetrics {
  inFlight = 0;
  readonly #series = new Map<string, Series>();

  count(method: string, status: number, seconds: number): void {
    const name = methods.test(method) ? method.toLowerCase() : 'unknown';
    const labels = `code="${status}",method="${name}"`;
    const series = this.#series.get(labels) ?? { labels, count: 0, sum: 0, buckets: bounds.map(() => 0) };
    this.#series.set(labels, series);
    series.count++;
    series.sum += seconds;
    for (const [at, bound] of bounds.entries()) if (seconds <= bound) series.buckets[at]!++;
  }

  text(): string {
    const all = [...this.#series.values()];
    const lines = [
      ...about('http_requests_in_flight', 'gauge', 'Requests that are being answered.'),
      `http_requests_in_flight ${this.inFlight}`,
      ...about('http_requests_total', 'counter', 'Requests that were answered.'),
      ...all.map(({ labels, count }) => `http_requests_total{${labels}} ${count}`),
      ...about('http_request_duration_seconds', 'histogram', 'Seconds that answers took.'),
      ...all.flatMap(histogram),
    ];
    return `${lines.join('\n')}\n`;
  }
}

function about(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogram({ labels, count, sum, buckets }: Series): string[] {
  const name = 'http_request_duration_seconds';
  return [
    ...bounds.map((bound, at) => `${name}_bucket{${labels},le="${bound}"} ${buckets[at]}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ];
}
