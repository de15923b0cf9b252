import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import { invoke } from '../support/hostFixture.ts';

async function project(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'porchlight-edit-'));
  const write = (name: string, text: string) => writeFile(join(root, name), text);
  await write(
    'porchlight.yaml',
    'functions:\n  f: { handler: f.handler, platform: aws-lambda, env: { A: file } }\n',
  );
  await write(
    'f.ts',
    'import { word } from "./word";\nexport const handler = async () => `${word} ${process.env.A}`;\n',
  );
  await write('word.ts', 'export const word: string = "one";\n');
  const host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  t.after(async () => {
    await host.close('test ended');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  /** Saves as an editor does that tells the host, and waits until the function has other code. */
  const save = async (name: string, text: string) => {
    const runtime = host.registry.get('f');
    const before = JSON.stringify(runtime.state().build);
    const rebuilt = new Promise<void>((resolve) => {
      const subscription = runtime.onDidChange(() => {
        const { build } = runtime.state();
        if (build.state === 'building' || JSON.stringify(build) === before) return;
        subscription.dispose();
        resolve();
      });
    });
    await write(name, text);
    host.options.source.announce([join(root, name)]);
    await rebuilt;
  };
  return { host, root, write, save };
}

describe('an edit', () => {
  it('of an imported file is live in the next invocation, which says why its instance is new', async (t) => {
    const { host, save } = await project(t);
    assert.equal((await invoke(host, 'f')).body, '"one file"');
    assert.equal((await invoke(host, 'f')).startKind, 'warm');
    await save('word.ts', 'export const word: string = "two";\n');
    const record = await invoke(host, 'f');
    assert.equal(record.body, '"two file"');
    assert.notEqual(record.startKind, 'warm');
    assert.deepEqual(record.notes, ['New instance because the code changed.']);
    assert.deepEqual((await invoke(host, 'f')).notes, []);
  });

  it('during an invocation leaves that one its code', async (t) => {
    const { host, save } = await project(t);
    await invoke(host, 'f');
    await save(
      'f.ts',
      'export const handler = async (e: { ms: number }) => { await new Promise((r) => setTimeout(r, e.ms)); return "old"; };\n',
    );
    await invoke(host, 'f', { ms: 0 });
    const running = invoke(host, 'f', { ms: 300 });
    await save('f.ts', 'export const handler = async () => "new";\n');
    assert.equal((await invoke(host, 'f')).body, '"new"');
    assert.equal((await running).body, '"old"');
  });

  it('that cannot be built leaves the code that was good last serving, and says where it is broken', async (t) => {
    const { host, root, save } = await project(t);
    await invoke(host, 'f');
    await save('word.ts', 'export const word: string = ;\n');
    const { build } = host.registry.get('f').state();
    assert.equal(build.state, 'failed');
    assert.deepEqual(build.state === 'failed' && { ...build.at, serving: build.serving !== undefined }, {
      file: join(root, 'word.ts'),
      line: 1,
      column: 29,
      serving: true,
    });
    for (const kind of ['warm', 'cold'] as const) {
      const record = await invoke(host, 'f', {}, kind);
      assert.deepEqual([record.status, record.body, record.startKind], ['ok', '"one file"', kind]);
      assert.match(record.notes.join(), /^Older code served: .*word\.ts/);
    }
    await save('word.ts', 'export const word: string = "mended";\n');
    const mended = await invoke(host, 'f');
    assert.equal(mended.body, '"mended file"');
    assert.deepEqual(mended.notes, ['New instance because the code changed.']);
  });

  it('that leaves plain JavaScript broken does not end the instances that have the code of before', async (t) => {
    const { host, root, write } = await project(t);
    await write('porchlight.yaml', 'functions:\n  f: { handler: g.handler, platform: aws-lambda }\n');
    await write('g.js', 'exports.handler = async () => 1;\n');
    await host.registry.load();
    assert.equal((await invoke(host, 'f')).body, '1');
    const edit = async (text: string) => {
      await write('g.js', text);
      host.options.source.announce([join(root, 'g.js')]);
      await host.registry.get('f').refresh();
    };
    await edit('exports.handler = async () => 2;\nconst = 3;\n');
    const { build } = host.registry.get('f').state();
    assert.ok(build.state === 'failed' && build.at);
    assert.deepEqual(build.at, { file: join(root, 'g.js'), line: 2, column: 7 });
    const older = await invoke(host, 'f');
    assert.deepEqual([older.status, older.body, older.startKind], ['ok', '1', 'warm']);
    await edit('exports.handler = async () => 4;\n');
    assert.equal((await invoke(host, 'f')).body, '4');
  });

  it('of the environment gives the function a new process with it', async (t) => {
    const { host, root, write } = await project(t);
    assert.equal((await invoke(host, 'f')).body, '"one file"');
    const changed = new Promise<void>((resolve) => {
      const subscription = host.registry.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
    await write('.env', 'A=dotenv\n');
    host.options.source.announce([join(root, '.env')]);
    await changed;
    assert.equal((await invoke(host, 'f')).body, '"one dotenv"');
  });
});
