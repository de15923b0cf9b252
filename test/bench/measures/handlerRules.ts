import { readLevels } from '../../../extension/language/server/rules/ruleIds.ts';
import { checkScript } from '../../../extension/language/server/rules/checkFile.ts';
import { ModuleCode } from '../../../extension/language/server/rules/syntax/moduleCode.ts';
import type { FunctionFacts } from '../../../extension/language/server/rules/facts.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

/** Files that are looked at before one is timed: an editor's process has run this code for a while. */
const warmUp = 30;

const facts: FunctionFacts = {
  name: 'hello',
  platform: 'aws-lambda',
  language: 'nodejs',
  model: 'resident',
  maxInstances: 10,
  timeoutMs: 3000,
  codeRoot: '/p',
  triggers: [{ kind: 'http', name: 'http', path: '/', methods: [], shape: 'rest-api' }],
  runtimeVersion: 20,
  answersByResponse: false,
  runsInPlace: true,
  environment: new Set(),
  environmentIsOpen: false,
  importCosts: new Map(),
};

/** What an edit of a handler file of 2,000 lines costs: parsing it, and all rules over it. */
export function handlerRules(context: Context): Measure {
  const text = handlerFile(2000);
  const place = { start: text.indexOf('handler'), end: text.indexOf('handler') + 'handler'.length };
  const levels = readLevels({});
  const look = (i: number): { parse: number; rules: number } => {
    // Another text each time, as after an edit.
    const started = performance.now();
    const code = new ModuleCode('/p/index.ts', `${text}// ${i}\n`);
    const parsed = performance.now();
    const found = checkScript(code, [{ facts, place }], levels);
    const ended = performance.now();
    if (found.length === 0) throw new Error('The rules found nothing in a file that is full of findings.');
    return { parse: parsed - started, rules: ended - parsed };
  };
  return {
    title: 'rules about handler code',
    prepare: () => {
      for (let i = 0; i < warmUp; i++) look(i);
      return Promise.resolve();
    },
    round: (round) => {
      for (let i = 0; i < 10; i++) {
        const { parse, rules } = look(i);
        context.results.add({ subject: 'porchlight', measure: 'rules.parse' }, round, parse);
        context.results.add({ subject: 'porchlight', measure: 'rules.check' }, round, rules);
      }
      return Promise.resolve();
    },
  };
}

/** A handler with helpers that it calls, of the usual statements, with a finding in every tenth. */
function handlerFile(lines: number): string {
  const helper = (i: number): string[] => [
    `async function step${i}(event: { id: string; items: string[] }) {`,
    `  const table = process.env.TABLE_${i} ?? 'orders';`,
    `  if (!event.id) return { statusCode: 400, body: JSON.stringify({ error: 'no id' }) };`,
    ...(i % 10 === 0 ? ['  const s3 = new S3Client({});', '  use(s3);'] : []),
    '  for (const item of event.items) {',
    `    const known = cache.get(item) ?? (await load(table, item, ${i}));`,
    '    cache.set(item, known);',
    '  }',
    `  return { statusCode: 200, body: event.items.map((item) => item.trim()).join(',') };`,
    '}',
  ];
  const head = [
    `import { S3Client } from '@aws-sdk/client-s3';`,
    'const cache = new Map<string, unknown>();',
    'export const handler = async (event: never) => {',
  ];
  const count = Math.floor((lines - 5) / 11);
  const calls = Array.from({ length: count }, (_, i) => `  await step${i}(event);`);
  const helpers = Array.from({ length: count }, (_, i) => helper(i)).flat();
  return [...head, ...calls, `  return { statusCode: 204 };`, '};', ...helpers, ''].join('\n');
}
