import { RowArena } from '../../src/aggregate/index.js';
import type { Hdf5Dataset, NumericArray } from '../../src/hdf5/index.js';
import { ColumnWriter } from '../../src/runner/local/column-writer.js';
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

test('rows without a value are marked, whatever stands in their place', async () => {
  const values = Float32Array.of(1, 2, 3, 4);
  const writer = new ColumnWriter(await dataset({ values, fillValue: 4 }), 6, memory);
  writer.append(values, kept, 3, Uint8Array.of(0, 1, 1, 0));
  expect(Array.from(writer.missing!).slice(0, 3)).toEqual([0, 1, 1]);
});

test('the fill value of 64-bit integers is none of its neighbours', async () => {
  const fill = 2n ** 63n - 1n;
  const writer = new ColumnWriter(await dataset({ values: BigInt64Array.of(fill - 1n, fill), fillValue: fill }), 2, memory);
  writer.append(BigInt64Array.of(fill - 1n, fill), Int32Array.of(0, 1), 2);
  expect(Array.from(writer.missing!)).toEqual([0, 1]);
});

test('after a restart nothing is left of the rows before', async () => {
  const writer = new ColumnWriter(await dataset({ values: Float64Array.of(7), fillValue: 7 }), 2, memory);
  writer.append(Float64Array.of(7, 7), Int32Array.of(0, 1), 2);
  writer.restart();
  writer.append(Float64Array.of(1, 2), Int32Array.of(0, 1), 2);
  expect([Array.from(writer.values), writer.missing]).toEqual([[1, 2], undefined]);
});
