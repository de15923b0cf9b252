import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { openHistory } from '../../runtime/history/history.ts';
import { openEditor } from '../support/editorServer.ts';
import { fewExamples } from '../support/exampleProject.ts';
import { recordOf } from '../support/records.ts';

/** Runs in the page. */
const twoFrames = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';

/** A field of the load playground. */
const field = (page: FrameLocator, label: string) =>
  page.getByRole('tabpanel', { name: 'Load' }).getByLabel(label);

async function setUp(t: TestContext, name: string, theme = 'Default Dark Modern', folder = fewExamples(t)) {
  const editor = await openEditor({ name, folder, settings: { 'workbench.colorTheme': theme } });
  t.after(() => editor.stop(t));
  const { workbench } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(60);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  const hello = workbench.row(/Function hello/, functions);
  await hello.waitFor();
  const open = async () => {
    await workbench.command('Porchlight: Show Timeline');
    const page = workbench.webview();
    await page.getByRole('application').waitFor();
    return page;
  };
  return { ...editor, folder, functions, invocations, hello, open };
}

test('calls are drawn, chosen in the timeline and in the tree, and told as a table', async (t) => {
  const { workbench, page: window, invocations, hello, open, screenshot } = await setUp(t, 'timeline');
  await workbench.rowAction(hello, /^Invoke$/);
  await workbench
    .row(/Invocation of hello: ok, cold/, invocations)
    .first()
    .waitFor();
  await workbench.rowAction(hello, /^Invoke$/);
  await workbench
    .row(/Invocation of hello: ok, warm/, invocations)
    .first()
    .waitFor();
  const page = await open();
  await page.getByText('Invocations: 2 · Instances: 1').waitFor();
  await page.getByRole('button', { name: 'Show all (0)' }).click();
  await page.getByRole('application').press('Home');
  await page.getByText(/^hello, ok, cold, .*Instance 1/).waitFor();
  await screenshot('lanes');
  await workbench
    .row(/Invocation of hello: ok, cold/, invocations)
    .and(window.locator('[aria-selected="true"]'))
    .waitFor();
  await workbench
    .row(/Invocation of hello: ok, warm/, invocations)
    .first()
    .click();
  await page.getByText(/^hello, ok, warm, .*Instance 1/).waitFor();

  await page.getByRole('button', { name: 'Table' }).click();
  const table = page.getByRole('table', { name: 'Invocations' });
  await table.getByRole('cell', { name: 'cold' }).waitFor();
  await screenshot('table');
  await page.getByLabel('Table of').selectOption('instances');
  await page.getByRole('table', { name: 'Instances' }).getByRole('cell', { name: 'alive' }).waitFor();

  await page.getByRole('button', { name: 'Lanes' }).click();
  await page.getByRole('application').press('Enter');
  await workbench.editor('hello-fc/index.js').first().waitFor();
});

test('a load is sent from the playground, watched and summed up', async (t) => {
  const { open, screenshot, page: window, workbench, hello, functions } = await setUp(t, 'timeline-load');
  const page = await open();
  await field(page, 'Function').selectOption('hello');
  await field(page, 'Invocations').fill('60');
  await field(page, 'Per second').fill('40');
  await field(page, 'At a time').fill('4');
  await field(page, 'Event').fill('{"name":"load"}');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/\d+ of 60 answered/).waitFor();
  await page.getByText(/^60 ok answered in /).waitFor({ timeout: 60_000 });
  await page.getByText(/^Invocations: 60 · Instances: \d/).waitFor();
  await page.getByRole('button', { name: 'Show all (0)' }).click();
  await screenshot('summary');
  await page.getByRole('tab', { name: 'Durations' }).click();
  await page.getByRole('table', { name: 'Durations' }).getByRole('cell', { name: 'warm' }).waitFor();
  await page.locator('.u-over').first().waitFor();
  await screenshot('durations');
  await page.getByRole('tab', { name: 'Memory' }).click();
  await page
    .getByRole('table', { name: 'Memory' })
    .getByText(/hello \d/)
    .first()
    .waitFor();
  await screenshot('memory');

  await page.getByRole('tab', { name: 'Load' }).click();
  await field(page, 'Invocations').fill('1000');
  await field(page, 'Per second').fill('1');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/[1-9]\d* of 1000 answered/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText(/^Cancelled after \d+ of 1000/).waitFor();
  assert.equal(await window.locator('.notification-toast').count(), 0);

  // A process for every call: rows are as many as lived at a time.
  await workbench.rowAction(hello, 'Switch Process Model');
  await workbench.row(/^Function hello: ephemeral/, functions).waitFor();
  await field(page, 'Invocations').fill('12');
  await field(page, 'Per second').fill('');
  await field(page, 'At a time').fill('2');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/^12 ok answered in /).waitFor({ timeout: 60_000 });
  await page.getByText(/^12 instances served/).waitFor();
  await page.getByRole('button', { name: 'Zoom in (+)' }).click();
  await screenshot('ephemeral');
});

test('it comes back with the window, as it was left', async (t) => {
  const { workbench, page: window, invocations, hello, open, screenshot } = await setUp(t, 'timeline-reload');
  await workbench.rowAction(hello, /^Invoke$/);
  await workbench
    .row(/Invocation of hello: ok, cold/, invocations)
    .first()
    .waitFor();
  const before = await open();
  await before.getByText('Invocations: 1 · Instances: 1').waitFor();
  await before.getByRole('button', { name: 'Table' }).click();
  await before.getByRole('tab', { name: 'Memory' }).click();
  await before.getByRole('table', { name: 'Invocations' }).getByRole('cell', { name: 'cold' }).waitFor();
  // The editor keeps what is open when it is asked to reload; to a browser's reload it can be too slow.
  await Promise.all([window.waitForEvent('load'), workbench.command('Developer: Reload Window')]);
  const after = workbench.webview();
  await after.getByRole('table', { name: 'Invocations' }).getByRole('cell', { name: 'cold' }).waitFor();
  await after.getByRole('tab', { name: 'Memory', selected: true }).waitFor();
  await screenshot('again');
});

for (const theme of ['Default Light Modern', 'Default High Contrast', 'Default High Contrast Light']) {
  test(`it can be read in ${theme}`, async (t) => {
    const { open, screenshot } = await setUp(
      t,
      `timeline-${theme.replaceAll(' ', '-').toLowerCase()}`,
      theme,
    );
    const page = await open();
    await field(page, 'Function').selectOption('hello');
    await field(page, 'Invocations').fill('30');
    await field(page, 'At a time').fill('3');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText(/^30 ok answered in /).waitFor({ timeout: 60_000 });
    await page.getByText(/^Invocations: 30 · Instances: \d/).waitFor();
    await page.getByRole('button', { name: 'Show all (0)' }).click();
    await screenshot('load');
    await page.getByRole('tab', { name: 'Durations' }).click();
    await page.locator('.u-over').first().waitFor();
    await screenshot('durations');
  });
}

test('50,000 invocations are moved through without waiting', async (t) => {
  const folder = fewExamples(t);
  const count = 50_000;
  const history = openHistory(join(folder, '.porchlight', 'history.db'), {
    background: false,
    onNotice: () => {},
  });
  const now = Date.now();
  for (let index = 0; index < count; index++) {
    const instance = 1 + (index % 8);
    history.add(
      recordOf(`many-${index}`, {
        platform: 'aliyun-fc',
        receivedAt: now - (count - index) * 20,
        wallMs: 5 + (index % 60),
        status: index % 997 === 0 ? 'error' : 'ok',
        instance: { id: `hello#${instance}`, pid: 1000 + instance, sequence: index },
      }),
    );
  }
  await history.close();
  const { open, screenshot, page: window } = await setUp(t, 'timeline-many', 'Default Dark Modern', folder);
  const page = await open();
  await page.getByText('Invocations: 50000 · Instances: 8').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Show all (0)' }).click();
  const lanes = page.getByRole('application');
  const box = await lanes.boundingBox();
  assert.ok(box);
  await window.mouse.move(box.x + box.width / 2, box.y + 60);
  const painted: number[] = [];
  await window.keyboard.down('Control');
  for (let step = 0; step < 40; step++) {
    await window.mouse.wheel(0, step < 20 ? -120 : 120);
    await lanes.evaluate(twoFrames);
    painted.push(Number(await lanes.getAttribute('data-paint-ms')));
  }
  await window.keyboard.up('Control');
  painted.sort((a, b) => a - b);
  console.log(`painting 50,000 invocations: median ${painted[20]} ms, longest ${painted.at(-1)} ms`);
  assert.ok(painted.every((ms) => Number.isFinite(ms)));
  await page.getByRole('button', { name: 'Show all (0)' }).click();
  await screenshot('all');
});
