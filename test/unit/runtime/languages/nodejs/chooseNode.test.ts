import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseNode } from '../../../../../runtime/languages/nodejs/chooseNode.ts';

const all = ['26.0.0', '24.3.0', '22.12.1', '22.11.0', '20.20.2', '18.20.8', '16.20.0'];
const fc = ['8', '10', '12', '14', '16', '18', '20'];
const lambda = ['18', '20', '22', '24'];

const cases: [
  name: string,
  installed: string[],
  asked: string | undefined,
  offered: string[],
  expected: string,
][] = [
  ['the newest of a major', all, '22', lambda, '22.12.1'],
  ['an exact minor', all, '22.11', lambda, '22.11.0'],
  ['an exact version', all, '22.11.0', lambda, '22.11.0'],
  ['no version that only begins alike', ['22.11.0', '22.1.5'], '22.1', lambda, '22.1.5'],
  ['the newest of the cloud', all, undefined, lambda, '24.3.0'],
  ['the newest of another cloud', all, undefined, fc, '20.20.2'],
  ['the newest at all where nothing is said', all, undefined, [], '26.0.0'],
  ['a configured one the cloud does not offer', all, '26', fc, '26.0.0'],
  ['the nearest newer for a missing one', ['26.0.0', '24.3.0', '22.1.0'], '20', fc, '22.1.0 for 20'],
  ['the newest of the nearest newer', ['24.3.0', '22.9.0', '22.1.0'], '20', fc, '22.9.0 for 20'],
  ['another minor of the same major first', all, '22.5', lambda, '22.12.1 for 22.5'],
  ['an older one when there is no newer', ['20.20.2', '18.20.8'], '22', lambda, '20.20.2 for 22'],
  ['the nearest newer for one that is too old', all, '16', fc, '18.20.8 for 16'],
  ['the nearest newer where the cloud offers none', ['24.3.0', '22.1.0'], undefined, fc, '22.1.0 for 20'],
  ['none when all are too old', ['16.20.0', '14.0.0'], '16', fc, 'none'],
  ['none when there is none', [], undefined, fc, 'none'],
];

for (const [name, installed, asked, offered, expected] of cases) {
  test(`chooses ${name}`, () => {
    const nodes = installed.map((version) => ({ version, path: `/${version}/node` }));
    const choice = chooseNode(nodes, asked, offered);
    const wanted = choice?.wanted === undefined ? '' : ` for ${choice.wanted}`;
    assert.equal(choice ? `${choice.chosen.version}${wanted}` : 'none', expected);
  });
}
