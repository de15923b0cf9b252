import { findItem } from './catalogue';

export interface OrderLine {
  sku: string;
  quantity: number;
}

/** An order that cannot be taken; the message says why. */
export class OrderError extends Error {}

/** Adds prices in cents to the lines of an order. */
export function priceOrder(lines: OrderLine[]) {
  if (!Array.isArray(lines) || lines.length === 0) throw new OrderError('An order needs at least one line.');
  const priced = lines.map(priceLine);
  return { lines: priced, total: priced.reduce((sum, { price }) => sum + price, 0) };
}

function priceLine({ sku, quantity }: OrderLine) {
  const item = findItem(sku);
  if (!item) throw new OrderError(`There is no item "${sku}".`);
  if (!Number.isInteger(quantity) || quantity < 1)
    throw new OrderError(`${sku}: a quantity of 1 or more is needed.`);
  if (quantity > item.stock) throw new OrderError(`${sku}: only ${item.stock} left.`);
  return { sku, quantity, price: item.price * quantity };
}
