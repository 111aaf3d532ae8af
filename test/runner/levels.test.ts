import { encodePoint } from '../../src/grid/index.js';
import { readArray, readGroup } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule, type FakeDataset } from './fake-granule.js';
import { config, runInMemory, type MemoryResult } from './in-memory.js';

const FILL = 9999;
const PHOTONS = `
data_source:
  groups: [a]
  granules: ["*.h5"]
  levels: { seg: { index: "/{group}/beg", count: "/{group}/cnt", index_base: 1 } }
  coordinates: { latitude: "/{group}/lat", longitude: "/{group}/lon" }
  variables: { h: "/{group}/h", g: { dataset: "/{group}/g", level: seg }, unused: "/{group}/nowhere" }
  let: { d: h - g, unused2: unused + 1, d2: d * 2 }
  filters:
    - { dataset: "/{group}/conf", column: 1, greater_equal: 2 }
    - { dataset: "/{group}/flag", level: seg, in: [0, 3] }
    - { expression: "d2 < 60" }
aggregation:
  variables:
    n: { function: len, source: h, dtype: int32, fill_value: 0 }
    known: { function: count, source: d, dtype: int32, fill_value: 0 }
    h_sum: { function: sum, source: h, dtype: float64 }
    d_sum: { function: sum, source: d, dtype: float64 }
output:
  grid: { type: healpix, indexing_scheme: nested, parent_order: 2, child_order: 4 }
`;

interface Segments {
  /** First photon of each segment, from 1, and how many it has. */
  readonly begin: readonly number[];
  readonly count: readonly number[];
}

const random = randomFrom(11);
const ROWS = 500;
/** Gaps of 3 photons between some segments, which nothing covers; segments without photons have the index 0. */
function someSegments(): Segments {
  const begin: number[] = [];
  const count: number[] = [];
  for (let at = 0; at < ROWS; ) {
    const length = Math.min(ROWS - at, Math.floor(random() * 20));
    begin.push(length === 0 ? 0 : at + 1);
    count.push(length);
    at += length + (random() < 0.2 ? 3 : 0);
  }
  return { begin, count };
}

interface Photons {
  readonly segments: Segments;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly h: Float32Array;
  readonly conf: Int8Array;
  readonly g: Float32Array;
  readonly flag: Int32Array;
}

function photons(segments = someSegments()): Photons {
  const of = (length: number, make: (i: number) => number): number[] => Array.from({ length }, (_, i) => make(i));
  return {
    segments,
    lat: Float64Array.from(of(ROWS, i => 60 + 0.03 * i)),
    lon: Float64Array.from(of(ROWS, i => -50 + 0.01 * i)),
    h: Float32Array.from(of(ROWS, () => Math.round(random() * 100))),
    conf: Int8Array.from(of(2 * ROWS, () => Math.floor(random() * 5))),
    g: Float32Array.from(of(segments.begin.length, () => (random() < 0.1 ? FILL : Math.round(random() * 40)))),
    flag: Int32Array.from(of(segments.begin.length, () => Math.floor(random() * 4)))
  };
}

function granule({ segments, lat, lon, h, conf, g, flag }: Photons, more: Record<string, FakeDataset> = {}): FakeGranule {
  return new FakeGranule('g.h5', {
    '/a/lat': { values: lat, chunkRows: 64 },
    '/a/lon': { values: lon, chunkRows: 50 },
    '/a/h': { values: h, chunkRows: 64 },
    '/a/conf': { values: conf, shape: [ROWS, 2], chunkRows: 30 },
    '/a/beg': { values: BigInt64Array.from(segments.begin, BigInt), chunkRows: 7 },
    '/a/cnt': { values: Uint16Array.from(segments.count), chunkRows: 5 },
    '/a/g': { values: g, chunkRows: 4, fillValue: FILL },
    '/a/flag': { values: flag, chunkRows: 6 },
    ...more
  });
}

/** cell -> [n, known, sum of h, sum of d], photon by photon. */
function expected({ segments, lat, lon, h, conf, g, flag }: Photons): Map<bigint, number[]> {
  const segmentOf = new Int32Array(ROWS).fill(-1);
  segments.begin.forEach((first, s) => segmentOf.fill(s, first - 1, first - 1 + segments.count[s]!));
  const cells = new Map<bigint, number[]>();
  for (let i = 0; i < ROWS; i++) {
    const s = segmentOf[i]!;
    if (s < 0 || conf[2 * i + 1]! < 2 || ![0, 3].includes(flag[s]!) || g[s] === FILL) continue;
    const d = h[i]! - g[s]!;
    if (!(2 * d < 60)) continue;
    const cell = encodePoint(lat[i]!, lon[i]!, 4, 'authalic');
    const [n, known, hs, ds] = cells.get(cell) ?? [0, 0, 0, 0];
    cells.set(cell, [n! + 1, known! + 1, hs! + h[i]!, ds! + d]);
  }
  return cells;
}

async function contents({ store }: MemoryResult): Promise<Map<bigint, number[]>> {
  const group = (await readGroup(store, 4))!;
  const ids = await readArray(store, group.cellIds!);
  const columns = await Promise.all(['n', 'known', 'h_sum', 'd_sum'].map(name => readArray(store, group.variables.find(v => v.name === name)!)));
  const out = new Map<bigint, number[]>();
  for (let i = 0; i < ids.length; i++) if (Number(columns[0]![i]) > 0) out.set(ids[i] as bigint, columns.map(column => Number(column[i])));
  return out;
}

const sorted = (map: Map<bigint, number[]>): [bigint, number[]][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test('values of segments are spread to their photons; filters, let columns and filters by expression see them', async () => {
  const data = photons();
  const result = await runInMemory({ granules: [granule(data)], config: config(PHOTONS) });
  expect(result.summary).toMatchObject({ outcome: 'complete' });
  const wanted = expected(data);
  expect(wanted.size).toBeGreaterThan(3);
  expect(sorted(await contents(result))).toEqual(sorted(wanted));
});

test('segments may stand in any order', async () => {
  const { begin, count } = someSegments();
  const order = begin.map((_, i) => i).sort(() => random() - 0.5);
  const data = photons({ begin: order.map(i => begin[i]!), count: order.map(i => count[i]!) });
  const result = await runInMemory({ granules: [granule(data)], config: config(PHOTONS) });
  expect(sorted(await contents(result))).toEqual(sorted(expected(data)));
});

test('without the filters a row that no segment covers is kept, and lacks what the segment would give', async () => {
  const data = photons();
  const text = PHOTONS.replace(/ {2}filters:[^]*?aggregation/, 'aggregation');
  const result = await runInMemory({ granules: [granule(data)], config: config(text) });
  const total = (k: number, map: Map<bigint, number[]>): number => [...map.values()].reduce((sum, row) => sum + row[k]!, 0);
  const found = await contents(result);
  const covered = data.segments.count.reduce((sum, length, s) => sum + (data.g[s] === FILL ? 0 : length), 0);
  expect([total(0, found), total(1, found)]).toEqual([ROWS, covered]);
});

test('a column that nothing needs is not even looked for, one that only a filter needs is not kept', async () => {
  const one = granule(photons());
  await runInMemory({ granules: [one], config: config(PHOTONS) });
  expect(new Set(one.requested.map(request => request.split('#')[0]))).toEqual(new Set(['lat', 'lon', 'h', 'conf', 'beg', 'cnt', 'g', 'flag']));
});

test('only the coarse chunks of windows with kept rows are decoded', async () => {
  const data = photons();
  data.conf.fill(0, 0, 2 * 400);
  const one = granule(data);
  const input = { kind: 'granules' as const, granules: ['g.h5'] };
  const result = await runInMemory({ granules: [one], config: config(PHOTONS), input });
  expect(sorted(await contents(result))).toEqual(sorted(expected(data)));
  expect(one.decoded).not.toContain('g#0');
  expect(one.decoded).not.toContain('flag#0');
});

test('coordinates of segments give their photons a place; photons without a segment have none and are counted', async () => {
  const data = photons();
  const coarse = (values: Float64Array): Float64Array => Float64Array.from(data.segments.begin, first => values[Math.max(0, first - 1)]!);
  const text = PHOTONS.replace('latitude: "/{group}/lat", longitude: "/{group}/lon"', 'latitude: {dataset: "/{group}/slat", level: seg}, longitude: {dataset: "/{group}/slon", level: seg}').replace(/ {2}filters:[^]*?aggregation/, 'aggregation');
  const [slat, slon] = [coarse(data.lat), coarse(data.lon)];
  const result = await runInMemory({ granules: [granule(data, { '/a/slat': { values: slat }, '/a/slon': { values: slon } })], config: config(text) });
  const wanted = new Map<bigint, number>();
  data.segments.count.forEach((length, s) => {
    const cell = encodePoint(slat[s]!, slon[s]!, 4, 'authalic');
    if (length > 0) wanted.set(cell, (wanted.get(cell) ?? 0) + length);
  });
  const found = new Map([...(await contents(result))].map(([cell, [n]]) => [cell, n!]));
  expect(found).toEqual(wanted);
  const uncovered = ROWS - data.segments.count.reduce((a, b) => a + b, 0);
  expect(uncovered).toBeGreaterThan(0);
  expect(result.summary!.rowsWithoutPosition).toBe(uncovered);
});

describe('a level that cannot be', () => {
  const tooFar = photons({ begin: [1, 11], count: [10, ROWS] });
  const negative = photons({ begin: [0, 11], count: [10, 3] });
  const twice = photons({ begin: [1, 5], count: [10, 3] });
  test.each([
    ['reaches beyond the rows', tooFar, /coarse row 1 of \/a\/beg in g\.h5 is 11 for 500 rows, which reach beyond the 500/],
    ['begins before the first row', negative, /coarse row 0 of \/a\/beg in g\.h5 is 0, expected a whole number from 1 on/],
    ['covers a row twice', twice, /coarse row 1 of \/a\/beg in g\.h5 is 5, and row 4 is covered by coarse row 0 already; correct the level seg/]
  ])('%s: the dataset and the coarse row are named', async (_, data, message) => {
    const { events, error } = await runInMemory({ granules: [granule(data)], config: config(PHOTONS) });
    const failure = events.find(event => event.type === 'granule-failed')!;
    expect(failure).toMatchObject({ tag: 'bad-level', group: 'a' });
    expect((failure as { message: string }).message).toMatch(message);
    expect(error).toBeUndefined();
  });
});
