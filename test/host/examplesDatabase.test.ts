import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { porchlight } from '../support/commandLine.ts';
import { exampleCopy, exampleHost, tellFigures } from '../support/exampleProject.ts';
import { invoke } from '../support/hostFixture.ts';
import { postgresPrograms, startPostgres, type PostgresServer } from '../support/postgres.ts';

const programs = postgresPrograms();

describe('database-postgres', { skip: programs ? false : 'No PostgreSQL server is installed.' }, () => {
  let server: PostgresServer;
  before(() => {
    server = startPostgres(programs!);
  });
  after(() => server?.stop());
  const setUp = (folder: string): void => writeFileSync(join(folder, '.env'), `DATABASE_URL=${server.url}\n`);

  it('passes its own tests', async (t) => {
    const folder = exampleCopy(t, 'database-postgres');
    setUp(folder);
    const { code, stdout, stderr } = await porchlight(folder, ['test']);
    assert.equal(code, 0, stdout + stderr);
  });

  it('connects for each call, or once per process', async (t) => {
    const host = await exampleHost(t, 'database-postgres', setUp);
    const figures: Record<string, number[]> = {};
    for (const name of ['visits-reconnecting', 'visits-reusing']) {
      const results: { visits: number; connections?: number }[] = [];
      figures[name] = [];
      for (let call = 0; call < 6; call++) {
        const record = await invoke(host, name, { page: `/${name}` });
        assert.equal(record.status, 'ok', record.error?.message);
        results.push(JSON.parse(record.body) as (typeof results)[number]);
        if (call > 0) figures[name].push(record.durationMs);
      }
      assert.deepEqual(
        results.map(({ visits }) => visits),
        [1, 2, 3, 4, 5, 6],
      );
      if (name === 'visits-reusing')
        assert.deepEqual([...new Set(results.map(({ connections }) => connections))], [1]);
    }
    tellFigures(t, 'a query, warm', figures);
  });

  it('says what is missing, and no password', async (t) => {
    const host = await exampleHost(t, 'database-postgres');
    const record = await invoke(host, 'visits-reusing');
    assert.match(record.error!.message, /^DATABASE_URL is not set\. Copy \.env\.example to \.env/);
    const wrong = await exampleHost(t, 'database-postgres', (folder) =>
      writeFileSync(join(folder, '.env'), `DATABASE_URL=${server.url.replace('of-the-test', 'hunter22')}\n`),
    );
    const refused = await invoke(wrong, 'visits-reconnecting');
    assert.match(refused.error!.message, /password authentication failed/);
    assert.doesNotMatch(JSON.stringify(refused), /hunter22/);
  });
});
