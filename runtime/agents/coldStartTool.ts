import * as v from 'valibot';
import type { ColdStartProfile, LoadCost } from '../model/coldStartProfile.ts';
import { PorchlightError } from '../model/errors.ts';
import { milliseconds } from '../model/units.ts';
import { ListProfiles, Profile } from '../protocol/control/messages.ts';
import { text, whole } from '../model/schemaParts.ts';
import { defineTool } from './agentTool.ts';

const mostRows = 25;

const named = {
  function: text('Name of the function, as list_functions gives it.'),
};

export const explainColdStart = defineTool({
  name: 'explain_cold_start',
  title: 'Explain Cold Start',
  description:
    'Explains why the first call of a function is slow, from the latest profile there is: medians per phase, and what each import, package and module costs (total, and what would be saved without it). Runs nothing; measure_cold_start measures anew.',
  input: v.strictObject(named),
  async run(connection, { function: name }) {
    const [latest] = [...(await connection.sendRequest(ListProfiles, { function: name }))].sort(
      (a, b) => b.at - a.at,
    );
    if (!latest) {
      throw new PorchlightError('USAGE', {
        detail: `No cold start of ${name} has been profiled. Measure it with measure_cold_start, or invoke it cold once.`,
      });
    }
    return explanation(latest);
  },
});

export const measureColdStart = defineTool({
  name: 'measure_cold_start',
  title: 'Measure Cold Start',
  description:
    'Measures cold starts of a function, each in a process of its own, and explains them like explain_cold_start. Each one invokes the function with its latest event, which may have effects.',
  input: v.strictObject({
    ...named,
    runs: v.optional(whole(1, 20, 'Cold starts to measure; 5 by default.')),
  }),
  question: ({ function: name, runs = 5 }) => `Invoke ${name} ${runs} times to measure its cold start?`,
  run: async (connection, { function: name, runs = 5 }, signal) =>
    explanation(await connection.sendRequest(Profile, { function: name, runs }, { signal })),
});

function explanation(profile: ColdStartProfile) {
  const { function: name, totalMs, loadMs, imports, packages, phases, modules, notes, runs } = profile;
  const [dearest] = imports;
  const hint = dearest
    ? ` The dearest import is ${dearest.name} (${milliseconds(dearest.totalMs)}, ${Math.round(dearest.share * 100)} % of loading) at ${dearest.at.file}:${dearest.at.line}.`
    : '';
  return {
    text: `A cold start of ${name} takes ${milliseconds(totalMs.medianMs)} (median of ${runs}), ${milliseconds(loadMs)} of it loading code.${hint}`,
    data: {
      function: name,
      node: profile.node,
      artifact: profile.artifact,
      measuredAt: new Date(profile.at).toISOString(),
      runs,
      ...(profile.passive && { note: 'recorded beside an ordinary call' }),
      totalMs,
      phases,
      imports: imports.slice(0, mostRows).map((cost) => ({
        name: cost.name,
        at: `${cost.at.file}:${cost.at.line}`,
        ...costFacts(cost),
      })),
      packages: packages.slice(0, mostRows).map((cost) => ({ name: cost.name, ...costFacts(cost) })),
      modules: modules.slice(0, mostRows).map((cost) => ({ name: cost.name, ...costFacts(cost) })),
      notes,
    },
  };
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;

function costFacts({ totalMs, onlyMs, share }: LoadCost) {
  return {
    totalMs: hundredths(totalMs),
    savedWithoutMs: hundredths(onlyMs),
    shareOfLoad: hundredths(share),
  };
}
