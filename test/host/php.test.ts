import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import { invoke } from '../support/hostFixture.ts';
import { phpOfMachine } from '../support/php.ts';

async function project(t: TestContext, files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'porchlight-php-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
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
  return { host, save };
}

const sYaml = `edition: 3.0.0
name: shop
resources:
  greet:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: greet
      runtime: php7.2
      code: ./code
      handler: index.handler
      timeout: 10
      instanceLifecycleConfig:
        initializer: { handler: index.start, timeout: 5 }
        preStop: { handler: index.stop, timeout: 5 }
      triggers:
        - triggerName: web
          triggerType: http
          triggerConfig: { authType: anonymous, methods: [GET] }
`;

const indexPhp = `<?php
function start($context) {
    echo 'starts ', $context['function']['initializer'], "\\n";
}
function stop($context) {
    echo 'stops ', $context['function']['name'], "\\n";
}
function handler($event, $context) {
    $GLOBALS['fcLogger']->info('for ' . $context['requestId']);
    $given = json_decode($event, true);
    if (!isset($given['requestContext'])) return gettype($event);
    return ['statusCode' => 200, 'headers' => ['Content-Type' => 'text/plain'], 'body' => 'Hello ' . $given['queryParameters']['name']];
}
`;

describe('PHP functions', { skip: phpOfMachine() ? false : 'No PHP 7.2 or newer is installed.' }, () => {
  it('follow edits at once; a broken one leaves the code that was good last serving', async (t) => {
    const word = (text: string) => `<?php\nconst word = ${text};\n`;
    const { host, save } = await project(t, {
      'porchlight.yaml': 'functions:\n  f: { language: php, handler: main.handler }\n',
      'main.php':
        '<?php\nrequire __DIR__ . "/word.php";\nfunction handler($event, $context) { return word; }\n',
      'word.php': word("'one'"),
    });
    assert.equal(host.registry.get('f').definition.platform, 'aliyun-fc');
    assert.equal((await invoke(host, 'f')).body, 'one');
    // Of the same length, and within the same second.
    await save('word.php', word("'two'"), 'f');
    const edited = await invoke(host, 'f');
    assert.equal(edited.body, 'two');
    assert.deepEqual(edited.notes, ['New instance because the code changed.']);
    await save('word.php', word('= 3'), 'f');
    const served = await invoke(host, 'f');
    assert.equal(served.body, 'two');
    assert.match(
      served.notes.join(),
      /^Older code served: word\.php:2:1: syntax error, unexpected token "="/,
    );
    await save('word.php', word("'four'"), 'f');
    assert.equal((await invoke(host, 'f')).body, 'four');
  });

  it('of s.yaml run with their hooks, and answer requests', async (t) => {
    const { host } = await project(t, { 's.yaml': sYaml, 'code/index.php': indexPhp });
    const record = await invoke(host, 'greet', 'text');
    assert.equal(record.body, 'string');
    const lines = record.logs.map(({ text }) => text.replaceAll(record.id, 'ID'));
    assert.deepEqual(lines.slice(0, 6), [
      'FunctionCompute php7.2 runtime inited.',
      'FC Initialize Start RequestId: ID',
      'starts index.start',
      'FC Initialize End RequestId: ID',
      'FC Invoke Start RequestId: ID',
      'for ID',
    ]);
    assert.ok(record.phases.some(({ name }) => name === 'init'));
    const answer = await fetch(`${host.gateway.url}/greet/?name=Ada`);
    assert.deepEqual([answer.status, await answer.text()], [200, 'Hello Ada']);

    const said: string[] = [];
    const runtime = host.registry.get('greet');
    runtime.onDidLogOutside(({ entry }) => said.push(entry.text.replace(/RequestId: \S+/, 'RequestId: ID')));
    const slot = runtime.pool.slots[0]!;
    runtime.pool.end(slot, 'test');
    await slot.instance.exited;
    assert.deepEqual(said, ['FC PreStop Start RequestId: ID', 'stops greet', 'FC PreStop End RequestId: ID']);
  });

  it('of a bare folder are found by their handlers; pages are none', async (t) => {
    const { host } = await project(t, {
      'index.php': '<?php\n\nfunction handler($event, $context)\n{\n    return $event;\n}\n',
      'shop/index.php': '<?php\nfunction main() {}\necho "<h1>a page</h1>";\n',
    });
    const known = host.registry.all.map(({ definition }) => [
      definition.handler,
      definition.language,
      definition.platform,
      definition.declaredAt.line,
    ]);
    assert.deepEqual(known, [['index.handler', 'php', 'aliyun-fc', 3]]);
  });

  it('are refused on a platform that has no runtime for them, with what to do', async (t) => {
    const { host } = await project(t, {
      'porchlight.yaml':
        'functions:\n  f: { language: php, platform: aws-lambda, handler: main.handler }\n  g: { language: php, handler: main.handler }\n',
      'main.php': '<?php\nfunction handler($event, $context) { return "fine"; }\n',
    });
    const problems = host.registry.problems.filter(({ code }) => code === 'LANGUAGE_NOT_OFFERED');
    assert.match(
      problems[0]!.message,
      /^f: aws-lambda has no runtime for php\. Run it there as a program \(/,
    );
    assert.deepEqual([problems.length, problems[0]!.line], [1, 2]);
    const refused = await invoke(host, 'f');
    assert.equal(refused.status, 'error');
    assert.match(refused.error!.message, /has no runtime for php/);
    assert.equal((await invoke(host, 'g')).body, 'fine');
  });

  it('decline a debugger, and say what there is instead', async (t) => {
    const { host } = await project(t, {
      'porchlight.yaml': 'functions:\n  f: { language: php, handler: main.handler }\n',
      'main.php': '<?php\nfunction handler($event, $context) { return "1"; }\n',
    });
    assert.equal((await invoke(host, 'f')).body, '1');
    const { instance } = host.registry.get('f').pool.slots[0]!;
    const { url, missing } = await instance.inspect();
    assert.equal(url, '');
    assert.match(missing!, /no debugging of PHP\. .* XDEBUG_MODE=debug/);
    assert.equal((await invoke(host, 'f')).startKind, 'warm');
  });

  it('tell each line with its place, and leave the code that serves on untouched by their own buffers', async (t) => {
    const { host } = await project(t, {
      'porchlight.yaml': 'functions:\n  f: { language: php, handler: main.handler }\n',
      'main.php':
        '<?php\nfunction handler($event, $context)\n{\n    var_dump([1, "a"]);\n    echo "no break";\n    echo " at all";\n    return "";\n}\n',
    });
    const { logs } = await invoke(host, 'f');
    const printed = logs.filter(({ stream }) => stream === 'stdout');
    assert.deepEqual(
      printed.map(({ text, at }) => [text, at?.line]),
      [
        ['array(2) {', 4],
        ['  [0]=>', 4],
        ['  int(1)', 4],
        ['  [1]=>', 4],
        ['  string(1) "a"', 4],
        ['}', 4],
        ['no break at all', 5],
      ],
    );
  });
});

describe('a PHP application', { skip: phpOfMachine() ? false : 'No PHP is installed.' }, () => {
  it('without any function runs as a program, by the server that PHP brings along', async (t) => {
    const { host } = await project(t, {
      'porchlight.yaml': `functions:
  site:
    platform: aliyun-fc
    code: public
    protocol: http
    command: php -S 127.0.0.1:$PORT
    triggers: [{ http: { path: '/site/*' } }]
`,
      'public/index.php':
        '<?php\nheader("X-Kind: classic");\nhttp_response_code(201);\necho "Hello {$_GET[\'name\']} at {$_SERVER[\'REQUEST_URI\']}, ", $_POST["word"] ?? "no word";\n',
    });
    const answer = await fetch(`${host.gateway.url}/site/?name=Ada`);
    assert.deepEqual(
      [answer.status, answer.headers.get('x-kind'), await answer.text()],
      [201, 'classic', 'Hello Ada at /site/?name=Ada, no word'],
    );
    const posted = await fetch(`${host.gateway.url}/site/?name=Bea`, {
      method: 'POST',
      body: new URLSearchParams({ word: 'lamp' }),
    });
    assert.match(await posted.text(), /^Hello Bea at .*, lamp$/);
  });
});
