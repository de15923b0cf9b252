// Writes the JSON schemas in media/schemas from the definitions that check the files at run time.
// With --check nothing is written: exit code 1 when one is not current.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { toJsonSchema } from '@valibot/to-json-schema';
import { porchlightSettings } from '../runtime/model/projectFiles/porchlightSchema.ts';
import { expectationSettings } from '../runtime/model/testing/expectationSchema.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../media/schemas');

const schemas = {
  'porchlight.schema.json': {
    settings: porchlightSettings,
    title: 'porchlight.yaml',
    description: 'Functions that Porchlight runs, or settings over functions of another project file.',
  },
  'expectation.schema.json': {
    settings: expectationSettings,
    title: 'Expectation of a saved event',
    description: 'What has to come of the event beside this file (porchlight test).',
  },
};

for (const [name, { settings, title, description }] of Object.entries(schemas)) {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...toJsonSchema(settings, { errorMode: 'ignore' }),
    title,
    description,
  };
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
  const file = join(folder, name);
  if (!process.argv.includes('--check')) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`media/schemas/${name} is not current. Run: node_modules/.bin/node scripts/schema.mjs`);
    process.exitCode = 1;
  }
}
