'use strict';

const { Pool } = require('pg');
const { count, prepare, settings } = require('./visits.js');

// Kept by the process, and opened by its first call. An instance handles one call at a time: one connection is enough.
let pool;
let connections = 0;

function connected() {
  pool ??= open();
  return pool;
}

function open() {
  const opened = new Pool({ ...settings(), max: 1, idleTimeoutMillis: 0 });
  opened.on('connect', () => (connections += 1));
  // A database that restarts closes idle connections. The next call opens another; without a listener the process would end.
  opened.on('error', (error) => console.warn(`lost the connection: ${error.message}`));
  return opened;
}

exports.handler = async ({ page = '/' }) => {
  console.time('connect and query');
  const database = connected();
  if (connections === 0) await prepare(database);
  const visits = await count(database, page);
  console.timeEnd('connect and query');
  return { page, visits, connections };
};
