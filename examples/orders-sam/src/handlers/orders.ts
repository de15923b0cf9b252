import { randomUUID } from 'node:crypto';
import { findItem } from '@lib/catalogue';
import { OrderError, priceOrder, type OrderLine } from '@lib/pricing';

/** What an HTTP API hands over (payload format 2.0), as far as it is used here. */
interface HttpEvent {
  routeKey: string;
  body?: string;
  isBase64Encoded?: boolean;
  pathParameters?: Record<string, string>;
}

export const handler = async (event: HttpEvent) => {
  console.log(event.routeKey);
  return event.routeKey.startsWith('POST ') ? createOrder(event) : showItem(event);
};

function createOrder(event: HttpEvent) {
  try {
    const { lines } = parseBody(event);
    const priced = priceOrder(lines ?? []);
    const order = { id: randomUUID(), currency: process.env.CURRENCY, ...priced };
    console.log('order', order.id, 'of', order.lines.length, 'lines, total', order.total);
    return answer(201, order);
  } catch (error) {
    if (error instanceof OrderError) return answer(422, { error: error.message });
    throw error;
  }
}

function showItem({ pathParameters }: HttpEvent) {
  const sku = pathParameters?.sku ?? '';
  const item = findItem(sku);
  return item ? answer(200, item) : answer(404, { error: `There is no item "${sku}".` });
}

function parseBody({ body = '', isBase64Encoded }: HttpEvent): { lines?: OrderLine[] } {
  try {
    return JSON.parse(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString());
  } catch {
    throw new OrderError('The body has to be JSON, e.g. {"lines": [{"sku": "lamp", "quantity": 2}]}.');
  }
}

function answer(statusCode: number, body: object) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
