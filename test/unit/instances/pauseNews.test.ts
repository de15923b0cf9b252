import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { tellPauses } from '../../../runtime/instances/pauseNews.ts';
import { Emitter } from '../../../runtime/support/emitter.ts';
import { FakeClock } from '../../support/fakeClock.ts';

suite('what is told of stops in a debugger', () => {
  let clock: FakeClock;
  let paused: Emitter<void>;
  let resumed: Emitter<void>;
  let detached: Emitter<void>;
  let news: number;

  beforeEach(() => {
    clock = new FakeClock();
    [paused, resumed, detached] = [new Emitter<void>(), new Emitter<void>(), new Emitter<void>()];
    news = 0;
    const attached = {
      paused: false,
      onDidPause: paused.event,
      onDidResume: resumed.event,
      onDidDetach: detached.event,
    };
    tellPauses(attached as never, clock, () => news++);
  });

  test('a stop is told at once, going on a little later', () => {
    paused.fire();
    assert.equal(news, 1);
    resumed.fire();
    assert.equal(news, 1);
    clock.advance(1000);
    assert.equal(news, 2);
    paused.fire();
    assert.equal(news, 3);
  });

  test('steps are no news', () => {
    paused.fire();
    for (let step = 0; step < 20; step++) {
      resumed.fire();
      clock.advance(20);
      paused.fire();
    }
    assert.equal(news, 1);
    clock.advance(1000);
    assert.equal(news, 1);
  });

  test('nothing comes after the debugger has left', () => {
    paused.fire();
    resumed.fire();
    detached.fire();
    clock.advance(1000);
    assert.equal(news, 1);
  });
});
