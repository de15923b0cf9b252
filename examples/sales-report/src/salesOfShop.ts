import { setTimeout as wait } from 'node:timers/promises';

/** Orders of a day by shop, in cents. A real function asks its database. */
const orders: Record<string, number[]> = {
  Harbour: [4900, 1950, 390, 4900, 9800, 390, 770],
  Market: [1950, 1950, 4900, 4900, 390, 390, 390, 14700, 1950],
  Station: [390, 390, 4900, 1950, 9800, 4900, 4900, 3750],
};

class UnknownShopError extends Error {
  override name = 'UnknownShopError';
}

export const handler = async ({ shop, day }: { shop: string; day: string }) => {
  const sold = orders[shop];
  if (!sold) throw new UnknownShopError(`There is no shop "${shop}".`);
  await wait(200);
  const total = sold.reduce((sum, price) => sum + price, 0);
  console.log(`${shop}, ${day}: ${sold.length} orders`);
  return { shop, orders: sold.length, total };
};
