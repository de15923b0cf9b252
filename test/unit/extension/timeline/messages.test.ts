import assert from 'node:assert/strict';
import test from 'node:test';
import { readFromPage } from '../../../../extension/timeline/messages.ts';
import { pageHtml } from '../../../../extension/timeline/page.ts';

const load = { function: 'hello', invocations: 10, concurrency: 2 };

test('messages of the page are read', () => {
  for (const message of [
    { type: 'ready' },
    { type: 'startHost' },
    { type: 'cancelLoad' },
    { type: 'select', id: 'a' },
    { type: 'open', id: 'a' },
    { type: 'load', load },
    { type: 'load', load: { ...load, rate: 0.5, event: '{}', startKind: 'cold' } },
  ])
    assert.deepEqual(readFromPage({ ...message, more: 1 }), message);
});

test('anything else is no message', () => {
  for (const value of [
    undefined,
    null,
    'ready',
    {},
    { type: 'toString' },
    { type: 'select' },
    { type: 'open', id: 7 },
    { type: 'open', id: 'x'.repeat(201) },
    { type: 'load' },
    { type: 'load', load: { ...load, invocations: 0 } },
    { type: 'load', load: { ...load, invocations: Number.NaN } },
    { type: 'load', load: { ...load, invocations: 100_001 } },
    { type: 'load', load: { ...load, concurrency: 1.5 } },
    { type: 'load', load: { ...load, rate: -1 } },
    { type: 'load', load: { ...load, event: {} } },
    { type: 'load', load: { ...load, startKind: 'lukewarm' } },
  ])
    assert.equal(readFromPage(value), undefined, JSON.stringify(value));
});

test('the page may load its own script and style, and nothing else', () => {
  const parts = { script: 'https://x/timeline.js', style: 'https://x/timeline.css', cspSource: 'https://x' };
  const html = pageHtml({ ...parts, title: 'A "<b>"', language: 'en' });
  const nonce = /<script nonce="([^"]+)"/.exec(html)?.[1];
  assert.ok(nonce && nonce.length >= 24);
  assert.match(html, new RegExp(`content="default-src 'none'; style-src https://x; script-src 'nonce-`));
  assert.ok(html.includes(`'nonce-${nonce}'`));
  assert.doesNotMatch(html, /unsafe|<style|onclick|style="/);
  assert.match(html, /<title>A &quot;&lt;b&gt;&quot;<\/title>/);
  assert.notEqual(
    nonce,
    /<script nonce="([^"]+)"/.exec(pageHtml({ ...parts, title: '', language: 'en' }))?.[1],
  );
});
