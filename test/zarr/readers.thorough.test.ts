import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compression, DataType } from '../../src/config/index.js';
import { createChunkWriter, portableCodecs, writeTemplate, type ChunkValues, type StoreLayout } from '../../src/zarr/index.js';
import { judgeJson } from '../judge.js';
import { FakeStore } from './fake-store.js';
import { finishSample, layout, sampleValues, writeSample } from './sample.js';

interface Seen {
  readonly dtype: string;
  readonly fill: string | number;
  readonly chunks: readonly number[];
  readonly values: readonly (string | number)[];
  readonly dims: readonly string[];
  readonly codecs: readonly string[];
  readonly attributes: Record<string, unknown>;
}
interface Told {
  readonly consolidated: Record<string, Seen>;
  readonly listed: Record<string, Seen>;
  readonly groups: readonly string[];
  readonly decoded: readonly { convention: string; kind: string; index: string; level: number; ellipsoid: unknown; coords: readonly string[]; cells: readonly string[]; centres: boolean }[];
  readonly default: readonly [string, readonly string[]];
  readonly decimals?: readonly string[];
  readonly picked: Record<string, readonly (string | number)[]>;
}

/** As the judge tells values: integers as text, floats as numbers, what JSON has no number for as text. */
const plain = (values: ChunkValues): (string | number)[] =>
  Array.from<number | bigint, string | number>(values as ArrayLike<number | bigint>, value =>
    typeof value === 'bigint' || !(values instanceof Float32Array || values instanceof Float64Array) ? String(value)
    : Number.isFinite(value) ? value : { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' }[String(value)]!);

const dtypes: readonly DataType[] = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'];
const fills: Record<DataType, number | bigint> = {
  int8: -128, int16: -1, int32: 0, int64: -9223372036854775808n, uint8: 255, uint16: 65535, uint32: 4294967295, uint64: 18446744073709551615n,
  float32: 0.1, float64: -Infinity
};
const arrayTypes = {
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array, uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array,
  uint64: BigUint64Array, float32: Float32Array, float64: Float64Array
};

/** One variable of every type with the extremes of the type. */
const allTypes = (compression: Compression): StoreLayout => ({
  ...layout, compression, variables: dtypes.map(dtype => ({ name: `v_${dtype}`, dtype, fillValue: fills[dtype] })), mortonDtype: 'uint64', latitude: 'spherical'
});
function extremes(dtype: DataType): ChunkValues {
  const values = new arrayTypes[dtype](16);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    [0n, 1n, 9007199254740993n, -1n].forEach((v, i) => (values[i] = v));
  } else [0, 1, -1, 1e9, 0.1, NaN, Infinity].forEach((v, i) => (values[i] = v));
  return values;
}

let folder: string;
let told: Told[];
const compressions: readonly Compression[] = ['none', 'gzip', 'zstd'];
/** Order 19 cannot have decimal ids; parents at the ends of the sphere. */
const fine: StoreLayout = { ...layout, parentOrder: 18, childOrder: 19, parents: [0n, (12n << 36n) - 1n], variables: [], mortonDtype: 'uint64' };
const wholeBase: StoreLayout = { ...layout, parentOrder: 0, childOrder: 2, parents: [3n, 8n, 11n], variables: [], latitude: 'spherical' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'magg-zarr-'));
  const jobs: { path: string; group: string; latitude: string }[] = [];
  const save = (store: FakeStore, of: StoreLayout, name: string): void => {
    store.save(join(folder, name));
    jobs.push({ path: join(folder, name), group: String(of.childOrder), latitude: of.latitude });
  };
  const sample = new FakeStore();
  await writeSample(sample, { ...layout, childOrder: 2, variables: [] });
  await writeSample(sample);
  save(sample, layout, 'sample.zarr');
  for (const compression of compressions) {
    const store = new FakeStore();
    const of = allTypes(compression);
    await writeSample(store, of, false);
    // Only the middle chunk has values: the others must read as fill values.
    await createChunkWriter(store, of, portableCodecs).writeVariables(1, dtypes.map(extremes));
    await finishSample(store, of);
    save(store, of, `${compression}.zarr`);
  }
  for (const [name, of] of [['fine.zarr', fine], ['base.zarr', wholeBase]] as const) {
    const store = new FakeStore();
    await writeSample(store, of);
    save(store, of, name);
  }
  told = judgeJson<Told[]>('zarr/open_stores.py', [], JSON.stringify(jobs));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('zarr-python reads the sample, by consolidated metadata and without', () => {
  const { consolidated, listed, groups } = told[0]!;
  expect(consolidated).toEqual(listed);
  expect(groups).toEqual(['2', '3']);
  expect(Object.keys(listed)).toEqual(['cell_ids', 'count', 'h_mean', 'morton']);
  const all = [0, 1, 2].map(sampleValues);
  expect(listed.count).toMatchObject({ dtype: 'int32', fill: '0', chunks: [16], dims: ['cells'], codecs: ['bytes'], attributes: { long_name: 'observations' } });
  expect(listed.count!.values).toEqual(all.flatMap(v => plain(v[0]!)));
  expect(listed.h_mean).toMatchObject({ dtype: 'float32', fill: 'nan', attributes: { units: 'm' } });
  expect(listed.h_mean!.values).toEqual(all.flatMap(v => plain(v[1]!)));
  const ids = layout.parents.flatMap(parent => Array.from({ length: 16 }, (_, i) => String(parent * 16n + BigInt(i))));
  expect(listed.cell_ids).toMatchObject({ dtype: 'uint64', fill: '0', values: ids });
  expect(listed.morton).toMatchObject({ dtype: 'int64', values: told[0]!.decimals });
});

test.each(compressions)('zarr-python reads every type with codec %s, fill values included', compression => {
  const { listed, consolidated } = told[1 + compressions.indexOf(compression)]!;
  expect(consolidated).toEqual(listed);
  for (const dtype of dtypes) {
    const seen = listed[`v_${dtype}`]!;
    expect(seen.dtype).toBe(dtype);
    expect(seen.codecs).toEqual(compression === 'none' ? ['bytes'] : ['bytes', compression]);
    const [fill] = plain(dtype.includes('64') && typeof fills[dtype] === 'bigint'
      ? (dtype === 'int64' ? BigInt64Array.of(fills[dtype]) : BigUint64Array.of(fills[dtype]))
      : new (arrayTypes[dtype] as Float64ArrayConstructor)([Number(fills[dtype])]));
    expect(seen.fill).toEqual(fill);
    expect(seen.values).toEqual([...Array<unknown>(16).fill(fill), ...plain(extremes(dtype)), ...Array<unknown>(16).fill(fill)]);
  }
  expect(listed.morton!.dtype).toBe('uint64');
});

test('xdggs decodes by both conventions with both indexes; its cell centres lie in the cells they are of', () => {
  expect(told).toHaveLength(6);
  const layouts = [layout, ...compressions.map(allTypes), fine, wholeBase];
  told.forEach(({ decoded, listed, default: byDefault }, i) => {
    const { latitude, childOrder } = layouts[i]!;
    const ellipsoid = latitude === 'authalic' ? { name: 'WGS84', semimajor_axis: 6378137, inverse_flattening: 298.257223563 } : { name: 'sphere', radius: 6371007.180918474 };
    expect(decoded.map(d => `${d.convention} ${d.kind}`)).toEqual(['xdggs pandas', 'xdggs moc', 'zarr pandas', 'zarr moc']);
    for (const one of decoded) {
      expect(one).toMatchObject({ index: 'HealpixIndex', level: childOrder, ellipsoid, coords: ['cell_ids', 'morton'], centres: true });
      expect(one.cells).toEqual(listed.cell_ids!.values);
    }
    expect(byDefault).toEqual([String(childOrder), ['cell_ids', 'morton']]);
  });
});

test('the cell found by its centre has the values of its chunk', () => {
  const [count, mean] = sampleValues(2);
  expect(told[0]!.picked).toEqual({ count: plain(count!.slice(-1)), h_mean: plain(mean!.slice(-1)) });
});

test('decimal ids agree with their definition in both hemispheres', () => {
  const { listed, decimals } = told[5]!;
  expect(listed.morton!.values).toEqual(decimals);
  expect(decimals!.some(text => text.startsWith('-'))).toBe(true);
});

test('a store of one group beside an unfinished one opens as unfinished', async () => {
  const store = new FakeStore();
  await writeSample(store, { ...layout, childOrder: 2, variables: [] });
  await writeTemplate(store, layout);
  const path = join(folder, 'unfinished.zarr');
  store.save(path);
  const program = `
import sys, xarray as xr
for group in ("2", "3"):
    try:
        xr.open_zarr(sys.argv[1], group=group)
        print(group, "opened")
    except Exception as error:
        print(group, "refused")
`;
  const { judge } = await import('../judge.js');
  expect(judge(program, [path]).toString().trim().split('\n')).toEqual(['2 opened', '3 refused']);
});
