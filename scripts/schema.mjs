// Writes media/schemas/porchlight.schema.json from the definitions that check porchlight.yaml at run time.
// With --check nothing is written: exit code 1 when the file is not current.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { toJsonSchema } from '@valibot/to-json-schema';
import { porchlightSettings } from '../runtime/model/projectFiles/porchlightSchema.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'media/schemas/porchlight.schema.json');

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...toJsonSchema(porchlightSettings, { errorMode: 'ignore' }),
  title: 'porchlight.yaml',
  description: 'Functions that Porchlight runs, or settings over functions of another project file.',
};
const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });

if (process.argv.includes('--check')) {
  const current = await readFile(file, 'utf8').catch(() => '');
  if (current !== text) {
    console.error(
      'media/schemas/porchlight.schema.json is not current. Run: node_modules/.bin/node scripts/schema.mjs',
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
