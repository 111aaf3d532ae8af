import { DecodeRooms, type Hdf5Dataset } from '../../src/hdf5/index.js';
import { batchesOf, WindowReader, windowsOf } from '../../src/runner/local/window-reader.js';
import { FakeGranule } from './fake-granule.js';

const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i);

async function reader(chunkRows: number[], windows: { from: number; to: number }[]): Promise<{ file: FakeGranule; reader: WindowReader }> {
  const file = new FakeGranule('g.h5', Object.fromEntries(chunkRows.map((rows, i) => [`/d${i}`, { values: numbers(100), chunkRows: rows }])));
  const datasets = await file.datasets(chunkRows.map((_, i) => `/d${i}`));
  return { file, reader: await WindowReader.read(file, datasets.map(dataset => ({ dataset: dataset!, windows })), {}) };
}

test.each([[1], [7], [30], [100]])('rows of any window come out of chunks of %d rows', async chunkRows => {
  const windows = [{ from: 3, to: 5 }, { from: 5, to: 40 }, { from: 90, to: 100 }];
  const { reader: rows } = await reader([chunkRows], windows);
  for (const window of windows) expect(Array.from(rows.rows(0, window) as Float64Array)).toEqual(Array.from(numbers(100).subarray(window.from, window.to)));
});

test('only the chunks that hold a window are read, each once', async () => {
  const { file } = await reader([10, 25], [{ from: 0, to: 10 }, { from: 10, to: 20 }, { from: 60, to: 70 }]);
  expect(file.requested).toEqual(['d0#0', 'd0#1', 'd0#6', 'd1#0', 'd1#2']);
});

test('windows follow the chunks and are never long', async () => {
  const file = new FakeGranule('g.h5', { '/a': { values: new Int8Array(25), chunkRows: 10 }, '/b': { values: new Int8Array(150_000) } });
  const [a, b] = await file.datasets(['/a', '/b']);
  expect(windowsOf(a!, 25)).toEqual([{ from: 0, to: 10 }, { from: 10, to: 20 }, { from: 20, to: 25 }]);
  expect(windowsOf(b!, 150_000)).toEqual([{ from: 0, to: 65_536 }, { from: 65_536, to: 131_072 }, { from: 131_072, to: 150_000 }]);
});

test('chunks decoded in rooms: a window over several chunks has the rows of all, and sources do not disturb each other', async () => {
  const file = new FakeGranule('g.h5', { '/a': { values: numbers(3000), chunkRows: 1000 }, '/b': { values: numbers(3000).map(value => -value), chunkRows: 700 } });
  const found = await file.datasets(['/a', '/b']);
  const datasets = found.map(dataset => {
    const decode: Hdf5Dataset['decode'] = (chunk, raw, room) => {
      const values = dataset!.decode(chunk, raw) as Float64Array;
      const into = room!.take(values.byteLength);
      if (!into) return values;
      const out = new Float64Array(into.buffer, 0, values.length);
      out.set(values);
      return out;
    };
    return { ...dataset!, chunkRows: dataset!.chunkRows, decode };
  });
  const windows = [{ from: 10, to: 20 }, { from: 600, to: 2100 }, { from: 2100, to: 3000 }];
  const rooms = new DecodeRooms();
  const rows = await WindowReader.read(file, datasets.map(dataset => ({ dataset, windows })), { rooms });
  const kept = rows.rows(0, windows[0]!);
  for (const window of windows) {
    const [a, b] = [0, 1].map(d => Array.from(rows.rows(d, window) as Float64Array));
    expect(a).toEqual(Array.from(numbers(3000).subarray(window.from, window.to)));
    expect(b).toEqual(a!.map(value => -value));
  }
  // As told: no longer what it was.
  expect(Array.from(kept as Float64Array)).not.toEqual(Array.from(numbers(3000).subarray(10, 20)));
});

test('a room has the same memory for every chunk of a size that is worth it', () => {
  const room = new DecodeRooms().room(3);
  const first = room.take(80_000)!;
  expect(room.take(40_000)).toBe(first);
  expect(room.take(90_000)!.length).toBeGreaterThanOrEqual(90_000);
  expect(room.take(100)).toBeUndefined();
  expect(room.take(2 << 20)).toBeUndefined();
});

test.each([
  ['chunks of 10,000 rows: batches end with a chunk', 10_000, 3_000_000, [1_050_000, 1_050_000, 900_000]],
  ['one chunk is one batch, however many rows it has', 5_000_000, 4_000_000, [4_000_000]],
  ['two chunks are two', 2_000_000, 4_000_000, [2_000_000, 2_000_000]],
  ['fewer rows than a batch has', 100, 250, [250]]
])('%s', async (_, chunkRows, rows, expected) => {
  const file = new FakeGranule('g.h5', { '/a': { values: new Int8Array(rows), chunkRows } });
  const [a] = await file.datasets(['/a']);
  const batches = [...batchesOf(windowsOf(a!, rows), a!)];
  expect(batches.map(batch => batch.reduce((sum, { from, to }) => sum + to - from, 0))).toEqual(expected);
  expect(batches.flat()).toEqual(windowsOf(a!, rows));
});
