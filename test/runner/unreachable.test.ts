import { MaggError } from '../../src/base/index.js';
import { FakeGranule } from './fake-granule.js';
import { beam, runInMemory } from './in-memory.js';

class DeadGranule extends FakeGranule {
  opened = 0;

  constructor(name: string, readonly answersFrom: number) {
    super(name, { ...beam('a', [{ lat: 10, lon: 10, h: 1 }]), ...beam('b', [{ lat: 10, lon: 10, h: 2 }]) });
  }

  override withSaved(): this {
    if (++this.opened < this.answersFrom) throw new MaggError('io', `${this.name} could not be fetched`, { retryable: true });
    return this;
  }
}

const live = new FakeGranule('live.h5', beam('a', [{ lat: 10, lon: 10, h: 5 }]));

test('a granule that cannot be opened is tried for its first group only, and all its groups fail for that reason', async () => {
  const dead = new DeadGranule('dead.h5', Infinity);
  const slept: number[] = [];
  const { events, error } = await runInMemory({ granules: [dead, live], slept });
  expect(dead.opened).toBe(3);
  expect(slept).toEqual([2, 3]);
  const failed = events.filter(event => event.type === 'granule-failed');
  expect(failed).toMatchObject(['a', 'b'].map(group => ({ granule: 'dead.h5', group, tag: 'io', retryable: true, message: 'dead.h5 could not be fetched' })));
  expect(error).toMatchObject({ tag: 'io' });
  expect(events.filter(event => event.type === 'granule-finished').map(({ granule }) => granule)).toEqual(['live.h5', 'live.h5']);
});

test('one that answers at the last attempt is read whole', async () => {
  const slow = new DeadGranule('slow.h5', 3);
  const { summary } = await runInMemory({ granules: [slow, live] });
  expect(summary).toMatchObject({ outcome: 'complete', totalObs: 3 });
  expect(slow.opened).toBe(3);
});
