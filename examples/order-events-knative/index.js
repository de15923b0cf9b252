'use strict';

/** Prices in cents. */
const prices = { lamp: 4900, sensor: 1900, bulb: 300 };

/** Orders this instance has priced. */
let priced = 0;

/** A priced order; an error with a `code` is answered with that status. */
function price({ id, lines }) {
  if (!Array.isArray(lines) || lines.length === 0) {
    throw Object.assign(new Error(`Order ${id} has no lines.`), { code: 422 });
  }
  const total = lines.reduce((sum, { sku, quantity }) => {
    if (!(sku in prices)) throw Object.assign(new Error(`There is no ${sku}.`), { code: 404 });
    return sum + prices[sku] * quantity;
  }, 0);
  return { id, total, currency: process.env.CURRENCY };
}

module.exports = {
  init() {
    console.log('ready for orders');
  },

  /** Events of placed orders are answered with an event of their price, other requests with how many there were. */
  handle(context, event) {
    if (!context.cloudevent) return { priced };
    if (event.type !== 'shop.order.placed') {
      context.log.warn(`not for me: ${event.type}`);
      return null;
    }
    const order = price(event.data);
    priced++;
    context.log.info(`order ${order.id}: ${order.total / 100} ${order.currency}`);
    return context
      .cloudEventResponse(order)
      .id(`${event.id}-priced`)
      .source('/orders')
      .type('shop.order.priced')
      .response();
  },

  shutdown() {
    console.log(`priced ${priced} orders`);
  },
};
