import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { FolderHost } from '../../../../extension/hostClient/folderHost.ts';
import type { ToPage } from '../../../../extension/timeline/messages.ts';
import { feedLimits, TimelineFeed } from '../../../../extension/timeline/timelineFeed.ts';
import type { InstanceEvent } from '../../../../runtime/model/instanceLife.ts';
import type { TimelineSpan } from '../../../../runtime/model/timelineSpan.ts';
import type { TimelineQuery } from '../../../../runtime/protocol/control/timeline.ts';
import { FakeLauncher, functionState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';
import { spanAt } from '../../../support/timelineSpans.ts';

async function setUp(t: TestContext, count: number) {
  const launcher = new FakeLauncher();
  // The clock stands at a second; what is recorded was received before.
  const spans: TimelineSpan[] = Array.from({ length: count }, (_, index) => spanAt(index / 1000));
  const queries: TimelineQuery[] = [];
  let tell: (events: InstanceEvent[]) => void = () => {};
  let watching = 0;
  launcher.prepare = (host) => {
    host.functions = [functionState('hello'), functionState('other')];
    host.answers.watchInstances = (onEvents: typeof tell) => {
      tell = onEvents;
      watching++;
      return { lives: [], dispose: () => watching-- };
    };
    host.answers.queryTimeline = (query: TimelineQuery) => {
      queries.push(query);
      const { from = 0, before, limit } = query;
      const newestFirst = spans.toReversed().filter(({ receivedAt }) => receivedAt >= from);
      const start = before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1;
      return newestFirst.slice(start, start + limit);
    };
  };
  const folder = new FolderHost({ name: 'p', path: '/p' }, launcher);
  t.after(() => folder.dispose());
  const told: ToPage[] = [];
  const read = async () => {
    for (let turn = 0; turn < 60; turn++) await settle();
  };
  const ofType = <T extends ToPage['type']>(type: T) =>
    told.filter((message): message is ToPage & { type: T } => message.type === type);
  return {
    launcher,
    spans,
    queries,
    folder,
    told,
    read,
    ofType,
    tell: (events: InstanceEvent[]) => tell(events),
    watching: () => watching,
    feed: () => {
      const feed = new TimelineFeed(folder, launcher.clock, (message) => told.push(message));
      t.after(() => feed.dispose());
      return feed;
    },
  };
}

test('a page gets functions, lives, and the history by pages, newest first', async (t) => {
  const { folder, feed, read, ofType, queries } = await setUp(t, 2500);
  await folder.api();
  feed();
  await read();
  assert.deepEqual(ofType('functions').at(-1)?.functions, ['hello', 'other']);
  assert.equal(ofType('lives').length, 1);
  const pages = ofType('spans');
  assert.deepEqual(
    pages.map(({ spans, more }) => [spans.length, more]),
    [
      [1000, true],
      [1000, true],
      [500, false],
    ],
  );
  assert.equal(pages[0]!.spans[0]!.receivedAt, 2.499);
  assert.equal(queries[1]?.before, pages[0]!.spans.at(-1)!.id);
});

test('it ends at the most that a page is given', async (t) => {
  const { folder, feed, read, ofType } = await setUp(t, feedLimits.spans + 10);
  await folder.api();
  feed();
  await read();
  const pages = ofType('spans');
  assert.equal(
    pages.reduce((sum, { spans }) => sum + spans.length, 0),
    feedLimits.spans,
  );
  assert.equal(pages.at(-1)?.more, false);
});

test('after a sign of something new only what is new is asked for, once for many signs', async (t) => {
  const { folder, feed, read, ofType, queries, spans, launcher } = await setUp(t, 3);
  await folder.api();
  feed();
  await read();
  spans.push(spanAt(500, { id: 'new' }));
  for (let sign = 0; sign < 5; sign++) folder.mirror.setInvocation(summaryOf(recordOf('any')));
  launcher.clock.advance(300);
  await read();
  assert.equal(queries.length, 2);
  assert.equal(queries[1]?.from, 0.002);
  assert.deepEqual(
    ofType('spans')
      .at(-1)
      ?.spans.map(({ id }) => id),
    ['new', 'at-0.002'],
  );
});

test('what runs is asked for again until it has ended, also without a sign', async (t) => {
  const { folder, feed, read, ofType, spans, launcher, queries } = await setUp(t, 1);
  spans.push(spanAt(900, { id: 'long', status: 'running', wallMs: 0 }));
  await folder.api();
  feed();
  await read();
  launcher.clock.advance(1100);
  await read();
  assert.equal(queries.at(-1)?.from, 900);
  spans[1] = spanAt(900, { id: 'long', wallMs: 700 });
  launcher.clock.advance(1100);
  await read();
  assert.equal(ofType('spans').at(-1)?.spans[0]?.status, 'ok');
  const asked = queries.length;
  launcher.clock.advance(10_000);
  await read();
  assert.equal(queries.length, asked);
});

test('events of instances are passed on; a host that goes is told of, and its successor read anew', async (t) => {
  const { folder, feed, read, ofType, tell, told, launcher, watching } = await setUp(t, 1);
  feed();
  assert.deepEqual(told, [{ type: 'host', running: false }]);
  await folder.api();
  await read();
  assert.equal(ofType('host').at(-1)?.running, true);
  const event: InstanceEvent = { kind: 'booted', at: 1, instance: 'hello#1' };
  tell([event]);
  assert.deepEqual(ofType('events'), [{ type: 'events', events: [event] }]);
  launcher.launched[0]!.crash('boom');
  await read();
  assert.equal(ofType('host').at(-1)?.running, false);
  const before = ofType('cleared').length;
  await folder.api();
  await read();
  assert.ok(ofType('cleared').length > before);
  assert.equal(watching(), 1);
});

test('a question that fails is told, and nobody who is gone is told anything', async (t) => {
  const { folder, feed, read, ofType, told, launcher, watching } = await setUp(t, 1);
  await folder.api();
  const { answers } = launcher.launched[0]!;
  const answer = answers.queryTimeline;
  answers.queryTimeline = () => Promise.reject(new Error('the history is locked'));
  const first = feed();
  await read();
  assert.deepEqual(ofType('host').at(-1), { type: 'host', running: true, text: 'the history is locked' });
  first.dispose();
  assert.equal(watching(), 0);
  answers.queryTimeline = answer!;
  const length = told.length;
  folder.mirror.setInvocation(summaryOf(recordOf('any')));
  launcher.clock.advance(1000);
  await read();
  assert.equal(told.length, length);
});
