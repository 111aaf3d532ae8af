import { RowArena } from '../../src/aggregate/index.js';
import type { Hdf5Dataset, NumericArray } from '../../src/hdf5/index.js';
import { ColumnWriter } from '../../src/runner/local/column-writer.js';
import { applyFilter } from '../../src/runner/local/keep-rows.js';
import { FakeGranule, type FakeDataset } from './fake-granule.js';

async function dataset(fake: FakeDataset): Promise<Hdf5Dataset> {
  const [one] = await new FakeGranule('g.h5', { '/d': fake }).datasets(['/d']);
  return one!;
}

const memory = new RowArena(bytes => new ArrayBuffer(bytes), 64);
const kept = Int32Array.of(0, 2, 3);

test.each<[string, NumericArray, typeof Float32Array | typeof Float64Array]>([
  ['float32 stays', Float32Array.of(0.1, 2, 3, 4), Float32Array],
  ['float64 stays', Float64Array.of(0.1, 2, 3, 4), Float64Array],
  ['int8 widens', Int8Array.of(-1, 2, 3, 4), Float64Array],
  ['int64 widens', BigInt64Array.of(-1n, 2n, 3n, 4n), Float64Array]
])('%s', async (_, values, type) => {
  const writer = new ColumnWriter(await dataset({ values }), 7, memory);
  writer.append(values, kept, 3);
  writer.append(values, Int32Array.of(0, 1, 2, 3), 4);
  expect(writer.values).toBeInstanceOf(type);
  expect(Array.from(writer.values)).toEqual([values[0], values[2], values[3], ...values].map(Number));
  expect(writer.missing).toBeUndefined();
});

test('fill values are marked where they stand, also those a double cannot tell from float32', async () => {
  const fill = 3.4028235e38;
  const values = Float32Array.of(1, fill, fill, 4);
  const writer = new ColumnWriter(await dataset({ values, fillValue: fill }), 6, memory);
  writer.append(values, kept, 3);
  writer.append(values, kept, 3);
  expect(Array.from(writer.missing!)).toEqual([0, 1, 0, 0, 1, 0]);
});

test('a fill value of NaN marks NaN', async () => {
  const values = Float64Array.of(1, NaN, NaN, 4);
  const writer = new ColumnWriter(await dataset({ values, fillValue: NaN }), 3, memory);
  writer.append(values, kept, 3);
  expect(Array.from(writer.missing!)).toEqual([0, 1, 0]);
});

test.each<[string, NumericArray]>([
  ['int8', Int8Array.of(0, 1, 0, 2)],
  ['float64', Float64Array.of(0, NaN, -0, 1)],
  ['int64', BigInt64Array.of(0n, 1n, 0n, 2n)]
])('a filter on %s keeps the rows that equal its value and were kept before', (_, values) => {
  const keep = Uint8Array.of(1, 1, 0, 1);
  expect(applyFilter({ kind: 'dataset', dataset: '/q', column: undefined, level: undefined, test: { op: 'equal', value: 0 } }, values, keep)).toBe(1);
  expect(Array.from(keep)).toEqual([1, 0, 0, 0]);
});
