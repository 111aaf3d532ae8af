import { parseCatalog } from '../../src/catalog/index.js';
import type { ObjectStore } from '../../src/io/index.js';
import { localBackend, makePlan, preview, type RunEvent } from '../../src/runner/index.js';
import { readArray, readGroup } from '../../src/zarr/index.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, memoryCrew, MemoryIndexes, of, runInMemory, type MemoryRun } from './in-memory.js';
import { mortal } from './mortal-store.js';
import { byParent, bytes, one, place, probe, probeOf, rows, three, track, two } from './three-granules.js';

const cellsOf = (events: readonly RunEvent[], type: 'cell-finished' | 'cell-current' | 'cell-empty' | 'cell-failed'): readonly string[] => of(events, type).map(event => event.cell).sort();

test('a second run with nothing changed reads no granule and changes no byte', async () => {
  const { store, run } = place();
  const first = await run({ granules: [one(), two()] });
  const before = await bytes(store);
  const again = await run({ granules: [one(), two()] });
  expect(again.error).toBeUndefined();
  expect(of(again.events, 'granule-started')).toEqual([]);
  expect([...cellsOf(again.events, 'cell-current')]).toEqual([...cellsOf(first.events, 'cell-finished'), ...cellsOf(first.events, 'cell-empty')].sort());
  expect(again.summary).toMatchObject({ outcome: 'complete', totalObs: first.summary!.totalObs, childCellsWithData: first.summary!.childCellsWithData, cellsWithData: first.summary!.cellsWithData, cellsEmpty: first.summary!.cellsEmpty });
  expect(again.summary!.cellsCurrent).toBe(first.summary!.cellsSelected);
  expect(await bytes(store)).toEqual(before);
});

test('a further granule changes the cells that it touches, and appends new ones', async () => {
  const { store, run } = place();
  const first = await run({ granules: [one(), two()] });
  const again = await run({ granules: [one(), two(), three()] });
  const fresh = await runInMemory({ granules: [one(), two(), three()] });
  expect(again.summary).toMatchObject({ outcome: 'complete', totalObs: fresh.summary!.totalObs });
  expect(await byParent(store)).toEqual(await byParent(fresh.store));
  // Known parents keep their places, new ones follow.
  const known = first.plan!.cells.map(cell => cell.nested);
  expect(again.plan!.cells.map(cell => cell.nested).slice(0, known.length)).toEqual(known);
  expect(again.plan!.cells.length).toBeGreaterThan(known.length);
  expect(of(again.events, 'granule-started').map(event => event.granule).sort()).toEqual(expect.arrayContaining(['g1.h5', 'g3.h5']));
  expect(cellsOf(again.events, 'cell-current').length).toBeGreaterThan(0);
  // And the third run has nothing to do.
  expect((await run({ granules: [one(), two(), three()] })).summary).toMatchObject({ outcome: 'complete', cellsCurrent: again.plan!.cells.length });
});

test('a further granule without rows changes nothing', async () => {
  const { run } = place();
  const first = await run({ granules: [one()] });
  const again = await run({ granules: [one(), new FakeGranule('g0.h5', beam('a', []))] });
  expect(again.error).toBeUndefined();
  expect(again.summary).toMatchObject({ outcome: 'complete', cellsCurrent: first.summary!.cellsSelected });
});

test('cells of a granule that has changed are computed anew, others not', async () => {
  const { store, run } = place();
  await run({ granules: [one(), two()] });
  const other = new FakeGranule('g2.h5', beam('a', rows.a2.slice(0, 150), { chunkRows: 100 }));
  const again = await run({ granules: [one(), other], probe: probeOf({ 'g2.h5': 2 }), allowShrink: true });
  expect(of(again.events, 'granule-started').map(event => event.granule)).toEqual(expect.arrayContaining(['g2.h5']));
  const fresh = await runInMemory({ granules: [one(), other] });
  const now = await byParent(store);
  for (const [key, value] of Object.entries(await byParent(fresh.store))) expect([key, now[key]]).toEqual([key, value]);
  expect(again.summary!.cellsCurrent).toBeGreaterThan(0);
});

test('another filter computes all cells anew', async () => {
  const { store, run } = place();
  await run({ granules: [one(), two()] });
  const other = config(CONFIG.replace('value: 0', 'value: 1'));
  const again = await run({ granules: [one(), two()], config: other });
  expect(again.summary).toMatchObject({ outcome: 'complete', cellsCurrent: 0 });
  expect(await bytes(store)).toEqual(await bytes((await runInMemory({ granules: [one(), two()], config: other })).store));
});

test('variables of another kind are refused before anything is read, and nothing is changed', async () => {
  const { store, files, run } = place();
  await run({ granules: [one()] });
  const before = [await bytes(store), [...files.runs]];
  const again = await run({ granules: [one()], config: config(CONFIG.replace('dtype: float64', 'dtype: float32')) });
  expect(again.error).toMatchObject({ tag: 'store-differs', message: expect.stringContaining('h_sum of float32') as string });
  expect(again.events).toEqual([]);
  expect([await bytes(store), files.runs]).toEqual(before);
});

test('other units are written into the metadata; no cell is computed for them', async () => {
  const { store, run } = place();
  const first = await run({ granules: [one()] });
  const before = await byParent(store);
  const again = await run({ granules: [one()], config: config(CONFIG.replace('function: sum,', 'function: sum, units: m,')) });
  expect(again.summary).toMatchObject({ outcome: 'complete', cellsCurrent: first.summary!.cellsSelected });
  const group = (await readGroup(store, 4))!;
  expect([group.finished, group.variables.find(({ name }) => name === 'h_sum')!.attributes]).toEqual([true, { units: 'm' }]);
  expect(await byParent(store)).toEqual(before);
});

describe('a list that lacks a granule of before', () => {
  test('is refused with its name, and nothing is changed', async () => {
    const { store, files, run } = place();
    await run({ granules: [one(), three()] });
    const before = [await bytes(store), [...files.runs]];
    const again = await run({ granules: [three()] });
    expect(again.error).toMatchObject({ tag: 'would-shrink', message: expect.stringMatching(/this run lacks g1\.h5\..*--allow-shrink/) as string });
    expect([await bytes(store), files.runs]).toEqual(before);
  });

  test('shrinks the cells when that is allowed, to nothing where no other granule is', async () => {
    const { store, run } = place();
    const first = await run({ granules: [one(), three()] });
    const again = await run({ granules: [three()], allowShrink: true });
    expect(again.summary!.outcome).toBe('complete');
    const now = await byParent(store);
    const fresh = await byParent((await runInMemory({ granules: [three()] })).store);
    for (const [key, value] of Object.entries(fresh)) expect([key, now[key]]).toEqual([key, value]);
    const gone = first.plan!.cells.filter(({ nested }) => fresh[`${nested} count`] === undefined);
    expect(gone.length).toBeGreaterThan(0);
    for (const { nested } of gone) expect([now[`${nested} count`], now[`${nested} h_sum`]]).toEqual([undefined, undefined]);
    const third = (await run({ granules: [three()] })).summary!;
    expect([third.outcome, third.cellsCurrent]).toEqual(['complete', third.cellsSelected]);
  });
});

describe.each(['', '  layout: full-sphere\n'])('cells that were never computed and that no granule of the list touches any more: %j', layout => {
  const own = config(CONFIG + layout);
  test('are empty, and the store is complete', async () => {
    const { store, files, run } = place();
    const first = await run({ granules: [one(), two()], config: own, selection: { maxCells: 1 } });
    expect((await readGroup(store, 4))!.completeness).toBe('partial');
    const { plan } = await makePlan(own, { kind: 'granules', granules: ['g2.h5'] }, { probe });
    const backend = localBackend({ storeUrl: 'memory', openCrew: memoryCrew({ granules: [two()] }, store) });
    const told = await preview({ plan, store, journal: files.hold(), overwrite: false, backend }, { signal: new AbortController().signal, onEvent: () => undefined });
    expect(told.cells.length).toBe(first.plan!.cells.length);
    const again = await run({ granules: [two()], config: own, allowShrink: true });
    expect(again.summary).toMatchObject({ outcome: 'complete', cellsSelected: first.plan!.cells.length });
    expect(again.summary!.cellsEmpty).toBeGreaterThan(1);
    const group = (await readGroup(store, 4))!;
    expect(group.completeness).toBe('complete');
    const third = (await run({ granules: [two()], config: own })).summary!;
    expect([third.outcome, third.cellsCurrent]).toEqual(['complete', third.cellsSelected]);
    // With the granule back they are computed.
    await run({ granules: [one(), two()], config: own });
    const fresh = (await runInMemory({ granules: [one(), two()], config: own })).store;
    const chunksOf = async (from: ObjectStore) => [...(await bytes(from))].filter(([key]) => /^4\/(count|h_sum)\/c/.test(key)).sort();
    expect(await chunksOf(store)).toEqual(await chunksOf(fresh));
  });
});

test('without its journal, values of granules that the list lacks stay', async () => {
  const { store, run } = place();
  await run({ granules: [one(), two()] });
  const before = await byParent(store);
  const again = await runInMemory({ granules: [two()], store, probe });
  const after = await byParent(store);
  expect(again.error).toBeUndefined();
  expect(after).toEqual(before);
});

describe.each([false, true])('cells in which the listed granules have no row, cell by cell, with an index: %s', hasIndex => {
  const rejected = new FakeGranule('g9.h5', beam('a', track(100, 150, 0).map(row => ({ ...row, q: 1 })), { chunkRows: 20 }));
  const granules = [one(), rejected];
  const runOf = async (change: (listed: Record<string, readonly string[]>) => Record<string, readonly string[]>, times: number): Promise<readonly string[]> => {
    const { plan } = await runInMemory({ granules });
    const listed = change(Object.fromEntries(plan!.cells.map(cell => [cell.morton, cell.granules.map(g => plan!.granules[g]!.url)])));
    const catalog = parseCatalog(JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84' }, catalog: listed }), 'c.json');
    const { run } = place();
    const indexes = new MemoryIndexes();
    let notices: readonly string[] = [];
    for (let i = 0; i < times; i++) {
      const { events, error } = await run({ granules, input: { kind: 'catalog', catalog, name: 'c.json' }, backend: 'cells', ...(hasIndex ? { indexes } : {}) });
      expect(error).toBeUndefined();
      notices = of(events, 'run-notice').map(({ tag, message }) => `${tag}: ${message}`);
    }
    return notices;
  };

  test('none where the catalog is right, though filters leave cells empty', async () => expect(await runOf(listed => listed, 1)).toEqual([]));

  test.each([1, 2])('some, told by run %d', async times => {
    expect(await runOf(listed => ({ ...listed, '-111': ['g1.h5'] }), times)).toEqual([expect.stringMatching(/^cells-without-rows: .* in 1 of \d+ cells \(-111\).*magg catalog/)]);
  });

  test.each([1, 2])('all, told by run %d', async times => {
    expect(await runOf(() => ({ '-111': ['g1.h5'], '-112': ['g1.h5', 'g9.h5'] }), times)).toEqual([expect.stringMatching(/^cells-without-rows: .* in all 2 cells \(-111, \.\.\.\)/)]);
  });
});

test.each([[false, []], [true, ['cells-without-rows']]])('in the local back end they are told of only without filters: %s', async (isUnfiltered, told) => {
  const plain = config(isUnfiltered ? CONFIG.replace(/\n *quality_filter:.*/, '') : CONFIG);
  const { plan } = await runInMemory({ granules: [one()], config: plain });
  const listed = { ...Object.fromEntries(plan!.cells.map(cell => [cell.morton, ['g1.h5']])), '-111': ['g1.h5'] };
  const catalog = parseCatalog(JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84' }, catalog: listed }), 'c.json');
  const { events } = await runInMemory({ granules: [one()], config: plain, input: { kind: 'catalog', catalog, name: 'c.json' } });
  expect(of(events, 'run-notice').map(({ tag }) => tag)).toEqual(told);
});

describe('rows in no cell of the catalog', () => {
  const catalogOf = (listed: Record<string, readonly string[]>): NonNullable<MemoryRun['input']> => ({
    kind: 'catalog', name: 'c.json', catalog: parseCatalog(JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84' }, catalog: listed }), 'c.json')
  });
  async function catalogs() {
    const { plan, store } = await runInMemory({ granules: [one(), two(), three()] });
    const whole = Object.fromEntries(plan!.cells.map(cell => [cell.morton, cell.granules.map(g => plan!.granules[g]!.url)]));
    const lost = plan!.cells.find(cell => cell.granules.length === 1 && cell.granules[0] === 0)!.morton;
    const stale = Object.fromEntries(Object.entries(whole).filter(([cell]) => cell !== lost));
    return { whole: catalogOf(whole), stale: catalogOf(stale), ofTwo: catalogOf(Object.fromEntries(Object.entries(stale).flatMap(([cell, list]) => (list.some(g => g !== 'g3.h5') ? [[cell, list.filter(g => g !== 'g3.h5')]] : [])))), fresh: store };
  }
  const granules = [one(), two(), three()];

  test.each(['local', 'cells'] as const)('are told by every run until a catalog has a cell for them: %s', async backend => {
    const { whole, stale, ofTwo, fresh } = await catalogs();
    const { store, run } = place();
    const first = (await run({ granules, input: ofTwo })).summary!;
    expect([first.outcome, first.rowsOutsidePlan > 0]).toEqual(['partial', true]);
    const same = { outcome: 'partial', rowsOutsidePlan: first.rowsOutsidePlan };
    expect((await run({ granules, input: ofTwo, backend })).summary).toMatchObject({ ...same, cellsCurrent: first.totalCells, rowsRead: 0 });
    expect((await run({ granules, input: stale, backend })).summary).toMatchObject(same);
    expect((await run({ granules, input: stale, backend })).summary).toMatchObject(same);
    expect((await readGroup(store, 4))!.completeness).toBe('partial');
    for (let i = 0; i < 2; i++) expect((await run({ granules, input: whole, backend })).summary).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0 });
    expect((await readGroup(store, 4))!.completeness).toBe('complete');
    expect(await byParent(store)).toEqual(await byParent(fresh));
  });

  test('are none for a list of granules', async () => {
    const { stale, fresh } = await catalogs();
    const { store, run } = place();
    await run({ granules, input: stale });
    for (let i = 0; i < 2; i++) expect((await run({ granules })).summary).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0 });
    expect(await byParent(store)).toEqual(await byParent(fresh));
  });

  test('are not forgotten by a run that was killed', async () => {
    const { stale } = await catalogs();
    const { store, files, run } = place();
    files.isKilled = true;
    await run({ granules, input: stale, store: mortal(store, 60).store });
    files.isKilled = false;
    const again = (await run({ granules, input: stale })).summary!;
    expect([again.outcome, again.rowsOutsidePlan]).toEqual(['partial', (await runInMemory({ granules, input: stale })).summary!.rowsOutsidePlan]);
  });
});

test('rows that have moved leave nothing where they were', async () => {
  const { store, run } = place();
  await run({ granules: [one(), two()] });
  const moved = new FakeGranule('g2.h5', beam('a', rows.a2.map(row => ({ ...row, lat: row.lat - 30, lon: row.lon - 50 })), { chunkRows: 100 }));
  const again = await run({ granules: [one(), moved], probe: probeOf({ 'g2.h5': 2 }) });
  expect(again.summary!.outcome).toBe('complete');
  const group = (await readGroup(store, 4))!;
  const counts = await readArray(store, group.variables.find(({ name }) => name === 'count')!);
  const kept = [...rows.a1, ...rows.b1, ...rows.a2].filter(({ q }) => q === 0).length;
  expect(Array.from(counts as Int32Array).reduce((sum, count) => sum + count, 0)).toBe(kept);
});

test('a catalog of another area leaves the cells of the store as they are', async () => {
  const { store, run } = place();
  const first = await run({ granules: [one(), two()] });
  const before = await byParent(store);
  const own = await runInMemory({ granules: [three()] });
  const listed = Object.fromEntries(own.plan!.cells.map(({ morton }) => [morton, ['g3.h5']]));
  const others = first.plan!.cells.filter(({ morton }) => !(morton in listed));
  const catalog = parseCatalog(JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: own.plan!.cells.length }, catalog: listed }), 'c.json');
  const again = await run({ granules: [three()], input: { kind: 'catalog', catalog, name: 'c.json' }, allowShrink: true });
  expect(again.summary!.outcome).toBe('complete');
  const now = await byParent(store);
  expect(others.length).toBeGreaterThan(0);
  for (const { nested } of others) for (const array of ['count', 'h_sum']) expect(now[`${nested} ${array}`]).toBe(before[`${nested} ${array}`]);
});

test('some cells by other settings: told, and the store is partial until all are', async () => {
  const { store, run } = place();
  await run({ granules: [one(), two()] });
  const other = config(CONFIG.replace('value: 0', 'value: 1'));
  const some = await run({ granules: [one(), two()], config: other, selection: { maxCells: 2 } });
  expect(of(some.events, 'run-notice')).toContainEqual(expect.objectContaining({ tag: 'cells-outdated', message: expect.stringMatching(/^\d+ cells of the store .* hold values of other settings/) as string }));
  expect((await readGroup(store, 4))!.completeness).toBe('partial');
  await run({ granules: [one(), two()], config: other });
  expect((await readGroup(store, 4))!.completeness).toBe('complete');
});

test('redo: current cells are computed and what was lost of them is there again', async () => {
  const { store, run } = place();
  const first = await run({ granules: [one(), two()] });
  const before = await bytes(store);
  for (const key of ['4/h_sum/c/0', '4/cell_ids/c/1', '4/parents/state/c/0']) await store.delete(key);
  expect((await run({ granules: [one(), two()], redo: true })).summary).toMatchObject({ outcome: 'complete', cellsCurrent: 0, totalObs: first.summary!.totalObs });
  expect(await bytes(store)).toEqual(before);
});

describe.each([
  ['dense', ''],
  ['dense, sharded, overviews finer and coarser than the parents', '  sharding: { inner_order: 3 }\n  overviews: [1, 2, 3]\n'],
  ['full sphere', '  layout: full-sphere\n  overviews: [1, 3]\n']
])('a store that grows while every chosen cell is current: %s', (_, output) => {
  const own = config(CONFIG + output);
  test.each(['local', 'cells'] as const)('has the ids of the new parents, and the bytes of one that grew at once: %s', async backend => {
    const { store, run } = place();
    const catalogOf = async (granules: readonly FakeGranule[]): Promise<MemoryRun['input']> => {
      const { plan } = await runInMemory({ granules, config: own });
      const listed = Object.fromEntries(plan!.cells.map(cell => [cell.morton, cell.granules.map(g => plan!.granules[g]!.url)]));
      return { kind: 'catalog', name: 'c.json', catalog: parseCatalog(JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84' }, catalog: listed }), 'c.json') };
    };
    const inputs = [await catalogOf([two()]), await catalogOf([one(), two()])] as const;
    const first = await run({ granules: [two()], config: own, input: inputs[0]!, backend });
    const known = first.plan!.cells.map(cell => cell.nested);
    const grown = await run({ granules: [one(), two()], config: own, input: inputs[1]!, backend, selection: { cells: known } });
    expect(grown.summary).toMatchObject({ outcome: 'complete', cellsSelected: known.length, cellsCurrent: known.length });
    expect(grown.plan!.cells.length).toBeGreaterThan(known.length);
    const group = (await readGroup(store, 4))!;
    expect(group.completeness).toBe('partial');
    if (group.cellIds) {
      const ids = Array.from((await readArray(store, group.cellIds)) as BigUint64Array);
      expect(ids).toEqual(grown.plan!.cells.flatMap(({ nested }) => Array.from({ length: 16 }, (__, i) => BigInt(nested * 16 + i))));
    }
    const anew = place();
    await anew.run({ granules: [two()], config: own, input: inputs[0]!, backend });
    await anew.run({ granules: [one(), two()], config: own, input: inputs[1]!, backend });
    await run({ granules: [one(), two()], config: own, input: inputs[1]!, backend });
    expect(await bytes(store)).toEqual(await bytes(anew.store));
  });
});

test('cells that failed are tried again by the next run', async () => {
  const { store, run } = place();
  const damaged = new FakeGranule('g2.h5', { ...two().contents, '/a/h': { ...two().contents['/a/h']!, damaged: [0] } });
  const first = await run({ granules: [one(), damaged] });
  expect(first.summary!.outcome).toBe('partial');
  const again = await run({ granules: [one(), two()] });
  expect(again.summary).toMatchObject({ outcome: 'complete', cellsFailed: 0, cellsCurrent: first.summary!.cellsSelected - first.summary!.cellsFailed });
  expect(await bytes(store)).toEqual(await bytes((await runInMemory({ granules: [one(), two()] })).store));
});

test('the first cells, then all: what was computed is used', async () => {
  const { store, run } = place();
  await run({ granules: [one(), two()], selection: { maxCells: 2 } });
  const all = await run({ granules: [one(), two()] });
  expect(all.summary).toMatchObject({ outcome: 'complete', cellsCurrent: 2 });
  expect(await bytes(store)).toEqual(await bytes((await runInMemory({ granules: [one(), two()] })).store));
});

test('without its journal a finished store keeps its order and is computed anew', async () => {
  const { store, run } = place();
  await run({ granules: [one()] });
  await run({ granules: [one(), three()] });
  const before = await bytes(store);
  const again = await runInMemory({ granules: [one(), three()], store, probe });
  expect(again.summary).toMatchObject({ outcome: 'complete', cellsCurrent: 0 });
  expect(await bytes(store)).toEqual(before);
});
