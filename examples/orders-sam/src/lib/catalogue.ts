export interface Item {
  sku: string;
  name: string;
  /** In cents. */
  price: number;
  stock: number;
}

/** What can be ordered. A real shop asks its database. */
export const catalogue: Item[] = [
  { sku: 'lamp', name: 'Porch lamp', price: 4900, stock: 12 },
  { sku: 'sensor', name: 'Motion sensor', price: 1950, stock: 3 },
  { sku: 'bulb', name: 'Bulb, warm white', price: 390, stock: 140 },
];

export function findItem(sku: string): Item | undefined {
  return catalogue.find((item) => item.sku === sku);
}
