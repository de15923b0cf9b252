import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

interface Sales {
  shop: string;
  orders: number;
  total: number;
}

interface ReportEvent {
  day?: string;
  shops?: string[];
}

const allShops = ['Harbour', 'Market', 'Station'];
const lambda = new LambdaClient();

/** Asks another function. That the function failed is part of Lambda's answer, not an error of the call. */
async function salesOf(shop: string, day: string): Promise<Sales> {
  const Payload = JSON.stringify({ shop, day });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'sales-of-shop', Payload }));
  const result = JSON.parse(answer.Payload!.transformToString());
  if (answer.FunctionError) throw new Error(result.errorMessage);
  return result;
}

/** One shop after the other: takes as long as all of them together. */
export const inTurn = async (event: ReportEvent) => {
  const { day, shops } = read(event);
  const asked: PromiseSettledResult<Sales>[] = [];
  for (const shop of shops) asked.push(...(await Promise.allSettled([salesOf(shop, day)])));
  return report(shops, asked);
};

/** All shops at the same time: takes as long as the slowest, and an instance for each. */
export const atOnce = async (event: ReportEvent) => {
  const { day, shops } = read(event);
  return report(shops, await Promise.allSettled(shops.map((shop) => salesOf(shop, day))));
};

/** A plain event, or the body of an HTTP request. */
function read(event: ReportEvent & { body?: string }) {
  const { day = '2026-03-01', shops = allShops }: ReportEvent = event.body ? JSON.parse(event.body) : event;
  return { day, shops };
}

/** A shop that cannot be asked is missing from the report, and is said to be. */
function report(shops: string[], asked: PromiseSettledResult<Sales>[]) {
  const sales: Sales[] = [];
  const missing: string[] = [];
  for (const [index, each] of asked.entries()) {
    if (each.status === 'fulfilled') {
      sales.push(each.value);
      continue;
    }
    missing.push(shops[index]!);
    console.warn(`${shops[index]}: ${each.reason.message}`);
  }
  const sum = (of: 'orders' | 'total') => sales.reduce((all, each) => all + each[of], 0);
  return { shops: sales.length, orders: sum('orders'), total: sum('total'), missing };
}
