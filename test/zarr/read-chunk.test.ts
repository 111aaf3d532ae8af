import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listGroups, portableCodecs, readArray, readChunk, readGroup, readParents, type StoredArray, type StoredGroup } from '../../src/zarr/index.js';
import { zstdContentSize } from '../../src/zarr/codecs.js';
import { judge } from '../judge.js';
import { FakeStore } from './fake-store.js';
import { layout, sampleValues, writeSample } from './sample.js';

const group = async (store: FakeStore, order = 3): Promise<StoredGroup> => (await readGroup(store, order))!;
const array = (of: StoredGroup, name: string): StoredArray => of.variables.find(v => v.name === name)!;

test.each(['none', 'gzip', 'zstd'] as const)('reads back what was written with codec %s', async compression => {
  const store = new FakeStore();
  await writeSample(store, { ...layout, compression });
  const stored = await group(store);
  expect(stored).toMatchObject({ childOrder: 3, parentOrder: 1, latitude: 'authalic', finished: true, chunks: 3, others: [] });
  expect(stored.variables.map(v => [v.name, v.dtype, v.fillValue, v.compression])).toEqual([['count', 'int32', 0, compression], ['h_mean', 'float32', NaN, compression]]);
  for (let i = 0; i < 3; i++) {
    expect(await readChunk(store, array(stored, 'count'), i)).toEqual(sampleValues(i)[0]);
    expect(await readChunk(store, array(stored, 'h_mean'), i)).toEqual(sampleValues(i)[1]);
  }
  expect(await readParents(store, stored)).toEqual(layout.parents.map((parent, index) => ({ index, parent })));
  expect(await listGroups(store)).toEqual([3]);
});

test('an absent chunk is undefined, and fill values in the whole array', async () => {
  const store = new FakeStore();
  await writeSample(store);
  store.objects.delete('3/h_mean/c/1');
  const mean = array(await group(store), 'h_mean');
  expect(await readChunk(store, mean, 1)).toBeUndefined();
  const whole = await readArray(store, mean);
  expect([...(whole as Float32Array)]).toEqual([...(sampleValues(0)[1] as Float32Array), ...Array<number>(16).fill(NaN), ...(sampleValues(2)[1] as Float32Array)]);
});

test.each(['none', 'gzip', 'zstd'] as const)('a damaged chunk with codec %s is an error that names it', async compression => {
  const store = new FakeStore();
  await writeSample(store, { ...layout, compression });
  const count = array(await group(store), 'count');
  const whole = store.objects.get('3/count/c/1')!;
  for (const bytes of [new Uint8Array(0), whole.slice(0, 7), whole.slice(0, -1), whole.slice(1)]) {
    store.objects.set('3/count/c/1', bytes);
    await expect(readChunk(store, count, 1)).rejects.toMatchObject({ tag: 'damaged-chunk', message: expect.stringContaining('3/count/c/1 of memory:') as string });
  }
});

test('a compressed chunk that tells a huge length is refused before it is unpacked', async () => {
  const bomb = new Uint8Array(1 << 20);
  for (const [codec, name] of [['gzip', 'gunzip'], ['zstd', 'unzstd']] as const) {
    const bytes = await portableCodecs[codec](bomb);
    await expect((async () => portableCodecs[name](bytes, 64))()).rejects.toMatchObject({ tag: 'damaged-chunk', message: `expected a ${codec} chunk of 64 bytes, found 1048576` });
  }
  // The told length is a lie: the content is longer, or shorter.
  const gzip = (await portableCodecs.gzip(bomb)).slice();
  new DataView(gzip.buffer).setUint32(gzip.length - 4, 2 ** 21, true);
  expect(() => portableCodecs.gunzip(gzip, 2 ** 21)).toThrow(/found 1048576/);
});

test('content sizes of zstd frames, as its own tools write them', async () => {
  for (const length of [0, 1, 200, 255, 256, 257, 65535, 65791, 65792, 100_000, 3_000_000]) {
    expect(zstdContentSize(await portableCodecs.zstd(new Uint8Array(length)))).toBe(length);
  }
  expect(zstdContentSize(new Uint8Array(20))).toBeUndefined();
});

/** An old store, made by zarr-python: parents by signed decimal, zstd, attributes of WGS84 without a convention, ids of int64. */
const OLD = `
import sys, numpy as np, zarr
root = zarr.create_group(sys.argv[1], zarr_format=3)
for name, full in (("3", False), ("2", True)):
    order = int(name)
    group = root.create_group(name, attributes={"dggs": {"name": "healpix", "refinement_level": order, "ellipsoid": {"name": "WGS84"}}})
    n = 48 * 16 if not full else 48 * 4
    size = 16 if not full else 4
    parents = [30, 24, 2] if not full else [7, 40]
    length = 48 if not full else n
    for array, dtype, fill in (("cell_ids", "int64", 0), ("morton", "int64", 0), ("h", "float64", float("nan"))):
        a = group.create_array(array, shape=(length,), chunks=(size,), dtype=dtype, fill_value=fill, dimension_names=["cells"], compressors="auto")
        for i, p in enumerate(parents):
            at = (p if full else i) * size
            a[at:at + size] = np.arange(p * size, (p + 1) * size)
`;

test('reads stores that zarr-python made: dense in another order, and full sphere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'magg-old-'));
  try {
    judge(OLD, [folder]);
    const store = new FakeStore();
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (statSync(join(folder, file)).isFile()) store.objects.set(file.replaceAll('\\', '/'), new Uint8Array(readFileSync(join(folder, file))));
    }
    expect(await listGroups(store)).toEqual([2, 3]);
    const dense = await group(store);
    expect(dense).toMatchObject({ parentOrder: 1, chunks: 3, latitude: 'spherical', finished: false });
    expect(dense.variables[0]).toMatchObject({ name: 'h', dtype: 'float64', fillValue: NaN, compression: 'zstd' });
    expect(await readParents(store, dense)).toEqual([30n, 24n, 2n].map((parent, index) => ({ index, parent })));
    expect(await readChunk(store, array(dense, 'h'), 2)).toEqual(Float64Array.from({ length: 16 }, (_, i) => 32 + i));
    const full = await group(store, 2);
    expect(full).toMatchObject({ parentOrder: 1, chunks: 48 });
    expect(await readParents(store, full)).toEqual([{ index: 7, parent: 7n }, { index: 40, parent: 40n }]);
    const whole = (await readArray(store, array(full, 'h'))) as Float64Array;
    expect([whole.length, whole[28], whole[163], whole[0]]).toEqual([192, 28, 163, NaN]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the latitude of a group is what its attributes say, of an old one spherical', async () => {
  const store = new FakeStore();
  await writeSample(store, { ...layout, mortonDtype: 'uint64' });
  const change = async (from: string, to: string): Promise<unknown> => {
    store.setText('3/zarr.json', store.text('3/zarr.json').replace(from, to));
    return (await group(store)).latitude;
  };
  expect(await change('', '')).toBe('authalic');
  // Without the convention the ellipsoid decides, as morton is no int64.
  expect(await change('"latitude_convention": "authalic-wgs84",', '')).toBe('authalic');
  expect(await change('"WGS84"', '"sphere"')).toBe('spherical');
  expect(await change('"sphere"', '"GRS80"')).toBeUndefined();
});
