import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { writeTree } from '../support/fileTree.ts';
import { withoutGo } from '../support/go.ts';
import { tempFolder } from '../support/tempFolder.ts';

async function start(t: TestContext, files: Record<string, string>) {
  let host = undefined as Host | undefined;
  // Before the folder is removed.
  t.after(() => host?.close('test ended'));
  const root = tempFolder(t);
  writeTree(root, files);
  host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  const { gateway, registry, options } = host;
  const edited = async (name: string, file: string) => {
    options.source.announce([file]);
    await registry.refresh([name], [file]);
  };
  const ask = async (path: string, init?: RequestInit) => {
    const answer = await fetch(gateway.url + path, init);
    return `${answer.status} ${await answer.text()}`.trim();
  };
  return { root, registry, ask, edited };
}

const withGo = { skip: withoutGo() };

const goFunction = (body: string, more = '') => ({
  'func.yaml': 'specVersion: 0.36.0\nname: greet\nruntime: go\ncreated: 2026-01-01T00:00:00Z\n',
  'go.mod': 'module function\n\ngo 1.18\n',
  'handle.go': `package function

import (
	"fmt"
	"net/http"
${more}
)

${body}
`,
});

describe('Go functions of func without a server', { timeout: 120_000 }, () => {
  it(
    'get one: Handle answers, its checks are there, and nothing is written into the project',
    withGo,
    async (t) => {
      const body =
        'func Handle(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, "hello %s", r.URL.Path)\n}';
      const { root, registry, ask, edited } = await start(t, goFunction(body));
      assert.deepEqual(registry.problems, []);
      assert.equal(await ask('/greet/a'), '200 hello /a');
      assert.equal(await ask('/greet/health/readiness'), '200');
      assert.deepEqual(
        readdirSync(root).filter((name) => name !== '.porchlight'),
        ['func.yaml', 'go.mod', 'handle.go'],
      );
      const file = join(root, 'handle.go');
      writeFileSync(file, goFunction(body.replace('hello', 'goodbye'))['handle.go']);
      await edited('greet', file);
      assert.equal(await ask('/greet/b'), '200 goodbye /b');
      assert.ok(!existsSync(join(root, 'go.work')));
    },
  );

  it('of the form with New are started, and asked with their context', withGo, async (t) => {
    const body = `type greeter struct{ word string }

func New() *greeter { return &greeter{} }

func (g *greeter) Start(_ context.Context, env map[string]string) error {
	g.word = "started on " + env["K_SERVICE"]
	return nil
}

func (g *greeter) Handle(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, g.word) }`;
    const { ask } = await start(t, goFunction(body, '\t"context"'));
    assert.equal(await ask('/greet'), '200 started on greet');
  });

  it('for events alone are named, with what to do', async (t) => {
    const { registry } = await start(t, {
      ...goFunction(''),
      'handle.go': 'package function\n\nfunc Handle(e Event) error { return nil }\n',
    });
    assert.match(registry.problems[0]?.message ?? '', /no Handle or New for HTTP.*package main/);
  });
});

describe('templates of OpenFaaS that lie in the project', { timeout: 60_000 }, () => {
  const node = process.execPath;
  const files = {
    'stack.yaml': `version: 1.0
provider: { name: openfaas, gateway: 'http://127.0.0.1:8080' }
functions:
  shop: { lang: own-http, handler: ./shop, image: shop:latest, environment: { GREETING: hi } }
  each: { lang: own-classic, handler: ./each, image: each:latest }
  none: { lang: elsewhere, handler: ./each, image: each:latest }
`,
    'template/own-http/template.yml': `language: own-http\nfprocess: ${node} index.js\n`,
    'template/own-http/Dockerfile':
      'FROM node:22 AS ship\nENV mode=streaming\nFROM node:22\nENV mode="http" \\\n    OF_KIND=own\nENV upstream_url "http://127.0.0.1:3000"\n',
    'template/own-http/index.js': `const handler = require('./function/handler');
require('node:http').createServer((request, response) => response.end(handler(request.url)))
  .listen(process.env.http_port, '127.0.0.1');
`,
    'shop/handler.js':
      "module.exports = (url) => [url, process.env.GREETING, process.env.OF_KIND].join(' ');\n",
    'template/own-classic/template.yml': `language: own-classic\nhandler_folder: code\nfprocess: ${node} run.js\n`,
    'template/own-classic/run.js':
      "process.stdin.on('data', (chunk) => process.stdout.write(require('./code/handler')(String(chunk))));\n",
    'each/handler.js': 'module.exports = (text) => text.toUpperCase();\n',
  };

  it('are put together with the code, and edits of either count', async (t) => {
    const { root, registry, ask, edited } = await start(t, files);
    assert.equal(await ask('/function/shop/a'), '200 /a hi own');
    assert.equal(await ask('/function/each', { method: 'POST', body: 'loud' }), '200 LOUD');
    for (const [file, text] of [
      ['shop/handler.js', "module.exports = () => 'edited';\n"],
      [
        'template/own-http/index.js',
        files['template/own-http/index.js'].replace('handler(request.url)', "'template'"),
      ],
    ] as const) {
      const path = join(root, ...file.split('/'));
      writeFileSync(path, text);
      await edited('shop', path);
      assert.match(await ask('/function/shop'), file.startsWith('shop') ? /edited/ : /template/);
    }
    const told = registry.problems.filter(({ code }) => code === 'CODE_UNSUPPORTED');
    assert.deepEqual(
      told.map(({ function: name }) => name),
      ['none'],
    );
  });
});
