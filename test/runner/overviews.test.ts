import type { ObjectStore } from '../../src/io/index.js';
import { readJournal, refoldOverviews } from '../../src/runner/index.js';
import { readArray, readChunk, readGroup, readParentRecords } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryJournal, runInMemory } from './in-memory.js';

const random = randomFrom(3);
const rows = Array.from({ length: 3000 }, () => ({ lat: 40 + 40 * random(), lon: 60 * random(), h: Math.fround(random() * 100), q: random() < 0.2 ? 1 : 0 }));
const granules = (): FakeGranule[] => [new FakeGranule('g1.h5', beam('a', rows.slice(0, 1800))), new FakeGranule('g2.h5', { ...beam('a', rows.slice(1800, 2500)), ...beam('b', rows.slice(2500)) })];

const VARIABLES = `
    count: { function: len, source: h, dtype: int32, fill_value: 0 }
    seen: { function: count, source: h, dtype: int32, fill_value: 0 }
    h_min: { function: min, source: h }
    h_max: { function: max, source: h, dtype: float64 }
    h_mean: { function: mean, source: h, dtype: float64 }
    h_q: { function: quantile, source: h, params: { q: 0.3 }, dtype: float64 }
    h_hist: { function: histogram, source: h, params: { bins: [0, 20, 50, 100] }, dtype: int32, fill_value: 0 }
`;
const text = CONFIG.replace(/ {2}variables:\n {4}count[^]*?output:/, `  variables:${VARIABLES}output:`);
const withOrders = (child: number, parent: number, more = ''): string => text.replace('parent_order: 2, child_order: 4 }', `parent_order: ${parent}, child_order: ${child} }${more}`);

/** Values by variable and cell id of the cells with rows. */
async function valuesOf(store: ObjectStore, order: number): Promise<Record<string, Record<string, readonly (number | bigint)[]>>> {
  const group = (await readGroup(store, order))!;
  const ids = (await readArray(store, group.cellIds!)) as BigUint64Array;
  const counts = await readArray(store, group.variables.find(({ name }) => name === 'count')!);
  const out: Record<string, Record<string, readonly (number | bigint)[]>> = {};
  for (const variable of group.variables) {
    const values = await readArray(store, variable);
    const width = values.length / ids.length;
    const byCell: Record<string, readonly (number | bigint)[]> = {};
    ids.forEach((id, i) => {
      if (counts[i] !== 0) byCell[String(id)] = Array.from(values.subarray(i * width, (i + 1) * width) as ArrayLike<number>);
    });
    out[variable.name] = byCell;
  }
  return out;
}

test('from the parent order up an overview is what a run of that child order gives, bit for bit', async () => {
  const { store, summary } = await runInMemory({ granules: granules(), config: config(withOrders(5, 2, '\n  overviews: [2, 3, 4]')) });
  expect(summary!.outcome).toBe('complete');
  for (const order of [2, 3, 4]) {
    const own = await runInMemory({ granules: granules(), config: config(withOrders(order, 2)) });
    expect(await valuesOf(store, order)).toEqual(await valuesOf(own.store, order));
    for (const { attributes } of (await readGroup(store, order))!.variables) expect(attributes.overview).toBe('exact');
  }
});

test('below it each variable follows by its rule, and says how far that can be trusted', async () => {
  const { store } = await runInMemory({ granules: granules(), config: config(withOrders(4, 3, '\n  overviews: [1]')) });
  const folded = await valuesOf(store, 1);
  const own = await valuesOf((await runInMemory({ granules: granules(), config: config(withOrders(1, 1)) })).store, 1);
  for (const name of ['count', 'seen', 'h_min', 'h_max', 'h_hist']) expect([name, folded[name]]).toEqual([name, own[name]]);
  for (const [id, [mean]] of Object.entries(folded.h_mean!)) expect(mean).toBeCloseTo(own.h_mean![id]![0] as number, 9);
  for (const [value] of Object.values(folded.h_q!)) expect(value).toBeNaN();
  const notes = Object.fromEntries((await readGroup(store, 1))!.variables.map(({ name, attributes }) => [name, attributes.overview]));
  expect(notes).toEqual({ count: 'exact', seen: 'exact', h_min: 'exact', h_max: 'exact', h_hist: 'exact', h_mean: 'approximate', h_q: 'not composable' });
});

test('a store that grows has overviews that grew', async () => {
  const files = new MemoryJournal();
  const probe = () => Promise.resolve({ sizeBytes: 1, tag: 'etag:1' });
  const pipeline = config(withOrders(4, 3, '\n  overviews: [1, 3]'));
  const first = await runInMemory({ granules: granules().slice(0, 1), config: pipeline, files, probe });
  const again = await runInMemory({ granules: granules(), config: pipeline, files, store: first.store, probe });
  expect(again.summary!.outcome).toBe('complete');
  const fresh = await runInMemory({ granules: granules(), config: pipeline });
  for (const order of [1, 3, 4]) expect(await valuesOf(first.store, order)).toEqual(await valuesOf(fresh.store, order));
});

test('folded values: those that equal the fill value count, cells in which no row has one do not, NaN is NaN', async () => {
  const at = (lat: number, lon: number, hs: readonly number[]) => hs.map(h => ({ lat, lon, h }));
  const four = [...at(50, 10, [0, 3]), ...at(52, 14, [5, 9]), ...at(54, 12, [-1, -1]), ...at(-30, 100, [NaN, 2]), ...at(-32, 104, [7])];
  const granule = new FakeGranule('g.h5', { ...beam('a', four), '/a/h': { values: Float32Array.from(four, ({ h }) => h), fillValue: -1 } });
  const variables = `
    count: { function: len, source: h, dtype: int32, fill_value: 0 }
    h_min: { function: min, source: h, fill_value: 0 }
    h_sum: { function: sum, source: h, dtype: float64, fill_value: 14 }
    h_nanmax: { function: nanmax, source: h, dtype: float64 }
`;
  const pipeline = (child: number, parent: number, more = '') => config(withOrders(child, parent, more).replace(/ {2}variables:\n {4}count[^]*?output:/, `  variables:${variables}output:`));
  const { store, summary } = await runInMemory({ granules: [granule], config: pipeline(5, 4, '\n  overviews: [0, 1]') });
  expect(summary!.outcome).toBe('complete');
  for (const order of [0, 1]) expect(await valuesOf(store, order)).toEqual(await valuesOf((await runInMemory({ granules: [granule], config: pipeline(order, order) })).store, order));
});

test.each(['', '\n  layout: full-sphere\n  compression: gzip'])('folded again, a store that grew, with a failed read and cells in which no row counts, is bit for bit what stands in it%s', async layout => {
  const files = new MemoryJournal();
  const probe = () => Promise.resolve({ sizeBytes: 1, tag: 'etag:1' });
  const pipeline = config(withOrders(4, 3, `\n  overviews: [0, 1]${layout}`));
  // Heights of a whole region are missing: nothing there counts for them.
  const lost = rows.filter(({ lat }) => lat > 60).slice(0, 200);
  const none = new FakeGranule('g3.h5', { ...beam('a', lost.map(row => ({ ...row, lat: -row.lat }))), '/a/h': { values: new Float32Array(lost.length).fill(-1), fillValue: -1 } });
  const damaged = new FakeGranule('g4.h5', { ...beam('a', rows.slice(0, 50)), '/a/h': { values: Float32Array.from(rows.slice(0, 50), ({ h }) => h), damaged: [0] } });
  const { store } = await runInMemory({ granules: granules().slice(0, 1), config: pipeline, files, probe });
  const { summary } = await runInMemory({ granules: [...granules(), none, damaged], config: pipeline, files, store, probe, allowPartial: true });
  expect(summary!.outcome).toBe('partial');
  const group = (await readGroup(store, 4))!;
  const records = (await readParentRecords(store, 4))!;
  const journal = await readJournal(files.hold());
  expect([...journal.cells.values()].some(({ without }) => without?.includes('h_min'))).toBe(true);
  expect(records.some(({ state }) => state === 'partial')).toBe(true);
  let compared = 0;
  for await (const { layout: coarse, place, values } of (await refoldOverviews(store, { group, records, journal, files: files.hold() }))!) {
    const stored = (await readGroup(store, coarse.childOrder))!;
    const index = group.form === 'full-sphere' ? Number(coarse.parents[place]!) : place;
    for (const [v, { name }] of coarse.variables.entries()) {
      const found = await readChunk(store, stored.variables.find(variable => variable.name === name)!, index);
      expect([coarse.childOrder, name, found]).toEqual([coarse.childOrder, name, values?.[v]]);
      if (found) compared++;
    }
  }
  expect(compared).toBeGreaterThan(20);
  expect(await refoldOverviews(store, { group, records, journal, files: { plan: () => Promise.resolve('{') } })).toBeUndefined();
});
