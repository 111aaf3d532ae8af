import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createChunkWriter, portableCodecs, type StoreLayout } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { layout, sampleValues } from './sample.js';

test('one object a variable, the bytes of the values as they are', async () => {
  const store = new FakeStore();
  await createChunkWriter(store, layout, portableCodecs).writeVariables(2, sampleValues(2));
  expect([...store.objects.keys()].sort()).toEqual(['3/count/c/2', '3/h_mean/c/2']);
  expect(new Int32Array(store.objects.get('3/count/c/2')!.slice().buffer)).toEqual(sampleValues(2)[0]);
});

test('views into larger buffers give only their part', async () => {
  const store = new FakeStore();
  const shared = new Float32Array(new SharedArrayBuffer(4 * 40)).map((_, i) => i);
  const inner = new Float32Array(shared.buffer, 4 * 8, 16);
  await createChunkWriter(store, layout, portableCodecs).writeVariables(0, [sampleValues(0)[0]!, inner]);
  expect([...new Float32Array(store.objects.get('3/h_mean/c/0')!.slice().buffer)]).toEqual([...inner]);
});

test('a codec is asked only when the layout compresses', async () => {
  const asked: string[] = [];
  const codecs = {
    gzip: (bytes: Uint8Array) => (asked.push('gzip'), bytes.slice(0, 3)),
    zstd: async (bytes: Uint8Array) => (asked.push('zstd'), bytes.slice(0, 2))
  };
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    const store = new FakeStore();
    await createChunkWriter(store, { ...layout, compression }, codecs).writeVariables(0, sampleValues(0));
    expect(store.objects.get('3/count/c/0')).toHaveLength({ none: 64, gzip: 3, zstd: 2 }[compression]);
  }
  expect(asked).toEqual(['gzip', 'gzip', 'zstd', 'zstd']);
});

test('ids of chunks that are written at once do not mix', async () => {
  const store = new FakeStore();
  // Every write waits until those of the other chunks have begun.
  let begun = 0;
  let release = (): void => {};
  let gate = Promise.resolve();
  store.during = async () => {
    if (begun++ % 6 === 0) gate = new Promise(resolve => (release = resolve));
    if (begun % 6 === 0) release();
    await gate;
  };
  const writer = createChunkWriter(store, layout, portableCodecs);
  await Promise.all([0, 1, 2].map(index => writer.writeIds(index)));
  await store.delete('3/cell_ids/c/0');
  // And again, with scratch memory that was used before.
  await Promise.all([2, 1, 0].map(index => writer.writeIds(index)));
  layout.parents.forEach((parent, index) => {
    const ids = new BigUint64Array(store.objects.get(`3/cell_ids/c/${index}`)!.slice().buffer);
    expect([...ids]).toEqual(Array.from({ length: 16 }, (_, i) => parent * 16n + BigInt(i)));
  });
});

test('a write that fails is told only after the others have ended', async () => {
  const store = new FakeStore();
  store.failOn = call => call === 'put 3/count/c/0';
  const ended: string[] = [];
  store.during = async key => {
    for (let i = 0; i < (key.includes('count') ? 1 : 100); i++) await Promise.resolve();
    ended.push(key);
  };
  await expect(createChunkWriter(store, layout, portableCodecs).writeVariables(0, sampleValues(0))).rejects.toMatchObject({ tag: 'io' });
  expect(ended).toEqual(['3/count/c/0', '3/h_mean/c/0']);
});

test('values of another type, length or number are refused', async () => {
  const store = new FakeStore();
  const writer = createChunkWriter(store, layout, portableCodecs);
  const [count, mean] = sampleValues(0);
  await expect(writer.writeVariables(0, [count!])).rejects.toThrow(/expected 2 arrays, found 1/);
  await expect(writer.writeVariables(0, [mean!, count!])).rejects.toThrow(/16 values of int32 for count, found 16 in Float32Array/);
  await expect(writer.writeVariables(0, [count!, new Float32Array(17)])).rejects.toThrow(/for h_mean, found 17/);
  for (const index of [-1, 3, 0.5]) await expect(writer.writeIds(index)).rejects.toThrow(/expected a chunk from 0 to 2/);
  expect(store.log).toEqual([]);
});

test('the layout survives structured clone', async () => {
  const [a, b] = [new FakeStore(), new FakeStore()];
  await createChunkWriter(a, layout, portableCodecs).writeIds(1);
  await createChunkWriter(b, structuredClone(layout), portableCodecs).writeIds(1);
  expect(a.objects).toEqual(b.objects);
});

test('cell ids and packed words agree with the reference, at every order that it has', async () => {
  const { columns, rows } = JSON.parse(readFileSync(resolve(__dirname, '../reference/healpix-points.json'), 'utf8')) as { columns: string[]; rows: (number | string)[][] };
  const at = (name: string): number => columns.indexOf(name);
  const orders = new Set<number>();
  for (const row of rows) {
    const childOrder = row[at('order')] as number;
    const nested = BigInt(row[at('nested_id')]!);
    if (childOrder === 0) continue;
    orders.add(childOrder);
    const store = new FakeStore();
    const of: StoreLayout = { ...layout, parentOrder: childOrder - 1, childOrder, parents: [nested >> 2n], variables: [], mortonDtype: 'uint64' };
    await createChunkWriter(store, of, portableCodecs).writeIds(0);
    const place = Number(nested & 3n);
    const stored = (name: string): bigint => new BigUint64Array(store.objects.get(`${childOrder}/${name}/c/0`)!.slice().buffer)[place]!;
    if (stored('cell_ids') !== nested || String(stored('morton')) !== row[at('morton_word')]) {
      throw new Error(`order ${childOrder}, cell ${nested}: found ${stored('cell_ids')} and ${stored('morton')}, expected ${row[at('morton_word')]}`);
    }
  }
  expect(Math.min(...orders)).toBe(1);
  expect(Math.max(...orders)).toBe(29);
});
