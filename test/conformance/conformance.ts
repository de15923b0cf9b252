import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PlatformId } from '../../runtime/model/words.ts';
import { checkRow } from './checkRow.ts';
import { knativeTable } from './knativeDiffers.ts';
import { openfaasTable } from './openfaasDiffers.ts';
import { languageForms, type LanguageForm } from './languages.ts';
import { expectationOf, type Row, type Settings } from './row.ts';
import { answers } from './rows/answers.ts';
import { endings } from './rows/endings.ts';
import { errors } from './rows/errors.ts';
import { loading } from './rows/loading.ts';
import { output } from './rows/output.ts';
import { php } from './rows/php.ts';
import { programs } from './rows/programs.ts';
import { protocol } from './rows/protocol.ts';
import { python } from './rows/python.ts';
import { state } from './rows/state.ts';
import { scenarios } from './scenarios.ts';
import { bystander, Tested, type TestedFunction } from './tested.ts';

const table: Row[] = [
  ...answers,
  ...errors,
  ...endings,
  ...output,
  ...protocol,
  ...loading,
  ...state,
  ...python,
  ...php,
  ...programs,
];

/** Rows that run at the same time: starting processes takes most of their time, and there may be two processors only. */
const atATime = 3;

/** Platforms whose handlers are given no callback, or one that counts only before they have returned. */
const withoutCallbacks: ReadonlySet<PlatformId> = new Set(['knative', 'openfaas']);

/** Runs the whole table on one platform, in every language and form. */
export function describeConformance(platform: PlatformId): void {
  describe(platform, { concurrency: languageForms.length }, () => {
    for (const form of languageForms) {
      if (form.platforms?.includes(platform) ?? true) describeForm(platform, form);
    }
  });
}

function describeForm(platform: PlatformId, form: LanguageForm): void {
  const rows = table.flatMap((row) => {
    const expected = expectationOf(row, platform, form, {
      knative: knativeTable(form),
      openfaas: openfaasTable(form),
    });
    const able =
      row.trait === undefined ||
      (form.traits.includes(row.trait) && !(row.trait === 'callbacks' && withoutCallbacks.has(platform)));
    return expected && able && (form.first || row.everyForm) ? [{ row, expected }] : [];
  });
  const several = scenarios.filter(
    (scenario) => (form.first || scenario.everyForm) && (scenario.on?.includes(platform) ?? true),
  );
  const ready = rows.filter(({ expected }) => expected.needs === undefined);
  const waiting = [
    ...rows
      .filter(({ expected }) => expected.needs !== undefined)
      .map(({ row, expected }) => `${row.name} (${expected.needs})`),
    ...several.filter(({ needs }) => needs !== undefined).map(({ name, needs }) => `${name} (${needs})`),
  ];
  const title = waiting.length > 0 ? `behaviours, of which ${waiting.length} wait` : 'behaviours';
  // Rows of one function follow each other: one may end the instance that the other calls.
  const functions = new Map<string, typeof ready>();
  for (const one of ready) {
    const name = functionOf(one.row);
    functions.set(name, [...(functions.get(name) ?? []), one]);
  }

  describe(form.title, { skip: form.unavailable ?? false }, () => {
    let tested: Tested;
    before(async () => {
      tested = await Tested.start(
        platform,
        form,
        functionsFor(
          form,
          ready.map(({ row }) => row),
        ),
      );
      await tested.isGood(bystander);
    });
    after(() => tested.close());

    describe(title, { concurrency: atATime }, () => {
      for (const [name, sharing] of functions) {
        describe(name, { concurrency: 1 }, () => {
          for (const { row, expected } of sharing) {
            it(row.name, () => checkRow(tested, row, name, expected));
          }
        });
      }
      for (const scenario of several.filter(({ needs }) => needs === undefined))
        it(scenario.name, () => scenario.run(tested));
      for (const name of waiting) void it.todo(name);
    });
  });
}

/** Rows whose names begin with the same word share a function. */
function functionOf({ name }: Row): string {
  return /^[\w-]+/.exec(name)![0];
}

function functionsFor(form: LanguageForm, rows: Row[]): TestedFunction[] {
  const all = new Map<string, TestedFunction>();
  const add = (
    name: string,
    {
      module,
      export: exported = name,
      settings = {},
    }: { module: string; export?: string; settings?: Settings },
  ): void => {
    const made = {
      name,
      handler: form.handler(module, exported),
      settings: { ...form.settings, ...settings },
    };
    const known = all.get(name);
    if (known) assert.deepEqual(made, known, `rows that share the function ${name} agree about it`);
    all.set(name, made);
  };
  add(bystander, { module: 'answers', export: 'answers' });
  for (const row of rows) add(functionOf(row), row);
  for (const scenario of scenarios) {
    if (scenario.needs !== undefined || !(form.first || scenario.everyForm)) continue;
    for (const one of scenario.functions) add(one.name, one);
  }
  return [...all.values()];
}
