'use strict';

const { Client } = require('pg');
const { count, prepare, settings } = require('./visits.js');

/** Connects, asks, and hangs up again: each call pays for a connection, and the database for opening one. */
exports.handler = async ({ page = '/' }) => {
  const client = new Client(settings());
  console.time('connect');
  await client.connect();
  console.timeEnd('connect');
  try {
    await prepare(client);
    console.time('query');
    const visits = await count(client, page);
    console.timeEnd('query');
    return { page, visits };
  } finally {
    await client.end();
  }
};
