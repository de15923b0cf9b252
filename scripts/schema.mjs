// Writes the JSON schemas in media/schemas, and the tools for agents in package.json, from the definitions that check
// files and inputs at run time. With --check nothing is written: exit code 1 when one is not current.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { toJsonSchema } from '@valibot/to-json-schema';
import { agentTools } from '../runtime/agents/index.ts';
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

const current = async (file, name, text) => {
  if (!process.argv.includes('--check')) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${name} is not current. Run: node_modules/.bin/node scripts/schema.mjs`);
    process.exitCode = 1;
  }
};

for (const [name, { settings, title, description }] of Object.entries(schemas)) {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...toJsonSchema(settings, { errorMode: 'ignore' }),
    title,
    description,
  };
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
  await current(join(folder, name), `media/schemas/${name}`, text);
}

const folderInput = {
  type: 'string',
  description: 'Name of the workspace folder; needed only when several folders have functions.',
};
const manifestFile = join(folder, '../../package.json');
const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
manifest.contributes.languageModelTools = agentTools.map(({ name, title, description, input }) => {
  const { $schema: _, properties, ...schema } = toJsonSchema(input, { typeMode: 'input' });
  const reference = name.replace(/_(.)/g, (_match, letter) => letter.toUpperCase());
  return {
    name: `porchlight_${name}`,
    toolReferenceName: reference,
    displayName: title,
    modelDescription: description,
    userDescription: description.split('. ')[0],
    canBeReferencedInPrompt: true,
    icon: '$(lightbulb)',
    tags: ['porchlight', 'functions', 'serverless'],
    inputSchema: { ...schema, properties: { ...properties, folder: folderInput } },
  };
});
await current(
  manifestFile,
  'package.json',
  await format(JSON.stringify(manifest), { parser: 'json-stringify' }),
);
