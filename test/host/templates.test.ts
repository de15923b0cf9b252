import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { addToYaml } from '../../extension/commands/starting/addToYaml.ts';
import { newFile, projectEntry } from '../../extension/commands/starting/projectEntry.ts';
import { templates, type EntryFormat, type Template } from '../../extension/commands/starting/templates.ts';
import { root } from '../../scripts/setup.mjs';
import { formatFileNames } from '../../runtime/model/projectFiles/fileNames.ts';
import { startDevHost } from '../../runtime/host/devHost.ts';
import { withoutGo } from '../support/go.ts';
import { invoke } from '../support/hostFixture.ts';
import { phpOfMachine } from '../support/php.ts';
import { pythonOfMachine } from '../support/python.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** Files that functions are added to, as somebody may have them; what is there has to stay. */
const there: Record<EntryFormat, string> = {
  porchlight: '# Ours.\n',
  serverlessDevs: 'edition: 3.0.0\nname: shop\naccess: default\nresources:\n  # None yet.\n',
  sam: "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n",
  serverless: 'service: shop\nprovider:\n  name: aws\nfunctions:\n',
  openfaas: newFile.openfaas.text,
};

function without(template: Template): string | false {
  if (template.language === 'Go') return withoutGo();
  if (template.language === 'Python' && !pythonOfMachine()) return 'Python is not installed.';
  if (template.language === 'PHP' && !phpOfMachine()) return 'PHP is not installed.';
  return false;
}

/** What *New Function* writes. */
function write(folder: string, template: Template, format: EntryFormat | undefined, name: string): void {
  const target = join(folder, name);
  cpSync(join(root, 'templates', template.platform, template.folder), target, { recursive: true });
  for (const file of readdirSync(target, { recursive: true, encoding: 'utf8' })) {
    const path = join(target, file);
    if (statSync(path).isFile()) writeFileSync(path, readFileSync(path, 'utf8').replaceAll('{{name}}', name));
  }
  if (!format) return;
  const text = addToYaml(there[format], projectEntry(format, template, name, name));
  assert.ok(text, 'the entry could not be added');
  writeFileSync(join(folder, formatFileNames[format][0]!), text);
}

async function check(t: TestContext, template: Template, format: EntryFormat | undefined): Promise<void> {
  const folder = join(tempFolder(t), 'project');
  mkdirSync(folder);
  write(folder, template, format, 'greet-all');
  const host = await startDevHost({ root: folder, port: 0, version: '0.0.0-test', announce: false });
  t.after(() => host.close('test ended'));
  const functions = host.registry.all.map((each) => each.state());
  assert.equal(functions.length, 1);
  const { name, language, platform, urls } = functions[0]!;
  assert.equal(platform, template.platform);
  const first = await invoke(host, name, { name: 'Ada' });
  assert.equal(first.status, 'ok', `${language}: ${first.body}`);
  assert.deepEqual(JSON.parse(first.body), { message: 'Hello, Ada!', calls: 1 });
  // And as a visitor of its address sees it, on the instance there is.
  const answer = await fetch(`${urls.http[0]!.replace(/\/\*$/, '')}?name=Grace`);
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { message: 'Hello, Grace!', calls: 2 });
}

for (const template of templates) {
  const formats = template.formats.length > 0 ? template.formats : [undefined];
  for (const format of formats) {
    test(
      `a new ${template.language} function of ${template.platform} in ${format ?? 'a file of its own'}`,
      { skip: without(template) },
      (t) => check(t, template, format),
    );
  }
}
