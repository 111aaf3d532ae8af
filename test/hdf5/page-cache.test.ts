import { PageCache } from '../../src/hdf5/page-cache.js';
import { memorySource } from '../../src/io/index.js';
import { recording } from './read-whole.js';
import { containing } from './expected.js';

const SIZE = 5_000_000;
const bytes = Uint8Array.from({ length: SIZE }, (_, i) => (i ^ (i >> 8) ^ ((i >> 16) * 7)) & 255);
const open = async () => {
  const source = recording(memorySource('x.h5', bytes));
  return { source, pages: await PageCache.open(source, {}) };
};

test('misses of all tasks come in one round, and each task sees the bytes of its place', async () => {
  const { source, pages } = await open();
  const places = [0, 1_000_000, 2_000_000, 3_000_000, 4_999_990];
  const results = await pages.run(places.map(at => () => pages.bytes(at, 10).slice()), {});
  results.forEach((result, i) => expect(result).toEqual(bytes.slice(places[i], places[i]! + 10)));
  expect(source.rounds).toHaveLength(2);
  expect(source.rounds[1]).toMatchObject({ requests: 4 });
});

test('reads across pages, and across what came at different times', async () => {
  const { pages } = await open();
  await pages.run([() => pages.bytes(1_000_000, 1)], {});
  const [result] = await pages.run([() => pages.bytes(900_000, 1_000_000)], {});
  expect(Buffer.compare(result!, bytes.subarray(900_000, 1_900_000))).toBe(0);
});

test('hints come along with a miss, and never cause one', async () => {
  const { source, pages } = await open();
  const far = [{ offset: 3_000_000, length: 10 }];
  await pages.run([() => pages.want([{ offset: 10, length: 10 }], far)], {});
  expect(source.rounds).toHaveLength(1);
  await pages.run([() => pages.want([{ offset: 1_000_000, length: 10 }], far)], {});
  await pages.run([() => pages.bytes(3_000_000, 10)], {});
  expect(source.rounds).toHaveLength(2);
});

test('the longer a chain of places is, the more is read at each, until all is there', async () => {
  const { source, pages } = await open();
  const places = Array.from({ length: 60 }, (_, i) => 70_000 + 80_000 * ((i * 37) % 60));
  await pages.run([() => places.forEach(at => pages.bytes(at, 4))], {});
  expect(source.rounds.length).toBeLessThan(10);
});

test('what lies beyond the file or is longer than any structure is damage', async () => {
  const { pages } = await open();
  for (const [at, length] of [[SIZE - 1, 2], [-1, 1], [NaN, 1], [2 ** 53, 8]] as const) {
    await expect(pages.run([() => pages.bytes(at, length)], {})).rejects.toMatchObject({ tag: 'damaged-file', message: containing('x.h5') });
  }
  const large = { ...memorySource('large.h5', bytes), size: () => Promise.resolve(2 ** 40) };
  const cache = await PageCache.open(large, {});
  await expect(cache.run([() => cache.bytes(0, 2 ** 30)], {})).rejects.toMatchObject({ tag: 'damaged-file', message: containing('claims') });
});

test('errors of a task and of the source come out; an aborted signal stops the rounds', async () => {
  const { pages } = await open();
  await expect(pages.run([() => { throw new RangeError('mine'); }], {})).rejects.toThrow('mine');
  await expect(pages.run([() => pages.bytes(0, 1)], { signal: AbortSignal.abort() })).rejects.toMatchObject({ tag: 'cancelled' });
});
