import { MaggError } from '../../src/base/index.js';
import { mortonDecimal, parentId } from '../../src/grid/index.js';
import { memoryStore, type ObjectStore } from '../../src/io/index.js';
import type { RunEvent } from '../../src/runner/index.js';
import { readArray, readGroup } from '../../src/zarr/index.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, of, runInMemory } from './in-memory.js';
import { catalogOf, cellOf, contents, everyRow, exactCatalog, expected, granules, parentOf, rows, sorted, track } from './two-granules.js';

const types = (events: readonly RunEvent[]): string[] => events.map(event => event.type);

test('from granules to the statistics of every cell; a missing group is normal', async () => {
  const { summary, store, events } = await runInMemory({ granules: granules() });
  expect(sorted(await contents(store))).toEqual(sorted(expected(everyRow)));
  const good = everyRow.filter(r => r.q === 0);
  expect(summary).toMatchObject({ outcome: 'complete', totalObs: good.length, rowsRead: 900, granules: 2, groupsRead: 3, groupsFailed: 0, rowsOutsidePlan: 0 });
  expect(summary!.cellsWithData + summary!.cellsEmpty).toBe(new Set(everyRow.map(parentOf)).size);
  expect(of(events, 'granule-finished').find(e => e.granule === 'g2.h5' && e.group === 'b')).toMatchObject({ outcome: 'absent', rows: 0 });
  expect((await readGroup(store, 4))!.finished).toBe(true);
});

test('events come in the order of the work, and the journal holds every one', async () => {
  const { events, journal } = await runInMemory({ granules: granules() });
  expect(journal).toEqual(events);
  const order = types(events);
  expect(order[0]).toBe('run-started');
  expect(order.at(-1)).toBe('run-finished');
  expect(order.indexOf('cells-planned')).toBeGreaterThan(order.lastIndexOf('granule-finished'));
  expect(order.indexOf('cell-started')).toBeGreaterThan(order.indexOf('cells-planned'));
  expect(JSON.parse(JSON.stringify(events))).toEqual(events);
});

test('a catalog gives the same store as the granules themselves', async () => {
  const [one, two] = [await runInMemory({ granules: granules() }), await runInMemory({ granules: granules(), input: catalogOf(exactCatalog()) })];
  const keys = await one.store.list('');
  expect(await two.store.list('')).toEqual(keys);
  for (const key of keys) expect(Buffer.from((await two.store.get(key))!).equals(Buffer.from((await one.store.get(key))!))).toBe(true);
});

test('with a catalog, chunks without a kept row are not read beyond the filter', async () => {
  const quiet = track(300, -50).map((row, i) => ({ ...row, q: i >= 100 && i < 200 ? 1 : 0 }));
  const granule = new FakeGranule('g1.h5', beam('a', quiet, { chunkRows: 100 }));
  await runInMemory({ granules: [granule], input: catalogOf(Object.fromEntries(quiet.map(row => [parentOf(row), ['g1.h5']]))) });
  expect(granule.requested.filter(request => request.endsWith('#1'))).toEqual(['q#1']);
  const derived = new FakeGranule('g1.h5', beam('a', quiet, { chunkRows: 100 }));
  await runInMemory({ granules: [derived] });
  expect(derived.requested.filter(request => request.endsWith('#1')).sort()).toEqual(['lat#1', 'lon#1', 'q#1']);
});

test('all rows rejected: every cell is empty, the store is whole, and that is no failure', async () => {
  const { summary, store, events } = await runInMemory({ granules: [new FakeGranule('g.h5', beam('a', rows.a1.map(r => ({ ...r, q: 1 }))))] });
  expect(summary).toMatchObject({ outcome: 'complete', cellsWithData: 0, totalObs: 0 });
  expect(of(events, 'cell-empty').every(e => e.reason === 'no-rows-after-filters')).toBe(true);
  expect((await contents(store)).size).toBe(0);
  expect((await readGroup(store, 4))!.finished).toBe(true);
});

test('no rows at all: nothing is written, and the error says where to look', async () => {
  const { error, store } = await runInMemory({ granules: [new FakeGranule('g.h5', beam('a', []))] });
  expect(error).toMatchObject({ tag: 'no-rows' });
  expect((error as Error).message).toContain('data_source.groups');
  expect(await store.list('')).toEqual([]);
});

describe('a read that fails', () => {
  const broken = (dataset: string): FakeGranule => {
    const contentsOf = { ...beam('a', rows.a1, { chunkRows: 64 }), ...beam('b', rows.b1) };
    return new FakeGranule('g1.h5', { ...contentsOf, [dataset]: { ...contentsOf[dataset]!, damaged: [0] } });
  };
  const good = (): FakeGranule => granules()[1]!;

  test('fails the cells its rows touch and no other, and says which granule and group', async () => {
    const { summary, events, store } = await runInMemory({ granules: [broken('/b/h'), good()] });
    const touched = new Set(rows.b1.map(parentOf));
    expect(new Set(of(events, 'cell-failed').map(e => e.cell))).toEqual(touched);
    expect(of(events, 'cell-failed')[0]).toMatchObject({ tag: 'damaged-chunk', granule: 'g1.h5', group: 'b' });
    expect(of(events, 'granule-failed')).toEqual([expect.objectContaining({ granule: 'g1.h5', group: 'b', tag: 'damaged-chunk' })]);
    expect(summary).toMatchObject({ outcome: 'partial', groupsFailed: 1, cellsFailed: touched.size });
    expect(sorted(await contents(store))).toEqual(sorted(expected(everyRow.filter(row => !touched.has(parentOf(row))))));
    const ids = await readArray(store, (await readGroup(store, 4))!.cellIds!);
    expect(new Set(Array.from(ids as BigUint64Array)).size).toBe(ids.length);
  });

  test('without its coordinates nobody knows the cells: with a catalog all of the granule fail', async () => {
    const { summary, events } = await runInMemory({ granules: [broken('/b/lat'), good()], input: catalogOf(exactCatalog()) });
    const listed = Object.entries(exactCatalog()).filter(([, list]) => list.includes('g1.h5')).map(([cell]) => cell);
    expect(new Set(of(events, 'cell-failed').map(e => e.cell))).toEqual(new Set(listed));
    expect(summary!.outcome).toBe('partial');
  });

  test('without its coordinates and without a catalog nothing is written', async () => {
    const { error, store, events, plan } = await runInMemory({ granules: [broken('/b/lon'), good()] });
    expect(error).toMatchObject({ tag: 'damaged-chunk' });
    expect((error as Error).message).toMatch(/\/b\/lon of g1\.h5.*nothing was written/);
    expect(await store.list('')).toEqual([]);
    expect(plan).toBeUndefined();
    expect(types(events).at(-1)).toBe('run-finished');
  });

  test('a missing dataset in a group that is there is an error, not a gap', async () => {
    const rest = Object.fromEntries(Object.entries(granules()[0]!.contents).filter(([path]) => path !== '/b/h'));
    const { events, summary } = await runInMemory({ granules: [new FakeGranule('g1.h5', rest), good()] });
    expect(of(events, 'granule-failed')[0]).toMatchObject({ group: 'b', tag: 'missing-dataset' });
    expect(of(events, 'granule-failed')[0]!.message).toContain('/b/h is not in g1.h5');
    expect(summary!.outcome).toBe('partial');
  });

  test('when no cell is left the run has failed and the store is not finished', async () => {
    const { summary, store } = await runInMemory({ granules: [broken('/a/h')], selection: { cells: [Number(parentId(cellOf(rows.a1[0]!), 4, 2))] } });
    expect(summary!.outcome).toBe('failed');
    expect((await readGroup(store, 4))!.finished).toBe(false);
  });

  test('is tried again when it may pass, and then leaves no trace but the event', async () => {
    const [one, two] = granules();
    const slept: number[] = [];
    one!.failures.push(new MaggError('io', 'connection reset', { retryable: true }));
    const { events, summary, store } = await runInMemory({ granules: [one!, two!], slept });
    expect(of(events, 'granule-retried')).toEqual([{ type: 'granule-retried', granule: 'g1.h5', group: 'a', attempt: 2, tag: 'io', message: 'connection reset' }]);
    expect(slept).toEqual([2]);
    expect(summary!.outcome).toBe('complete');
    expect(sorted(await contents(store))).toEqual(sorted(expected(everyRow)));
  });
});

test('rows in no planned cell are left out and counted, and make the run partial', async () => {
  const fewer = Object.fromEntries(Object.entries(exactCatalog()).filter(([cell]) => cell !== parentOf(rows.a1[0]!)));
  const { summary } = await runInMemory({ granules: granules(), input: catalogOf(fewer) });
  const outside = everyRow.filter(row => row.q === 0 && parentOf(row) === parentOf(rows.a1[0]!)).length;
  expect(summary).toMatchObject({ rowsOutsidePlan: outside, outcome: 'partial' });
});

test('rows beyond the area that the catalog was cut to are no loss; those that its box certainly holds are', async () => {
  const lost = parentOf(rows.a1[0]!);
  const fewer = Object.fromEntries(Object.entries(exactCatalog()).filter(([cell]) => cell !== lost));
  const count = everyRow.filter(row => row.q === 0 && parentOf(row) === lost).length;
  const runOf = async (more: object) => (await runInMemory({ granules: granules(), input: catalogOf(fewer, { parent_order: 2, latitude: 'authalic-wgs84', ...more }) })).summary;
  expect(count).toBeGreaterThan(0);
  expect(await runOf({ bbox: [10, 10, 20, 20] })).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0, rowsElsewhere: count });
  expect(await runOf({ polygon: 'ice.geojson' })).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0, rowsElsewhere: count });
  expect(await runOf({ bbox: [-180, -90, 180, 90] })).toMatchObject({ outcome: 'partial', rowsOutsidePlan: count, rowsElsewhere: 0 });
});

test('a granule that the catalog does not list for a cell adds no rows to it', async () => {
  const shared = parentOf(rows.a1[0]!);
  const twin = new FakeGranule('twin.h5', beam('a', rows.a1));
  const other = mortonDecimal(parentId(cellOf({ lat: -80, lon: 0, h: 0, q: 0 }), 4, 2), 2).toString();
  const cells = Object.fromEntries([...new Set([...rows.a1, ...rows.b1].map(parentOf))].map(cell => [cell, ['g1.h5']]));
  const { store, summary } = await runInMemory({ granules: [granules()[0]!, twin], input: catalogOf({ ...cells, [other]: ['twin.h5'] }) });
  const cell = cellOf(rows.a1.find(r => r.q === 0 && parentOf(r) === shared)!);
  expect((await contents(store)).get(cell)).toEqual(expected([...rows.a1, ...rows.b1]).get(cell));
  expect(summary!.rowsOutsidePlan).toBeGreaterThan(0);
});

test('a catalog of the other latitude convention is derived anew, and the run says so', async () => {
  const { events, store } = await runInMemory({ granules: granules(), input: catalogOf({ '111': ['g1.h5', 'g2.h5'] }, { parent_order: 2 }) });
  expect(of(events, 'run-notice')).toEqual([expect.objectContaining({ tag: 'latitude-differs' })]);
  expect(sorted(await contents(store))).toEqual(sorted(expected(everyRow)));
});

test('some cells of a plan: only they are computed, only their granules are read, all have ids', async () => {
  const wanted = parentOf(rows.a2[0]!);
  const [one, two] = granules();
  const { summary, store } = await runInMemory({ granules: [one!, two!], input: catalogOf(exactCatalog()), selection: { cells: [Number(parentId(cellOf(rows.a2[0]!), 4, 2))] } });
  expect(one!.requested).toEqual([]);
  expect(summary).toMatchObject({ cellsSelected: 1, totalCells: Object.keys(exactCatalog()).length, outcome: 'complete' });
  expect(sorted(await contents(store))).toEqual(sorted(expected(rows.a2.filter(row => parentOf(row) === wanted))));
  const ids = (await readArray(store, (await readGroup(store, 4))!.cellIds!)) as BigUint64Array;
  expect(new Set(ids).size).toBe(ids.length);
});

test('the first cells only', async () => {
  expect((await runInMemory({ granules: granules(), selection: { maxCells: 2 } })).summary).toMatchObject({ cellsSelected: 2, outcome: 'complete' });
});

test('a cell that the plan does not have', async () => {
  const { error } = await runInMemory({ granules: granules(), input: catalogOf(exactCatalog()), selection: { cells: [0] } });
  expect(error).toMatchObject({ tag: 'unknown-cell' });
});

describe('a store that is there already', () => {
  test('is replaced when asked, with equal bytes', async () => {
    const first = await runInMemory({ granules: granules() });
    const before = await Promise.all((await first.store.list('')).map(key => first.store.get(key)));
    const third = await runInMemory({ granules: granules(), store: first.store, overwrite: true });
    expect(third.summary!.outcome).toBe('complete');
    expect(await Promise.all((await first.store.list('')).map(key => first.store.get(key)))).toEqual(before);
  });

  test('leaves nothing of its values where the new run has none', async () => {
    const { store } = await runInMemory({ granules: granules() });
    const before = (await contents(store)).size;
    const rejected = rows.a2.map(row => ({ ...row, q: 1 }));
    const [one] = granules();
    const damaged = { ...one!.contents, '/b/h': { ...one!.contents['/b/h']!, damaged: [0] } };
    const again = await runInMemory({ granules: [new FakeGranule('g1.h5', damaged), new FakeGranule('g2.h5', beam('a', rejected))], store, overwrite: true });
    const failed = new Set(of(again.events, 'cell-failed').map(e => e.cell));
    expect(failed.size).toBeGreaterThan(0);
    expect(of(again.events, 'cell-empty').length).toBeGreaterThan(0);
    expect((await contents(store)).size).toBeLessThan(before);
    expect(sorted(await contents(store))).toEqual(sorted(expected([...rows.a1, ...rows.b1].filter(row => !failed.has(parentOf(row))))));
    const empty = of(again.events, 'cell-empty').map(e => again.plan!.cells.findIndex(cell => cell.morton === e.cell));
    for (const place of empty) expect(await store.get(`4/h_sum/c/${place}`)).toBeUndefined();
  });

  test('gives way to another layout, arrays and chunks that are no longer there included', async () => {
    const { store } = await runInMemory({ granules: granules() });
    const other = config(CONFIG.replace('h_sum: { function: sum', 'h_max: { function: max').replace('dtype: float64', 'dtype: float32'));
    const fresh = await runInMemory({ granules: [granules()[1]!], config: other });
    const replaced = await runInMemory({ granules: [granules()[1]!], config: other, store, overwrite: true });
    expect(replaced.summary!.outcome).toBe('complete');
    expect(await store.list('')).toEqual(await fresh.store.list(''));
    for (const key of await store.list('')) expect(await store.get(key)).toEqual(await fresh.store.get(key));
  });

  test('is refused with the difference named', async () => {
    const { store } = await runInMemory({ granules: granules() });
    const other = config(CONFIG.replace('dtype: float64', 'dtype: float32'));
    expect(await runInMemory({ granules: granules(), store, config: other })).toMatchObject({ error: { tag: 'store-differs', message: expect.stringContaining('h_sum of float32') as string } });
  });

  test('and is none of ours is not touched, asked or not', async () => {
    const store = memoryStore('notes');
    await store.put('readme.txt', new Uint8Array(3));
    for (const overwrite of [false, true]) expect((await runInMemory({ granules: granules(), store, overwrite })).error).toMatchObject({ tag: 'not-a-store' });
    expect(await store.list('')).toEqual(['readme.txt']);
  });

  test('stays as it is when the run that would replace it cannot read', async () => {
    const { store } = await runInMemory({ granules: granules() });
    const keys = await store.list('');
    const empty = new FakeGranule('g1.h5', {}, Array.from({ length: 9 }, () => new MaggError('not-hdf5', 'no')));
    expect((await runInMemory({ granules: [empty], store, overwrite: true })).error).toMatchObject({ tag: 'not-hdf5' });
    expect(await store.list('')).toEqual(keys);
    expect((await readGroup(store, 4))!.finished).toBe(true);
  });
});

test('a cell whose chunks cannot all be written keeps none of them', async () => {
  const inner = memoryStore('memory');
  const full: ObjectStore = { ...inner, name: inner.name, get: inner.get.bind(inner), list: inner.list.bind(inner), delete: inner.delete.bind(inner), put: (key, bytes, options) => (/h_sum\/c\/1$/.test(key) ? Promise.reject(new MaggError('io', 'no space left')) : inner.put(key, bytes, options)) };
  const { summary, events } = await runInMemory({ granules: granules(), store: full });
  expect(of(events, 'cell-failed')).toEqual([expect.objectContaining({ tag: 'io', message: 'no space left' })]);
  expect(await inner.list('4/count/c/1')).not.toContain('4/count/c/1');
  expect(summary!.outcome).toBe('partial');
});

test('a journal that cannot be written ends the run as broken, wherever the event came from', async () => {
  const full = new MaggError('io', 'events could not be written: the disk is full');
  const { error, events, store } = await runInMemory({
    granules: granules(),
    refuse: event => {
      if (event.type === 'cell-finished') throw full;
    }
  });
  expect(error).toBe(full);
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', summary: { outcome: 'failed' } });
  expect(of(events, 'cell-finished')).toHaveLength(1);
  expect((await readGroup(store, 4))!.finished).toBe(false);
});

test('a group that no granule has is told; one that some lack is not', async () => {
  const { events, summary } = await runInMemory({ granules: granules(), config: config(CONFIG.replace('[a, b]', '[a, b, typo]')) });
  expect(of(events, 'run-notice')).toEqual([expect.objectContaining({ tag: 'group-absent', message: expect.stringMatching(/^the group typo is in none/) as string })]);
  expect(summary!.outcome).toBe('complete');
});

test('groups that no granule has are told of at once', async () => {
  const { events } = await runInMemory({ granules: granules(), config: config(CONFIG.replace('[a, b]', '[typo, a, slip, b, error]')) });
  expect(of(events, 'run-notice')).toEqual([expect.objectContaining({ tag: 'group-absent', message: expect.stringMatching(/^the groups typo, slip, error are in none/) as string })]);
});

test('a cancelled run ends as cancelled and leaves the store unfinished', async () => {
  const abort = new AbortController();
  let tasks = 0;
  const { summary, store, events } = await runInMemory({
    granules: granules(),
    signal: abort.signal,
    breathe: () => {
      if (++tasks === 6) abort.abort();
      return Promise.resolve();
    }
  });
  expect(summary).toMatchObject({ outcome: 'cancelled' });
  expect(types(events).at(-1)).toBe('run-cancelled');
  expect(summary!.cellsWithData).toBeGreaterThan(0);
  expect((await readGroup(store, 4))!.finished).toBe(false);
});
