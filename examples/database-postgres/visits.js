'use strict';

const table = 'create table if not exists visits (page text primary key, visits integer not null)';
const visit = `
  insert into visits (page, visits) values ($1, 1)
  on conflict (page) do update set visits = visits.visits + 1
  returning visits`;

/** Settings of a connection; a missing address is said in words. */
exports.settings = () => {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) {
    throw new Error('DATABASE_URL is not set. Copy .env.example to .env, correct it, and invoke again.');
  }
  return { connectionString: DATABASE_URL, connectionTimeoutMillis: 5000 };
};

/** Makes the table where it is missing. */
exports.prepare = (client) => client.query(table);

/** Counts a visit of a page and says how many there were. */
exports.count = async (client, page) => {
  const { rows } = await client.query(visit, [page]);
  return rows[0].visits;
};
