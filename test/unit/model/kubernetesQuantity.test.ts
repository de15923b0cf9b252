import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuantity, quantityMB } from '../../../runtime/model/kubernetesQuantity.ts';

test('amounts as Kubernetes writes them', () => {
  const cases: [string | number, number | undefined][] = [
    ['128974848', 128_974_848],
    [1024, 1024],
    ['129e6', 129e6],
    ['1E3', 1000],
    ['129M', 129e6],
    ['123Mi', 123 * 1024 ** 2],
    ['0.5Gi', 0.5 * 1024 ** 3],
    ['.5k', 500],
    ['1.', 1],
    ['100m', 0.1],
    ['2Ti', 2 * 1024 ** 4],
    ['1E', 1e18],
    ['512MB', undefined],
    ['-1', undefined],
    ['1 Gi', undefined],
    ['', undefined],
  ];
  for (const [text, number] of cases) assert.equal(parseQuantity(text), number, String(text));
  assert.equal(quantityMB('256Mi'), 256);
  assert.equal(quantityMB('256M'), 244);
  assert.equal(quantityMB('much'), undefined);
});
