// @workspace test/fixtures/triggerQueues
import assert from 'node:assert/strict';
import type { InputBoxOptions } from 'vscode';
import * as vscode from 'vscode';
import type { Row } from '../../../extension/views/row.ts';
import { invocationBy, openPorchlight, until, type Opened } from '../porchlight.ts';

suite('Queues in the Functions view', () => {
  let opened: Opened;

  /** The row of a function's only queue. */
  async function rowOf(name: string): Promise<Row> {
    const { provider } = opened.api.trees.functions;
    const fn = ((await provider.getChildren()) ?? []).find((row) => row.content().label === name);
    const rows = ((await provider.getChildren(fn)) ?? []).filter((row) =>
      /^trigger .*queue/.test(row.content().context ?? ''),
    );
    assert.equal(rows.length, 1, `${name} has the row of a queue`);
    return rows[0]!;
  }

  async function below(name: string): Promise<string[]> {
    const rows = (await opened.api.trees.functions.provider.getChildren(await rowOf(name))) ?? [];
    return rows.map((row) => `${row.content().label}: ${row.content().description ?? ''}`);
  }

  const triggerOf = (name: string) => opened.host.mirror.triggers(name).find(({ kind }) => kind === 'queue');
  const changed = (name: string, holds: (trigger: NonNullable<ReturnType<typeof triggerOf>>) => boolean) =>
    until(opened.host.mirror.onDidChange, () => {
      const trigger = triggerOf(name);
      return trigger && holds(trigger);
    });

  /** Answers the question for a message's body; gives the questions. */
  function say(body: string | undefined): InputBoxOptions[] {
    const asked: InputBoxOptions[] = [];
    opened.api.dialogs.input = (options) => {
      asked.push(options);
      return Promise.resolve(body);
    };
    return asked;
  }

  const send = async (name: string) =>
    vscode.commands.executeCommand('porchlight.sendMessage', await rowOf(name));

  suiteSetup(async () => {
    opened = await openPorchlight();
    await changed('refuses', ({ status }) => status === 'running');
  });

  test('Send Message… asks for the body, and the function gets the message', async () => {
    const asked = say('{"order":17}');
    const { label, triggerName, id } = await invocationBy(opened.host, 'works', () => send('works'));
    assert.equal(asked[0]?.title, 'Send a message: queue orders, batches of 10');
    assert.equal(await asked[0]?.validateInput?.(''), 'A message has a body.');
    assert.equal(await asked[0]?.validateInput?.('x'), undefined);
    assert.deepEqual([triggerName, label?.replace(/ \S{8}$/, ' ID')], ['queue', 'orders ID']);
    const record = await (await opened.host.api()).getInvocation(id);
    assert.match(record?.event?.data ?? '', /"body":"\{\\"order\\":17\}"/);
    await changed('works', ({ waiting, last }) => waiting === 0 && last?.status === 'ok');
    assert.match(
      (await rowOf('works')).content().description ?? '',
      /^queue orders, batches of 10 · running$/,
    );
  });

  test('a question that is dismissed sends nothing', async () => {
    say(undefined);
    const before = opened.host.mirror.invocations.length;
    await send('waits');
    assert.equal(triggerOf('waits')?.waiting, 0);
    assert.equal(opened.host.mirror.invocations.length, before);
  });

  test('what waits is counted, and purged when that is confirmed', async () => {
    say('one');
    await send('waits');
    await send('waits');
    await changed('waits', ({ waiting }) => waiting === 2);
    const row = await rowOf('waits');
    assert.equal(
      row.content().description,
      'queue later, batches of 10 · disabled in the project file · 2 waiting',
    );
    const questions: string[] = [];
    opened.api.dialogs.pick = async (choices) => (await choices)[0]?.value;
    opened.api.dialogs.confirm = (question) => Promise.resolve(questions.push(question) > 1);
    await vscode.commands.executeCommand('porchlight.actOnTrigger', row);
    assert.equal(triggerOf('waits')?.waiting, 2);
    await vscode.commands.executeCommand('porchlight.actOnTrigger', row);
    await changed('waits', ({ waiting }) => waiting === 0);
    assert.deepEqual(questions, Array(2).fill('Remove 2 messages of later?'));
  });

  test('a message that fails becomes a dead letter, which can be seen and moved back', async () => {
    say('broken');
    const first = await invocationBy(opened.host, 'refuses', () => send('refuses'));
    assert.equal(first.status, 'error');
    await changed('refuses', ({ actions = [] }) => actions.some(({ id }) => id === 'redrive'));
    const row = await rowOf('refuses');
    assert.match(row.content().description ?? '', / · running · 1 dead letter · last error/);
    assert.ok((await below('refuses')).includes('Dead letters: 1 in dead (moved there after 1 receive)'));
    const titles: string[] = [];
    opened.api.dialogs.pick = async (choices) => {
      const all = await choices;
      titles.push(...all.map(({ label }) => label));
      return all[0]?.value;
    };
    const again = await invocationBy(opened.host, 'refuses', () =>
      vscode.commands.executeCommand('porchlight.actOnTrigger', row),
    );
    assert.deepEqual(titles, ['Move 1 dead letter back']);
    assert.equal(again.status, 'error');
  });
});
