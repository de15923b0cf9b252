'use strict';

const express = require('express');

const products = [
  { sku: 'lamp', name: 'Porch lamp', price: 4900 },
  { sku: 'sensor', name: 'Motion sensor', price: 1950 },
];

const app = express();
app.use(express.json());

const shop = express.Router();

shop.get('/products', (request, response) => response.json(products));

shop.post('/orders', (request, response) => {
  const { sku, quantity = 1 } = request.body ?? {};
  const product = products.find((each) => each.sku === sku);
  if (!product) return response.status(404).json({ error: `There is no ${sku}.` });
  console.log(`${quantity} x ${sku}`);
  response.status(201).json({ sku, quantity, total: product.price * quantity });
});

app.use('/shop', shop);

const port = process.env.PORT ?? 3000;
app.listen(port, process.env.HOST, () => console.log(`The shop is open on port ${port}.`));
