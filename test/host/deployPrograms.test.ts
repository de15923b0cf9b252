import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DeployResult } from '../../runtime/model/deploy.ts';
import { porchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';

const server = (text: string): string => `#!/usr/bin/env node
require('node:http').createServer((request, response) => response.end(${JSON.stringify(text)} + process.argv[2])).listen(process.env.FC_SERVER_PORT);
`;

test(
  'programs are built, packed, tried out and served as versions',
  { skip: process.platform === 'win32' },
  async (t) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'porchlight-test-')));
    t.after(async () => {
      await porchlight(root, ['serve', 'stop']);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    });
    writeTree(root, {
      'porchlight.yaml': `functions:
  built:
    platform: aliyun-fc
    command: $ARTIFACTS_DIR/app one
    build: cp source $ARTIFACTS_DIR/app && chmod +x $ARTIFACTS_DIR/app
    triggers: [{ http: { path: '/built' } }]
  named:
    platform: aliyun-fc
    command: node server.cjs two
    triggers: [{ http: { path: '/named' } }]
`,
      source: server('built '),
      'server.cjs': server('named '),
    });
    const deploy = async (): Promise<DeployResult['functions']> => {
      const { code, stdout, stderr } = await porchlight(root, ['deploy', '--yes', '--json']);
      assert.equal(code, 0, stdout + stderr);
      return (JSON.parse(stdout) as DeployResult).functions;
    };
    const answers = async (functions: DeployResult['functions']): Promise<string[]> =>
      Promise.all(functions.map(async ({ urls }) => (await fetch(urls[0]!)).text()));

    const first = await deploy();
    assert.deepEqual(
      first.map(({ function: name, status }) => `${name} ${status}`),
      ['built deployed', 'named deployed'],
    );
    assert.deepEqual(await answers(first), ['built one', 'named two']);
    writeFileSync(join(root, 'source'), server('rebuilt '));
    const second = await deploy();
    assert.deepEqual(await answers(second), ['rebuilt one', 'named two']);
  },
);
