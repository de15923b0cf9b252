import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IdleInstances, type IdleMember } from '../../../runtime/instances/idleInstances.ts';
import { FakeClock } from '../../support/fakeClock.ts';

interface Member extends IdleMember {
  name: string;
}

function setUp(options: { idleTimeoutMs?: number; stays?: string } = {}) {
  const clock = new FakeClock();
  const said: string[] = [];
  const settings = { idleTimeoutMs: options.idleTimeoutMs ?? 1000, stays: options.stays };
  const idle = new IdleInstances<Member>({
    clock,
    idleTimeoutMs: () => settings.idleTimeoutMs,
    freeze: ({ name }) => said.push(`freeze ${name}`),
    free: (member) => {
      if (member.name === settings.stays) return false;
      said.push(`free ${member.name}`);
      // As the pool does.
      idle.remove(member);
      return true;
    },
  });
  /** What was said since the last look. */
  const news = () => said.splice(0);
  return { clock, idle, settings, news };
}

describe('idle instances', () => {
  it('are frozen after a moment, those with work left open at once, others never', () => {
    const { clock, idle, news } = setUp();
    idle.add({ name: 'a' }, 'soon');
    idle.add({ name: 'b' }, 'now');
    idle.add({ name: 'c' }, 'never');
    assert.deepEqual(news(), ['freeze b']);
    clock.advance(1);
    assert.deepEqual(news(), []);
    clock.advance(1);
    assert.deepEqual(news(), ['freeze a']);
    clock.advance(500);
    assert.deepEqual(news(), []);
  });

  it('are not frozen when they are taken in time', () => {
    const { clock, idle, news } = setUp();
    const a: Member = { name: 'a' };
    for (let call = 0; call < 5; call++) {
      idle.add(a, 'soon');
      clock.advance(1.5);
      idle.remove(a);
    }
    assert.deepEqual(news(), []);
    assert.equal(a.idleSinceUs, undefined);
    idle.add(a, 'soon');
    clock.advance(4);
    assert.deepEqual(news(), ['freeze a']);
  });

  it('are freed when each has been idle for long enough', () => {
    const { clock, idle, news } = setUp();
    idle.add({ name: 'a' }, 'never');
    clock.advance(400);
    idle.add({ name: 'b' }, 'never');
    clock.advance(599);
    assert.deepEqual(news(), []);
    clock.advance(1);
    assert.deepEqual(news(), ['free a']);
    clock.advance(399);
    assert.deepEqual(news(), []);
    clock.advance(1);
    assert.deepEqual(news(), ['free b']);
  });

  it('begin anew when they were used', () => {
    const { clock, idle, news } = setUp();
    const a: Member = { name: 'a' };
    idle.add(a, 'never');
    clock.advance(900);
    idle.remove(a);
    clock.advance(50);
    idle.add(a, 'never');
    clock.advance(999);
    assert.deepEqual(news(), []);
    clock.advance(1);
    assert.deepEqual(news(), ['free a']);
  });

  it('that may stay are asked about again, and do not keep others', () => {
    const { clock, idle, settings, news } = setUp({ stays: 'a' });
    idle.add({ name: 'a' }, 'never');
    idle.add({ name: 'b' }, 'never');
    clock.advance(1000);
    assert.deepEqual(news(), ['free b']);
    settings.stays = undefined;
    clock.advance(1000);
    assert.deepEqual(news(), ['free a']);
  });

  it('follow an idle time-out that changes', () => {
    const { clock, idle, settings, news } = setUp({ idleTimeoutMs: 60_000 });
    idle.add({ name: 'a' }, 'never');
    clock.advance(500);
    settings.idleTimeoutMs = 800;
    idle.reschedule();
    clock.advance(299);
    assert.deepEqual(news(), []);
    clock.advance(1);
    assert.deepEqual(news(), ['free a']);
    idle.add({ name: 'b' }, 'never');
    clock.advance(100);
    settings.idleTimeoutMs = 50;
    idle.reschedule();
    assert.deepEqual(news(), ['free b'], 'its time is over already');
  });

  it('are left alone after the end', () => {
    const { clock, idle, news } = setUp();
    idle.add({ name: 'a' }, 'soon');
    idle.dispose();
    clock.advance(10_000);
    assert.deepEqual(news(), []);
  });
});
