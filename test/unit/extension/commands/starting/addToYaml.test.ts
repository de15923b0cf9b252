import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from 'yaml';
import { addToYaml } from '../../../../../extension/commands/starting/addToYaml.ts';

const add = (text: string, list = 'functions') =>
  addToYaml(text, { list, key: 'new', settings: { handler: 'index.handler', env: { A: 'x' } } });

const entry = ['new:', '  handler: index.handler', '  env:', '    A: x'];
const indented = (indent: string) => entry.map((line) => `${indent}${line}\n`).join('');

test('an empty file gets the list', () => {
  assert.equal(add(''), `functions:\n${indented('  ')}`);
  assert.equal(add('# Ours.\n'), `# Ours.\nfunctions:\n${indented('  ')}`);
});

test('what stands in a file stays as it was, comments, quotes and layout included', () => {
  const before = `# Of the shop.
functions:
  old:   # the first
    handler: "a.b"
    env: { B: 'y',   C: z }
    # timeout: 3s

# Where to.
targets:
  here: { type: local }
`;
  assert.equal(add(before), before.replace('    # timeout: 3s\n', `    # timeout: 3s\n${indented('  ')}`));
});

test('the file goes on with its own indentation, line ends and empty lines', () => {
  const wide = 'functions:\n    a:\n        handler: a.b\n\n    c:\n        handler: c.d\n';
  const added = add(wide)!;
  assert.equal(added, `${wide}\n    new:\n        handler: index.handler\n        env:\n            A: x\n`);
  const windows = add('functions:\r\n  a:\r\n    handler: a.b')!;
  assert.equal(
    windows,
    `functions:\r\n  a:\r\n    handler: a.b\r\n${indented('  ').replaceAll('\n', '\r\n')}`,
  );
});

test('tags of CloudFormation and block texts are left alone', () => {
  const sam = `Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Description: |
        two
        lines
      Role: !GetAtt Role.Arn
Outputs:
  Url: !Sub 'https://\${Api}'
`;
  assert.equal(add(sam, 'Resources'), sam.replace('Outputs:', `${indented('  ')}Outputs:`));
});

test('lists in braces and empty ones are written anew, with their comments', () => {
  for (const text of [
    '# Mine.\nfunctions: {}\n',
    '# Mine.\nfunctions:\n',
    '# Mine.\nfunctions: { a: { x: 1 } }\n',
  ]) {
    const added = add(text)!;
    assert.match(added, /^# Mine\./);
    assert.deepEqual((parse(added) as { functions: object }).functions, {
      ...(text.includes('x: 1') && { a: { x: 1 } }),
      new: { handler: 'index.handler', env: { A: 'x' } },
    });
  }
});

test('nothing comes of a file with errors, another kind of list, or a name that is taken', () => {
  assert.equal(add('functions:\n  a: [\n'), undefined);
  assert.equal(add('functions: [a]\n'), undefined);
  assert.equal(add('- a\n'), undefined);
  assert.equal(add('functions:\n  new: {}\n'), undefined);
});
