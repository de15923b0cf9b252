import { defaultProcess } from '../../../runtime/model/functionDefinition.ts';
import type { Figure, Results } from './results.ts';
import { ratio, summarize } from './statistics.ts';
import { targetText, verdict, type Target } from './verdict.ts';
import { numberText, summaryText, type Table } from './table.ts';

/** A figure of Porchlight with what it is compared with, and what it is to keep. */
export interface Comparison {
  title: string;
  unit: string;
  figure: Figure;
  against?: { title: string; figure: Figure };
  /** Bound of the ratio when there is something to compare with, otherwise of the value. */
  target?: Target;
}

const own = (measure: string): Figure => ({ subject: 'porchlight', measure });
const editor = (measure: string): Figure => ({ subject: 'editor', measure });
const bare = (measure: string): { title: string; figure: Figure } => ({
  title: 'node:http',
  figure: { subject: 'node-http', measure },
});
const fork = (measure: string, title: string) => ({ title, figure: { subject: 'fork', measure } });
const invoke = (measure: string): Figure => ({ subject: 'warm-invoke', measure });
const trigger = (measure: string): Figure => ({ subject: 'warm-trigger', measure });
const warmBare = (measure: string) => ({
  title: 'node:http',
  figure: { subject: 'warm-reference', measure },
});
const watcher = (measure: string): Figure => ({ subject: 'porchlight-watcher', measure });
const cold = (fn: string) => ({ title: 'its cold start', figure: own(`cold.${fn}`) });
const ms = (title: string, figure: Figure, rest: Partial<Comparison> = {}): Comparison => ({
  title,
  unit: 'ms',
  figure,
  ...rest,
});

const atMost = (bound: number): { target: Target } => ({ target: { atMost: bound } });
const atLeast = (bound: number): { target: Target } => ({ target: { atLeast: bound } });

/** What Porchlight is held to. Bounds are ratios within a run wherever there is a reference for them. */
export const comparisons: readonly Comparison[] = [
  ms('Warm, plain invoke: p50', invoke('p50'), { against: warmBare('p50'), ...atMost(2.5) }),
  ms('Warm, plain invoke: p99', invoke('p99'), { against: warmBare('p99') }),
  {
    title: 'Warm, plain invoke: throughput at 50 connections',
    unit: '/s',
    figure: invoke('perSecond'),
    against: warmBare('perSecond'),
    ...atLeast(0.5),
  },
  {
    title: 'Warm, plain invoke: processor per call',
    unit: 'µs',
    figure: invoke('cpu'),
    against: warmBare('cpu'),
  },
  ms('Warm, HTTP trigger: p50', trigger('p50'), { against: warmBare('p50'), ...atMost(2.5) }),
  ms('Warm, HTTP trigger: p99', trigger('p99'), { against: warmBare('p99') }),
  {
    title: 'Warm, HTTP trigger: throughput at 50 connections',
    unit: '/s',
    figure: trigger('perSecond'),
    against: warmBare('perSecond'),
    ...atLeast(0.5),
  },
  {
    title: 'Warm, HTTP trigger: processor per call',
    unit: 'µs',
    figure: trigger('cpu'),
    against: warmBare('cpu'),
  },
  ms('Cold, hello', own('cold.hello'), { against: fork('cold.hello', 'bare fork'), ...atMost(1.2) }),
  ms('Cold, heavy (one bundle)', own('cold.heavy'), {
    against: fork('cold.heavy', 'node and the same bundle'),
    ...atMost(0.8),
  }),
  ms('Cold, heavy (packages in node_modules)', own('cold.packages'), {
    against: fork('cold.packages', 'node and the same files'),
  }),
  ms('Prewarmed, hello', own('prewarmed.hello'), { against: cold('hello'), ...atMost(0.1) }),
  ms('Prewarmed, heavy (one bundle)', own('prewarmed.heavy'), { against: cold('heavy'), ...atMost(0.4) }),
  ms('Prewarmed, heavy (packages, preloaded in a standby)', own('prewarmed.packages'), {
    against: cold('packages'),
    ...atMost(0.1),
  }),
  ms('Edit to effect, saved in the editor: hello', own('edit.hello'), atMost(25)),
  ms('Edit to effect, saved in the editor: heavy, own code', own('edit.heavy'), atMost(25)),
  ms('Edit to effect, by the watcher: hello', watcher('edit.hello'), atMost(25)),
  ms('Edit to effect, by the watcher: heavy, own code', watcher('edit.heavy'), atMost(25)),
  { title: 'Memory of host and one spare (PSS)', unit: 'MB', figure: own('spare.memory'), ...atMost(70) },
  {
    title: 'Instances under 50 connections',
    unit: 'processes',
    figure: own('storm.instances'),
    ...atMost(defaultProcess.maxInstances),
  },
  { title: 'Memory under 50 connections (PSS)', unit: 'MB', figure: own('storm.memory') },
  {
    title: 'Processes after the idle time',
    unit: 'processes',
    figure: own('rest.processes'),
    against: { title: 'before', figure: own('spare.processes') },
    ...atMost(1),
  },
  {
    title: 'Memory after the idle time (PSS)',
    unit: 'MB',
    figure: own('rest.memory'),
    against: { title: 'before', figure: own('spare.memory') },
    ...atMost(1.25),
  },
  ms('Echo of 1 MB', own('echo.1MB'), { against: bare('echo.1MB') }),
  ms('Echo of 6 MB', own('echo.6MB'), { against: bare('echo.6MB') }),
  {
    title: 'Throughput while recording',
    unit: '/s',
    figure: own('recording.on'),
    against: { title: 'not recording', figure: own('recording.off') },
    ...atLeast(0.9),
  },
  ms('Warm p50 with all recorded that is kept, at most 100 000', own('past.long'), {
    against: { title: '100 recorded', figure: own('past.short') },
    ...atMost(1.1),
  }),
  ms('Handler file of 2,000 lines: all rules', own('rules.check'), atMost(30)),
  ms('Handler file of 2,000 lines: parsing', own('rules.parse')),
  ms(
    'Debugger step through the relay',
    { subject: 'relay', measure: 'step' },
    {
      against: { title: 'straight to the inspector', figure: { subject: 'inspector', measure: 'step' } },
      ...atMost(1),
    },
  ),
  ms('Proposals while typing in a template of 5000 lines', own('language.proposals.p50'), atMost(50)),
  ms('Proposals there, the slowest', own('language.proposals.max')),
  ms('Proposals and an explanation there', own('language.explanation.p50'), atMost(50)),
  ms('Proposals and an explanation there, the slowest', own('language.explanation.max')),
  ms('First F5 to the first line of a cold function', editor('first F5'), atMost(1000)),
  ms('F5 to the first line of a cold function', editor('F5'), atMost(1000)),
  ms('First line of a further instance', editor('spare'), atMost(150)),
  ms('First line of an instance that nobody had ready', editor('cold')),
  ms('Step in the editor', editor('step'), atMost(10)),
  ms('Step in the editor, to the yellow arrow', editor('arrow'), atMost(25)),
  ms('Deploy, hello', own('deploy.hello')),
  ms('Deploy, heavy (one bundle)', own('deploy.heavy')),
  ms('Deploy, heavy (packages)', own('deploy.packages')),
  ms('Deploy of 50 functions to a cloud, none changed', own('deploy.unchanged')),
  { title: 'Requests for each of them', unit: '', figure: own('deploy.unchanged.requests'), ...atMost(4) },
  ms('Deploy of 50 functions to a cloud, one changed', own('deploy.one')),
];

/** One comparison with its numbers; undefined when Porchlight's own figure was not measured. */
export interface Outcome {
  title: string;
  unit: string;
  value: number;
  minimum: number;
  reference?: { title: string; value: number } | undefined;
  ratio?: number | undefined;
  target: string;
  verdict: string;
}

export function outcomeOf(comparison: Comparison, results: Results): Outcome | undefined {
  const { title, unit, figure, against, target } = comparison;
  const series = results.series(figure);
  const summary = summarize(series);
  if (summary === undefined) return undefined;
  const reference = against && summarize(results.series(against.figure));
  const times = against && ratio(series, results.series(against.figure));
  return {
    title,
    unit,
    value: summary.median,
    minimum: summary.minimum,
    ...(reference ? { reference: { title: against.title, value: reference.median } } : {}),
    ...(times === undefined ? {} : { ratio: times }),
    target: targetText(target, against ? '×' : unit),
    verdict: verdict(against ? times : summary.median, target),
  };
}

/** The comparisons of a run as a table. */
export function comparisonTable(outcomes: readonly Outcome[]): Table {
  return {
    heads: ['Porchlight', 'median (minimum)', 'against', 'ratio', 'target', ''],
    rows: outcomes.map((outcome) => [
      outcome.title,
      `${summaryText({ median: outcome.value, minimum: outcome.minimum })} ${outcome.unit}`,
      outcome.reference ? `${numberText(outcome.reference.value)} (${outcome.reference.title})` : '',
      outcome.ratio === undefined ? '' : `${numberText(outcome.ratio)} ×`,
      outcome.target,
      outcome.verdict,
    ]),
  };
}
