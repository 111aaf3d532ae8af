import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32c } from '../../src/zarr/crc32c.js';
import { createChunkWriter, portableCodecs, readArray, readChunk, readGroup, readInnerChunk, writeTemplate, type ChunkValues, type StoredArray, type StoreLayout } from '../../src/zarr/index.js';
import { judge } from '../judge.js';
import { FakeStore } from './fake-store.js';
import { finishSample, layout as dense, sampleValues } from './sample.js';

/** 16 cells a shard in four inner chunks. */
const layout: StoreLayout = { ...dense, innerOrder: 2 };
const NONE = 0xffffffffffffffffn;

const stored = async (of: StoreLayout, values: readonly (readonly ChunkValues[])[]): Promise<FakeStore> => {
  const store = new FakeStore();
  await writeTemplate(store, of);
  const writer = createChunkWriter(store, of, portableCodecs);
  for (const [place, chunk] of values.entries()) await writer.writeVariables(place, chunk);
  for (const place of of.parents.keys()) await writer.writeIds(place);
  await finishSample(store, of);
  return store;
};
const arrayOf = async (store: FakeStore, name: string): Promise<StoredArray> => (await readGroup(store, 3))!.variables.find(array => array.name === name)!;
const index = (shard: Uint8Array, inner = 4): bigint[] => [...new BigUint64Array(shard.slice(-16 * inner - 4, -4).buffer)];

test('the checksum has the values of RFC 3720, B.4', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 34 }, (_, i) => i - 1), 1, 33)).toBe(0x46dd794e);
});

test('inner chunks stand one after the other; those of nothing but the fill value are left out', async () => {
  const mean = new Float32Array(16).fill(NaN);
  mean[5] = 1.5;
  mean[15] = -0;
  const store = await stored(layout, [[new Int32Array(16), mean]]);
  const shard = store.objects.get('3/h_mean/c/0')!;
  expect(shard).toHaveLength(2 * 16 + 4 * 16 + 4);
  expect(index(shard)).toEqual([NONE, NONE, 0n, 16n, NONE, NONE, 16n, 16n]);
  expect([...new Float32Array(shard.slice(0, 32).buffer)]).toEqual([NaN, 1.5, NaN, NaN, NaN, NaN, NaN, -0]);
  expect(index(store.objects.get('3/count/c/0')!)).toEqual(Array(8).fill(NONE));
  expect([...((await readChunk(store, await arrayOf(store, 'h_mean'), 0)) as Float32Array)]).toEqual([...mean]);
  expect(await readChunk(store, await arrayOf(store, 'count'), 0)).toEqual(new Int32Array(16));
});

test('a value that only looks like the fill value is kept, bit by bit', async () => {
  const of: StoreLayout = { ...layout, variables: [{ name: 'zero', dtype: 'float64', fillValue: 0 }, { name: 'nan', dtype: 'float32', fillValue: NaN }, { name: 'byte', dtype: 'int8', fillValue: -1 }] };
  const zero = new Float64Array(16);
  zero[0] = -0;
  const nan = new Uint32Array(16).fill(0x7fc00000);
  nan[4] = 0xffc00000;
  const bytes = new Int8Array(16).fill(-1);
  bytes[11] = 0;
  const store = await stored(of, [[zero, new Float32Array(nan.buffer), bytes]]);
  const kept = ['zero', 'nan', 'byte'].map(name => index(store.objects.get(`3/${name}/c/0`)!).flatMap((number, i) => (i % 2 === 1 && number !== NONE ? [(i - 1) / 2] : [])));
  expect(kept).toEqual([[0], [1], [2]]);
  const back = (await readChunk(store, await arrayOf(store, 'nan'), 0)) as Float32Array;
  expect([...new Uint32Array(back.buffer)]).toEqual([...nan]);
});

test('views that are not aligned and memory that is used again give the same bytes', async () => {
  const twice = await stored(layout, [0, 1, 2].map(sampleValues));
  const store = new FakeStore();
  const writer = createChunkWriter(store, layout, portableCodecs);
  const shared = new Int8Array(3 * 16 + 1);
  const of: StoreLayout = { ...layout, variables: [{ name: 'b', dtype: 'int8', fillValue: 0 }] };
  shared[18] = 7;
  await createChunkWriter(store, of, portableCodecs).writeVariables(0, [shared.subarray(1, 17)]);
  await createChunkWriter(store, of, portableCodecs).writeVariables(1, [shared.subarray(17, 33)]);
  expect([store.objects.get('3/b/c/0')!.length, store.objects.get('3/b/c/1')!.length]).toEqual([68, 72]);
  // Longest first: what stands in the memory after it must not show.
  await Promise.all([2, 0, 1].map(place => writer.writeVariables(place, sampleValues(place))));
  await Promise.all([1, 2, 0].map(place => writer.writeVariables(place, sampleValues(place))));
  for (const place of [0, 1, 2]) for (const name of ['count', 'h_mean']) expect(store.objects.get(`3/${name}/c/${place}`)).toEqual(twice.objects.get(`3/${name}/c/${place}`));
});

test.each(['none', 'gzip', 'zstd'] as const)('one inner chunk with codec %s: by two small ranges when the size is known, else from the whole', async compression => {
  const store = await stored({ ...layout, compression }, [0, 1, 2].map(sampleValues));
  const mean = await arrayOf(store, 'h_mean');
  const sizeBytes = store.objects.get('3/h_mean/c/1')!.length;
  const asked: (number | undefined)[] = [];
  const watched = { ...store, name: store.name, get: (key: string, options: { range?: { offset: number; length: number } } = {}) => (asked.push(options.range?.length), store.get(key, options)) } as unknown as FakeStore;
  for (let inner = 0; inner < 4; inner++) {
    const wanted = (sampleValues(1)[1] as Float32Array).slice(4 * inner, 4 * inner + 4);
    expect(await readInnerChunk(watched, mean, 1, inner, { sizeBytes })).toEqual(wanted);
    expect(asked.splice(0)).toEqual([68, compression === 'none' ? 16 : expect.any(Number)]);
    expect(await readInnerChunk(watched, mean, 1, inner)).toEqual(wanted);
    expect(asked.splice(0)).toEqual([undefined]);
  }
  expect(await readInnerChunk(store, mean, 9, 0)).toBeUndefined();
  await expect(readInnerChunk(store, mean, 1, 4)).rejects.toThrow(/inner chunk from 0 to 3, found 4/);
});

test('a damaged shard is an error that names it and what is wrong', async () => {
  const store = await stored(layout, [0, 1, 2].map(sampleValues));
  const mean = await arrayOf(store, 'h_mean');
  const whole = store.objects.get('3/h_mean/c/1')!;
  const withIndex = (change: (view: DataView) => void): Uint8Array => {
    const bytes = whole.slice();
    const view = new DataView(bytes.buffer, bytes.length - 68);
    change(view);
    view.setUint32(64, crc32c(bytes, bytes.length - 68, bytes.length - 4), true);
    return bytes;
  };
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /at least 68 bytes, found 0/],
    [whole.slice(0, 67), /at least 68 bytes, found 67/],
    [whole.slice(0, -1), /checksum/],
    [whole.slice(1), /inner chunk 3 is said to end at byte 64 of 63/],
    [whole.map((byte, i) => (i === whole.length - 20 ? byte ^ 1 : byte)), /checksum/],
    [withIndex(view => view.setBigUint64(0, 1n << 62n, true)), /inner chunk 0 is said to end/],
    [withIndex(view => view.setBigUint64(8, NONE - 5n, true)), /inner chunk 0 is said to end/],
    [withIndex(view => view.setBigUint64(8, 15n, true)), /expected 16 bytes, found 15/]
  ];
  for (const [bytes, message] of cases) {
    store.objects.set('3/h_mean/c/1', bytes);
    await expect(readChunk(store, mean, 1)).rejects.toMatchObject({ tag: 'damaged-chunk', message: expect.stringMatching(message) as string });
    await expect(readChunk(store, mean, 1)).rejects.toThrow(/3\/h_mean\/c\/1 of memory:/);
  }
  store.objects.set('3/h_mean/c/1', whole.map((byte, i) => (i === whole.length - 20 ? byte ^ 1 : byte)));
  for (const sizeBytes of [undefined, whole.length]) await expect(readInnerChunk(store, mean, 1, 0, { sizeBytes })).rejects.toMatchObject({ tag: 'damaged-chunk' });
});

/** Reads a shard of ours without any value, and writes shards of its own in several ways. */
const THEIRS = `
import sys, numpy as np, zarr
path = sys.argv[1]
ours = zarr.open_group(path, mode="r")["3"]
assert (ours["count"][:16] == 0).all() and np.isnan(ours["h_mean"][:16]).all()
root = zarr.create_group(path + "/theirs", zarr_format=3)
group = root.create_group("3", attributes={"dggs": {"name": "healpix", "refinement_level": 3, "ellipsoid": {"name": "WGS84"}}})
def make(name, dtype, fill, values, **how):
    a = group.create_array(name, shape=(32,), chunks=(4,), shards=(16,), dtype=dtype, fill_value=fill, dimension_names=["cells"], **how)
    a[:] = values
ids = np.concatenate([np.arange(16), np.arange(80, 96)]).astype("uint64")
make("cell_ids", "uint64", 0, ids, compressors=None)
h = np.where(np.arange(32) % 7 == 0, np.arange(32.0), np.nan)
h[8:12] = np.nan
make("plain", "float64", float("nan"), h, compressors=None)
make("gzip", "float64", float("nan"), h, compressors=zarr.codecs.GzipCodec(level=1))
make("zstd", "float64", float("nan"), h, compressors=zarr.codecs.ZstdCodec(level=1))
group.create_array("start", shape=(32,), chunks=(16,), dtype="float64", fill_value=float("nan"), dimension_names=["cells"],
    serializer=zarr.codecs.ShardingCodec(chunk_shape=(4,), index_location="start"), compressors=None)[:] = h
group.create_array("nested", shape=(32,), chunks=(16,), dtype="float64", fill_value=float("nan"), dimension_names=["cells"],
    serializer=zarr.codecs.ShardingCodec(chunk_shape=(8,), codecs=[zarr.codecs.ShardingCodec(chunk_shape=(4,))]), compressors=None)[:] = h
`;

test('zarr-python reads a shard without values, and ours those that it writes', async () => {
  const store = await stored(layout, [[new Int32Array(16), new Float32Array(16).fill(NaN)]]);
  const folder = mkdtempSync(join(tmpdir(), 'magg-shards-'));
  try {
    store.save(folder);
    judge(THEIRS, [folder]);
    const theirs = new FakeStore();
    for (const file of readdirSync(join(folder, 'theirs'), { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, 'theirs', file);
      if (statSync(path).isFile()) theirs.objects.set(file.replaceAll('\\', '/'), new Uint8Array(readFileSync(path)));
    }
    const group = (await readGroup(theirs, 3))!;
    expect(group).toMatchObject({ parentOrder: 1, chunks: 2, form: 'dense' });
    const wanted = Float64Array.from({ length: 32 }, (_, i) => (i % 7 === 0 && (i < 8 || i >= 12) ? i : NaN));
    expect(group.variables.map(({ name, innerCells, compression }) => [name, innerCells, compression])).toEqual([['gzip', 4, 'gzip'], ['plain', 4, 'none'], ['zstd', 4, 'zstd']]);
    for (const variable of group.variables) {
      expect(await readArray(theirs, variable)).toEqual(wanted);
      expect(await readInnerChunk(theirs, variable, 1, 3)).toEqual(wanted.slice(28));
      expect(await readInnerChunk(theirs, variable, 0, 2)).toBeUndefined();
    }
    expect(group.others.map(({ name, otherwise }) => [name, otherwise.slice(0, 6)])).toEqual([['nested', 'codecs'], ['start', 'codecs']]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
