import { finishStore, readGroup, readParentRecords, readParents, verifyChunk, writeTemplate, type ParentRecord } from '../../src/zarr/index.js';
import { createContentHasher } from '../../src/zarr/index.js';
import { judge } from '../judge.js';
import { FakeStore } from './fake-store.js';
import { layout, sampleValues, writeSample } from './sample.js';

const record: ParentRecord = { state: 'data', observations: 5, cellsWithData: 2, hash: '0f'.repeat(32) };

const started = async (): Promise<FakeStore> => {
  const store = new FakeStore();
  await writeTemplate(store, layout);
  return store;
};

test('from the template on every parent has a record: not computed', async () => {
  const none = { state: 'not-computed', observations: 0, cellsWithData: 0, hash: undefined };
  expect(await readParentRecords(await started(), 3)).toEqual(layout.parents.map(parent => ({ parent, ...none })));
  expect(await readParentRecords(new FakeStore(), 3)).toBeUndefined();
});

test('more rows than 32 bits count are exact', async () => {
  const store = await started();
  await finishStore(store, layout, { records: [{ ...record, observations: 2 ** 53 - 1, cellsWithData: 2 ** 24 }, record, record] });
  expect((await readParentRecords(store, 3))![0]).toMatchObject({ observations: 2 ** 53 - 1, cellsWithData: 2 ** 24, hash: record.hash });
});

test.each<[string, readonly ParentRecord[], RegExp]>([
  ['too few', [record, record], /a record for each of 3 parents, found 2/],
  ['a hash that is none', [record, record, { ...record, hash: '0f' }], /64 hexadecimal digits, found "0f"/],
  ['a hash in capitals', [record, record, { ...record, hash: 'AB'.repeat(32) }], /64 hexadecimal/]
])('%s is refused', async (_, records, message) => {
  const store = await started();
  await expect(finishStore(store, layout, { records })).rejects.toMatchObject({ tag: 'bad-record', message: expect.stringMatching(message) as string });
  expect(store.json('zarr.json')).not.toHaveProperty('consolidated_metadata');
});

test.each<[string, (store: FakeStore) => void, RegExp]>([
  ['a list cut off', store => store.objects.set('3/parents/parent/c/0', store.objects.get('3/parents/parent/c/0')!.slice(1)), /23 bytes for 3 values/],
  ['no list', store => store.objects.delete('3/parents/parent/c/0'), /no bytes/],
  ['no states', store => store.objects.delete('3/parents/state/zarr.json'), /parents\/state .* found no array/],
  ['a state that is none', store => store.objects.set('3/parents/state/c/0', Uint8Array.of(0, 6, 1)), /state from 0 to 5 of parent 5 .* found 6/],
  ['another type', store => store.setText('3/parents/observations/zarr.json', store.text('3/parents/observations/zarr.json').replace('int64', 'int32')), /one chunk of int64, found data_type "int32"/],
  ['fewer records than parents', store => {
    store.setText('3/parents/state/zarr.json', store.text('3/parents/state/zarr.json').replaceAll(/\n +3\n/g, '\n2\n'));
    store.objects.set('3/parents/state/c/0', Uint8Array.of(0, 0));
  }, /as many records as parents .* arrays of 3, 2, 3, 3, 3 by 32/],
  ['a shape of exabytes', store => store.setText('3/parents/parent/zarr.json', store.text('3/parents/parent/zarr.json').replaceAll(/\n +3\n/g, '\n1152921504606846976\n')), /one chunk of uint64, found/],
  ['negative sizes', store => store.setText('3/parents/parent/zarr.json', store.text('3/parents/parent/zarr.json').replaceAll(/\n +3\n/g, '\n-3\n')), /one chunk of uint64, found/],
  ['chunks of another shape', store => store.setText('3/parents/parent/zarr.json', store.text('3/parents/parent/zarr.json').replace(/(chunk_shape": \[\n +)3/, '$12')), /one chunk of uint64, found/]
])('%s is damage that is named', async (_, damage, message) => {
  const store = new FakeStore();
  await writeSample(store);
  damage(store);
  const group = (await readGroup(store, 3))!;
  for (const read of [() => readParentRecords(store, 3), () => readParents(store, group)]) {
    await expect(read()).rejects.toMatchObject({ tag: 'damaged-store', message: expect.stringMatching(message) as string });
  }
  // Whoever continues a store takes the parents from the ids then.
  expect(await readParents(store, group, { damaged: 'skip' })).toEqual(layout.parents.map((parent, index) => ({ index, parent })));
});

/** The hash as docs/format.md says it, by hashlib. */
const HASH = `
import hashlib, sys, numpy as np
count = np.arange(16, dtype="<i4") + 100
mean = np.array([np.nan if i % 3 == 0 else 1 + i / 8 for i in range(16)], "<f4")
digest = hashlib.sha256(b"count int32 1\\n" + count.tobytes() + b"h_mean float32 1\\n" + mean.tobytes())
print(digest.hexdigest())
`;

test('the content hash is what its definition says, by the host hash or by the web one', async () => {
  const expected = judge(HASH).toString().trim();
  const store = new FakeStore();
  await writeSample(store);
  const group = (await readGroup(store, 3))!;
  expect(await verifyChunk(store, group, 1)).toBe(expected);
  const values = sampleValues(1);
  const { createHash } = await import('node:crypto');
  const hasher = createContentHasher(layout, bytes => createHash('sha256').update(bytes).digest());
  expect(await Promise.all([hasher(values), hasher(sampleValues(2)), hasher(values)])).toEqual([expected, await verifyChunk(store, group, 2), expected]);
  // In another order of variables, and as views.
  const swapped = { ...layout, variables: [...layout.variables].reverse() };
  const view = new Float32Array(20);
  view.set(values[1]! as Float32Array, 3);
  expect(await createContentHasher(swapped)([view.subarray(3, 19), values[0]!])).toBe(expected);
});

test('what is verified follows the values: a changed value, a lost chunk, a damaged one', async () => {
  const store = new FakeStore();
  await writeSample(store);
  const group = (await readGroup(store, 3))!;
  const before = await verifyChunk(store, group, 0);
  const bytes = store.objects.get('3/count/c/0')!;
  bytes[0]! ^= 1;
  expect(await verifyChunk(store, group, 0)).not.toBe(before);
  store.objects.set('3/count/c/0', bytes.slice(1));
  await expect(verifyChunk(store, group, 0)).rejects.toMatchObject({ tag: 'damaged-chunk' });
  store.objects.delete('3/count/c/0');
  expect(await verifyChunk(store, group, 0)).toMatch(/^[0-9a-f]{64}$/);
  store.objects.delete('3/h_mean/c/0');
  expect(await verifyChunk(store, group, 0)).toBeUndefined();
  store.setText('3/more/zarr.json', '{"zarr_format": 3, "node_type": "array", "data_type": "complex64"}');
  await expect(verifyChunk(store, (await readGroup(store, 3))!, 1)).rejects.toMatchObject({ tag: 'damaged-store', message: expect.stringContaining('3/more') as string });
});
