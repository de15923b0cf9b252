import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { projectFileFolder } from '../../../../support/projectFileFolder.ts';
import { mutate, seeded } from '../../../../support/mutations.ts';
import { projectFileSamples } from '../../../../support/projectFileSamples.ts';

/** `PROJECT_FILE_MUTATIONS=10000` looks at more of them. */
const rounds = Number(process.env['PROJECT_FILE_MUTATIONS'] ?? 1500);

/** No keystroke may take this long, however odd the file; an answer takes a few milliseconds. A hang would take for ever. */
const longestMs = 5000;

test(`${rounds} project files that were damaged at random are read, completed and checked without a fault`, () => {
  const samples = Object.entries(projectFileSamples);
  for (let seed = 1; seed <= rounds; seed++) {
    const random = seeded(seed);
    const [name, sample] = samples[seed % samples.length]!;
    const text = mutate(sample, random);
    const offset = Math.floor(random() * (text.length + 1));
    const began = performance.now();
    try {
      lookAt(name, text, offset);
    } catch (error) {
      const told = `PROJECT_FILE seed ${seed} ${name} at ${offset}:\n${text}`;
      throw new Error(told, { cause: error });
    }
    assert.ok(performance.now() - began < longestMs, `seed ${seed} took too long`);
  }
});

function lookAt(name: string, text: string, offset: number): void {
  const folder = projectFileFolder({
    'index.js': 'exports.handler = () => process.env.TABLE;',
    '.env': 'TABLE=1\n',
  });
  folder.edit(name, text);
  const path = `/p/${name}`;
  const document = TextDocument.create('file:///x', 'yaml', 0, text);
  const position = document.positionAt(offset);
  const { items } = folder.features.complete(path, position);
  for (const { textEdit } of items) {
    const { range } = textEdit as { range: { start: { line: number }; end: { line: number } } };
    assert.ok(
      range.start.line === position.line && range.end.line === position.line,
      'a proposal replaces text of other lines',
    );
  }
  folder.diagnostics(name);
  folder.features.hover(path, position);
  folder.features.references(folder.state(), path, position, true);
  folder.features.prepareRename(folder.state(), path, position);
  folder.features.symbols(path);
  folder.features.links(folder.state(), path);
}
