import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import { invoke } from '../support/hostFixture.ts';
import { pythonOfMachine } from '../support/python.ts';

async function project(t: TestContext, files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'porchlight-python-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  const host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  t.after(async () => {
    await host.close('test ended');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  /** Saves, and waits until the function's build is another. */
  const save = async (name: string, text: string, fn: string) => {
    const runtime = host.registry.get(fn);
    const before = JSON.stringify(runtime.state().build);
    const rebuilt = new Promise<void>((resolve) => {
      const subscription = runtime.onDidChange(() => {
        const { build } = runtime.state();
        if (build.state === 'building' || JSON.stringify(build) === before) return;
        subscription.dispose();
        resolve();
      });
    });
    await writeFile(join(root, name), text);
    host.options.source.announce([join(root, name)]);
    await rebuilt;
  };
  return { host, root, save };
}

const main = `from word import word

def handler(event, context):
    return word
`;

describe(
  'Python functions',
  { skip: pythonOfMachine() ? false : 'No Python 3.8 or newer is installed.' },
  () => {
    it('follow edits at once; a broken one leaves the code that was good last serving', async (t) => {
      const { host, save } = await project(t, {
        'porchlight.yaml': 'functions:\n  f: { language: python, handler: main.handler }\n',
        'main.py': main,
        'word.py': 'word = "one"\n',
      });
      assert.equal((await invoke(host, 'f')).body, '"one"');
      // Of the same length, and within the same second.
      await save('word.py', 'word = "two"\n', 'f');
      const edited = await invoke(host, 'f');
      assert.equal(edited.body, '"two"');
      assert.deepEqual(edited.notes, ['New instance because the code changed.']);
      await save('word.py', 'word = = 3\n', 'f');
      const served = await invoke(host, 'f');
      assert.equal(served.body, '"two"');
      assert.match(served.notes.join(), /^Older code served: word\.py:1:8: invalid syntax\. /);
      await save('word.py', 'word = "four"\n', 'f');
      assert.equal((await invoke(host, 'f')).body, '"four"');
    });

    it('of a bare folder are found by their handlers, with the cloud they are written for', async (t) => {
      const { host } = await project(t, {
        'lambda_function.py': 'import json\n\ndef lambda_handler(event, context):\n    return event\n',
        'main.py': 'def main():\n    pass\n',
        'index.py': 'import json\n\ndef handler(event, context):\n    return json.loads(event)\n',
      });
      const known = host.registry.all.map(({ definition }) => [
        definition.handler,
        definition.language,
        definition.platform,
        definition.declaredAt.line,
      ]);
      assert.deepEqual(known, [
        ['index.handler', 'python', 'aliyun-fc', 3],
        ['lambda_function.lambda_handler', 'python', 'aws-lambda', 3],
      ]);
    });

    it('run their hooks, with the lines of Function Compute around what these print', async (t) => {
      const { host } = await project(t, {
        'porchlight.yaml':
          'functions:\n  f: { language: python, platform: aliyun-fc, handler: main.handler, initializer: main.start, preStop: main.stop }\n',
        'main.py': `import logging

def start(context):
    print("starts", context.request_id != "")

def stop(context):
    print("stops", context.function.name)

def handler(event, context):
    logging.getLogger().info("for %s", context.request_id)
    return type(event).__name__
`,
      });
      const record = await invoke(host, 'f', 'text');
      assert.equal(record.body, 'bytes');
      // Without a runtime in the project file it is the Python of this machine that is named.
      const lines = record.logs.map(({ text }) =>
        text.replaceAll(record.id, 'ID').replace(/python3\.\d+/, 'python3.x'),
      );
      assert.deepEqual(lines.slice(0, 6), [
        'FunctionCompute python3.x runtime inited.',
        'FC Initialize Start RequestId: ID',
        'starts True',
        'FC Initialize End RequestId: ID',
        'FC Invoke Start RequestId: ID',
        'for ID',
      ]);
      assert.ok(record.phases.some(({ name }) => name === 'init'));
      const said: string[] = [];
      const runtime = host.registry.get('f');
      runtime.onDidLogOutside(({ entry }) =>
        said.push(entry.text.replace(/RequestId: \S+/, 'RequestId: ID')),
      );
      const slot = runtime.pool.slots[0]!;
      runtime.pool.end(slot, 'test');
      await slot.instance.exited;
      assert.deepEqual(said, ['FC PreStop Start RequestId: ID', 'stops f', 'FC PreStop End RequestId: ID']);
    });

    it('handle SIGTERM when their instance ends', async (t) => {
      const { host, root } = await project(t, {
        'porchlight.yaml': 'functions:\n  f: { language: python, handler: main.handler }\n',
        'main.py': `import pathlib, signal, sys

def leave(*_):
    pathlib.Path(__file__).with_name("left").write_text("yes")
    sys.exit(0)

signal.signal(signal.SIGTERM, leave)

def handler(event, context):
    return 1
`,
      });
      await invoke(host, 'f');
      const { pool } = host.registry.get('f');
      const slot = pool.slots[0]!;
      pool.end(slot, 'test');
      const exit = await slot.instance.exited;
      assert.equal(exit.code, 0);
      const { readFile } = await import('node:fs/promises');
      assert.equal(await readFile(join(root, 'left'), 'utf8'), 'yes');
    });

    it('are known as callers of the functions they call', async (t) => {
      const { host } = await project(t, {
        'porchlight.yaml': `functions:
  outer: { language: python, handler: main.outer }
  inner: { language: python, handler: main.inner }
`,
        'main.py': `import os, urllib.request

def outer(event, context):
    url = os.environ["PORCHLIGHT_GATEWAY"] + "/_porchlight/invoke/inner"
    with urllib.request.urlopen(urllib.request.Request(url, data=b"{}", method="POST")) as answer:
        return answer.read().decode()

def inner(event, context):
    return "inner"
`,
      });
      const children: (string | undefined)[] = [];
      host.registry.get('inner').onDidFinish(({ parent }) => children.push(parent));
      const record = await invoke(host, 'outer');
      assert.equal(record.body, '"\\"inner\\""');
      assert.deepEqual(children, [record.id]);
    });
  },
);
