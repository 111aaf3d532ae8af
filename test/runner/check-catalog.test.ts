import { MaggError } from '../../src/base/index.js';
import { parseCatalog } from '../../src/catalog/index.js';
import type { PlanInput } from '../../src/runner/index.js';
import { readGroup } from '../../src/zarr/index.js';
import { mutateText } from '../mutate-text.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryIndexes, runInMemory, type MemoryResult } from './in-memory.js';
import { runOnThreads } from './many-threads.js';
import { both, catalogOf, checkedIn, granules, lostCell, NAMES, of, place, probe, staleListing, TRACKS, verdict, wholeListing, without, type Listed } from './listed-tracks.js';

let whole: Listed;
beforeAll(async () => {
  whole = await wholeListing();
});
const LOST = (): string => lostCell(whole);
const stale = (): Listed => staleListing(whole);

describe('a cell that the catalog does not list for a granule', () => {
  test('its rows are counted as granule by granule, and the run and the store are partial', async () => {
    const { store, run } = place();
    const cells = await run({ input: catalogOf(stale()) });
    const local = await runInMemory({ granules: granules(), input: catalogOf(stale()) });
    expect(verdict(cells)).toEqual(verdict(local));
    expect([cells.summary!.outcome, cells.summary!.rowsOutsidePlan > 0]).toEqual(['partial', true]);
    expect(of(cells.events, 'catalog-checked').filter(event => event.rowsOutsidePlan > 0).map(event => event.granule)).toEqual(['g1.h5']);
    expect(checkedIn(cells.events)).toEqual(NAMES);
    expect((await readGroup(store, 4))!.completeness).toBe('partial');
    // After the cells, so that these come first to who watches.
    const types = cells.events.map(event => event.type);
    expect(types.indexOf('catalog-checked')).toBeGreaterThan(types.lastIndexOf('cell-finished'));
  });

  test('also where another granule is listed for it', async () => {
    const [cell, list] = Object.entries(whole).find(([, own]) => own.length > 1)!;
    const [local, cells] = await both({ input: catalogOf(without(whole, (at, granule) => at === cell && granule === list[0])) });
    expect(verdict(cells)).toEqual(verdict(local));
    expect(cells.summary!.rowsOutsidePlan).toBeGreaterThan(0);
  });

  test('rows that filters reject are no loss, whether on a dataset or by expression', async () => {
    const rejected = granules((contents, g) => (g === 0 ? Object.fromEntries(Object.entries(contents).map(([path, data]) => [path, path.endsWith('/q') ? { ...data, values: new Int8Array(data.values.length).fill(1) } : data])) : contents));
    const byExpression = config(CONFIG.replace('aggregation:', '  filters: [{ expression: "h > 30" }, { expression: "h2 < 150" }]\n  let: { h2: "h * 2" }\naggregation:'));
    for (const [options, hasLoss] of [[{ granules: rejected }, false], [{ config: byExpression }, true], [{ config: config(CONFIG.replace('aggregation:', '  filters: [{ expression: "h > 300" }]\naggregation:')) }, false]] as const) {
      const [local, cells] = await both({ ...options, input: catalogOf(stale()) });
      expect(verdict(cells)).toEqual(verdict(local));
      expect([cells.summary!.rowsOutsidePlan > 0, cells.summary!.outcome]).toEqual([hasLoss, hasLoss ? 'partial' : 'complete']);
    }
  });

  test('beyond the area of the catalog it is no loss, within it is one', async () => {
    for (const [area, outcome] of [[{ bbox: [0, 50, 10, 60] }, 'complete'], [{ polygon: 'ice.geojson' }, 'complete'], [{ bbox: [-180, -90, 180, 90] }, 'partial']] as const) {
      const [local, cells] = await both({ input: catalogOf(stale(), area) });
      expect(verdict(cells)).toEqual(verdict(local));
      expect([cells.summary!.outcome, cells.summary!.rowsElsewhere > 0]).toEqual([outcome, outcome === 'complete']);
    }
  });

  test('any number of threads gives the same', async () => {
    const found = await Promise.all([1, 3].map(async threads => {
      const { summary, events } = await runOnThreads({ granules: granules(), config: config(), input: catalogOf(stale()), backend: 'cells', threads });
      const { durationS, ...sum } = summary!;
      return { sum, durationS, checked: of(events, 'catalog-checked').sort((a, b) => (a.granule < b.granule ? -1 : 1)) };
    }));
    expect(found[1]).toEqual(found[0]);
    expect([found[0]!.checked.length, found[0]!.sum.outcome]).toEqual([3, 'partial']);
  });

  test('60 catalogs without some cells, with others, and with areas: both back ends come to the same verdict', async () => {
    const choose = randomFrom(5);
    const seen = { partial: 0, complete: 0 };
    for (let round = 0; round < 60; round++) {
      const share = [0, 0.1, 0.6][Math.floor(3 * choose())]!;
      const listed = without(whole, () => choose() < share);
      const more = choose() < 0.3 ? { '-111': ['g2.h5'], '-112': ['g1.h5', 'g3.h5'] } : {};
      if (Object.keys(listed).length === 0) continue;
      const w = -180 + 200 * choose();
      const area = choose() < 0.3 ? { bbox: [w, -40, w + 150 * choose(), 70 * choose()] } : {};
      const input = catalogOf({ ...more, ...listed }, area);
      const [local, cells] = await both({ input });
      expect([round, verdict(cells)]).toEqual([round, verdict(local)]);
      seen[cells.summary!.outcome as keyof typeof seen]++;
    }
    expect(Math.min(seen.partial, seen.complete)).toBeGreaterThan(8);
  }, 60_000);

  test('damaged texts that are still a catalog: no back end is content where the other is not', async () => {
    const choose = randomFrom(2031);
    const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', bbox: [-180, -90, 180, 90] }, catalog: stale() }, null, 1);
    let runs = 0;
    for (let round = 0; round < 400; round++) {
      const damaged = mutateText(text, choose);
      let input: PlanInput;
      try {
        input = { kind: 'catalog', name: 'c.json', catalog: parseCatalog(damaged, 'c.json') };
      } catch (error) {
        if (!(error instanceof MaggError)) throw error;
        continue;
      }
      const [local, cells] = await both({ input });
      if (cells.error) expect(['needs-catalog', (local.error as MaggError | undefined)?.tag]).toContain((cells.error as MaggError).tag);
      else {
        runs++;
        expect([round, cells.summary!.outcome === 'complete']).toEqual([round, local.summary!.outcome === 'complete']);
        if (local.summary!.groupsFailed === 0) expect([round, verdict(cells)]).toEqual([round, verdict(local)]);
      }
    }
    expect(runs).toBeGreaterThan(10);
  }, 60_000);
});

describe('a catalog that lists all cells', () => {
  test('is complete, every granule is looked at once, and never again', async () => {
    const { run } = place();
    const first = await run({ input: catalogOf(whole) });
    expect(first.summary).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0, granulesUnchecked: 0, granules: 3 });
    expect(checkedIn(first.events)).toEqual(NAMES);
    const list = granules();
    const again = await run({ input: catalogOf(whole), granules: list });
    expect(again.summary).toMatchObject({ outcome: 'complete', bytesRead: 0, cellsCurrent: first.summary!.totalCells });
    expect(checkedIn(again.events)).toEqual([]);
    expect(list.flatMap(granule => [...granule.requested, ...granule.looked])).toEqual([]);
  });

  test('only filters and coordinates are read for that', async () => {
    const list = granules();
    let before: readonly number[] = [];
    await place().run({
      input: catalogOf(whole), granules: list,
      refuse: event => {
        if (event.type === 'cell-finished' || event.type === 'cell-empty') before = list.map(granule => granule.requested.length);
      }
    });
    const read = list.flatMap((granule, g) => granule.requested.slice(before[g]));
    expect([...new Set(read.map(request => request.split('#')[0]))].sort()).toEqual(['lat', 'lon', 'q']);
    expect(read.filter(request => request.startsWith('lat'))).toHaveLength(5 * 12);
  });

  test('granules that were read whole count as checked', async () => {
    const { run } = place();
    const first = await run({ input: catalogOf(stale()), backend: 'local' });
    expect(of(first.events, 'cells-planned')[0]!.checked!.map(([granule]) => granule).sort()).toEqual(NAMES);
    const again = await run({ input: catalogOf(stale()) });
    expect(checkedIn(again.events)).toEqual([]);
    expect(again.summary).toMatchObject({ outcome: 'partial', rowsOutsidePlan: first.summary!.rowsOutsidePlan, bytesRead: 0 });
  });

  test('a list of granules needs no check, and says of none that it was checked', async () => {
    const { events } = await place().run({ backend: 'local' });
    expect(checkedIn(events)).toEqual([]);
    expect(of(events, 'cells-planned')[0]).not.toHaveProperty('checked');
  });
});

describe('with saved indexes', () => {
  test('nothing is read where they know all cells to be listed', async () => {
    const indexes = new MemoryIndexes();
    await place().run({ input: catalogOf(whole), indexes });
    const list = granules();
    const { events, summary } = await place().run({ input: catalogOf(whole), indexes, granules: list });
    expect(of(events, 'catalog-checked').map(event => event.bytesRead)).toEqual([0, 0, 0]);
    expect(summary!.outcome).toBe('complete');
    expect(list.flatMap(granule => granule.requested).filter(request => /^l(at|on)#/.test(request))).toEqual([]);
  });

  test('where they know of others the filters say how many rows these have, and no coordinate is read', async () => {
    const indexes = new MemoryIndexes();
    await place().run({ input: catalogOf(whole), indexes });
    const list = granules();
    const [local, cells] = [await place().run({ input: catalogOf(stale()), backend: 'local' }), await place().run({ input: catalogOf(stale()), indexes, granules: list })];
    expect(verdict(cells)).toEqual(verdict(local));
    expect(list.flatMap(granule => granule.requested).filter(request => /^l(at|on)#/.test(request))).toEqual([]);
  });

  test('a check learns what it has to read', async () => {
    const { run } = place();
    await run({ input: catalogOf(whole) });
    const indexes = new MemoryIndexes();
    const four = new FakeGranule('g4.h5', beam('a', TRACKS[0]![0]!.rows.map(row => ({ ...row, q: 0 })), { chunkRows: 25 }));
    // Only its last cell is listed for it.
    const cell = Object.keys(stale()).filter(at => whole[at]!.includes('g1.h5')).at(-1)!;
    const input = catalogOf({ ...whole, [cell]: [...whole[cell]!, 'g4.h5'] });
    const { events } = await run({ input, indexes, granules: [...granules(), four] });
    expect(checkedIn(events)).toEqual(['g4.h5']);
    const places = indexes.content('g4.h5').places as { parents: number[] }[];
    expect(places[0]!.parents.length).toBeGreaterThan(3);
    const again = new FakeGranule('g4.h5', four.contents);
    const second = await place().run({ input, indexes, granules: [...granules(), again] });
    expect([...new Set(again.requested.map(request => request.split('#')[0]))].sort()).toEqual(['h', 'q']);
    expect(second.summary!.rowsOutsidePlan).toBe(of(events, 'catalog-checked')[0]!.rowsOutsidePlan);
    expect(second.summary!.rowsOutsidePlan).toBeGreaterThan(0);
  });

  test('an index without a list of parents is not taken for one that knows them all to be listed', async () => {
    const indexes = new MemoryIndexes();
    await place().run({ input: catalogOf(whole), indexes });
    const content = indexes.content('g1.h5');
    const places = (content.places as { rows: number }[]).map(one => ({ ...one, parents: [], ranges: [], lost: [0, one.rows] }));
    indexes.replace('g1.h5', JSON.stringify({ ...content, places }));
    const [local, cells] = [await place().run({ input: catalogOf(stale()), backend: 'local' }), await place().run({ input: catalogOf(stale()), indexes })];
    expect(verdict(cells)).toEqual(verdict(local));
  });
});

describe('what is left to check', () => {
  test('nothing where the user chose some cells; the first run over all of them does it', async () => {
    const { run } = place();
    const cells = Object.keys(stale()).length;
    for (const selection of [{ maxCells: 2 }, { maxCells: cells }, { sample: { share: 0.5, seed: 1 } }]) {
      const { events, summary } = await run({ input: catalogOf(stale()), selection });
      expect(checkedIn(events)).toEqual([]);
      expect(summary!.outcome).toBe('complete');
    }
    const { events, summary } = await run({ input: catalogOf(stale()) });
    expect(checkedIn(events)).toEqual(NAMES);
    expect(summary).toMatchObject({ outcome: 'partial', cellsCurrent: cells, rowsRead: 0 });
    expect(summary!.rowsOutsidePlan).toBeGreaterThan(0);
  });

  test('cells by name from a catalog with more cells: what was counted for the old one is not said of it; the next whole run counts', async () => {
    const { run } = place();
    expect((await run({ input: catalogOf(stale()) })).summary!.outcome).toBe('partial');
    const lost = (await runInMemory({ granules: granules() })).plan!.cells.find(cell => cell.morton === LOST())!;
    const some = await run({ input: catalogOf(whole), selection: { cells: [lost.nested] } });
    expect(some.summary).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0, cellsWithData: 1 });
    const all = await run({ input: catalogOf(whole) });
    expect(checkedIn(all.events)).toContain('g1.h5');
    expect(all.summary).toMatchObject({ outcome: 'complete', rowsOutsidePlan: 0 });
  });

  test.each(['cells', 'local'] as const)('all where a run was cut off before it: the next says what an undisturbed one would, %s', async backend => {
    const undisturbed = await place().run({ input: catalogOf(stale()) });
    const { store, run } = place();
    const abort = new AbortController();
    let left = Object.keys(stale()).length;
    const first = await run({
      input: catalogOf(stale()), signal: abort.signal,
      refuse: event => {
        if ((event.type === 'cell-finished' || event.type === 'cell-empty') && --left === 0) abort.abort();
      }
    });
    expect([first.summary!.outcome, checkedIn(first.events)]).toEqual(['cancelled', []]);
    const next = await run({ input: catalogOf(stale()), backend });
    expect(next.summary!.cellsCurrent).toBe(next.summary!.totalCells);
    expect(checkedIn(next.events)).toEqual(NAMES);
    expect(verdict(next)).toEqual(verdict(undisturbed));
    expect((await readGroup(store, 4))!.completeness).toBe('partial');
    const last = await run({ input: catalogOf(stale()), backend });
    expect(verdict(last)).toEqual(verdict(undisturbed));
    expect([last.summary!.bytesRead, checkedIn(last.events)]).toEqual([0, []]);
  });

  test('the rest where a run was cut off in the middle of it', async () => {
    const undisturbed = await place().run({ input: catalogOf(stale()) });
    const { run } = place();
    const abort = new AbortController();
    const first = await run({ input: catalogOf(stale()), signal: abort.signal, refuse: event => { if (event.type === 'catalog-checked') abort.abort(); } });
    expect([first.summary!.outcome, checkedIn(first.events).length]).toEqual(['cancelled', 1]);
    const next = await run({ input: catalogOf(stale()) });
    expect([...checkedIn(first.events), ...checkedIn(next.events)].sort()).toEqual(NAMES);
    expect(verdict(next)).toEqual(verdict(undisturbed));
  });

  test('a granule that is new, one that has changed, one that the catalog lists otherwise; not the others', async () => {
    const { run } = place();
    const two = without(whole, (_, granule) => granule === 'g3.h5');
    const changed = (url: string): ReturnType<typeof probe> => (url === 'g2.h5' ? Promise.resolve({ sizeBytes: 2, tag: 'etag:"new"' }) : probe(url));
    expect(checkedIn((await run({ input: catalogOf(two) })).events)).toEqual(['g1.h5', 'g2.h5']);
    expect(checkedIn((await run({ input: catalogOf(whole) })).events)).toEqual(['g3.h5']);
    expect(checkedIn((await run({ input: catalogOf(whole), probe: changed })).events)).toEqual(['g2.h5']);
    const fewer = await run({ input: catalogOf(stale()), probe: changed, allowShrink: true });
    expect(checkedIn(fewer.events)).toEqual(['g1.h5']);
    expect([fewer.summary!.outcome, fewer.summary!.rowsOutsidePlan > 0]).toEqual(['partial', true]);
    // A catalog without this granule says nothing of it; the one with it has not forgotten.
    const none = await run({ input: catalogOf(without(whole, (_, granule) => granule === 'g1.h5')), probe: changed, allowShrink: true });
    expect(none.summary!.rowsOutsidePlan).toBe(0);
    const back = await run({ input: catalogOf(stale()), probe: changed });
    expect(back.summary!.rowsOutsidePlan).toBe(fewer.summary!.rowsOutsidePlan);
    expect(checkedIn(back.events)).toEqual([]);
  });

  test('all where filters have changed, none where a variable is computed otherwise', async () => {
    const { run } = place();
    await run({ input: catalogOf(stale()) });
    const variable = await run({ input: catalogOf(stale()), config: config(CONFIG.replace('function: sum', 'function: max')) });
    expect([variable.summary!.cellsCurrent, checkedIn(variable.events)]).toEqual([0, []]);
    const filter = await run({ input: catalogOf(stale()), config: config(CONFIG.replace('value: 0', 'value: 1')) });
    expect(checkedIn(filter.events)).toEqual(NAMES);
    expect(filter.summary!.rowsOutsidePlan).toBe((await runInMemory({ granules: granules(), input: catalogOf(stale()), config: config(CONFIG.replace('value: 0', 'value: 1')) })).summary!.rowsOutsidePlan);
  });

  test('all again where the store is replaced', async () => {
    const { run } = place();
    await run({ input: catalogOf(stale()) });
    const again = await run({ input: catalogOf(stale()), overwrite: true });
    expect(checkedIn(again.events)).toEqual(NAMES);
    expect(again.summary!.outcome).toBe('partial');
  });

  test('what the local back end reads near a few cells only', async () => {
    const { run } = place();
    await run({ input: catalogOf(without(whole, (_, granule) => granule === 'g3.h5')), backend: 'local' });
    const cell = Object.keys(whole).find(at => whole[at]!.length === 1 && whole[at]![0] === 'g3.h5')!;
    const input = catalogOf(without(whole, (at, granule) => granule === 'g3.h5' && at !== cell));
    const { events, summary } = await run({ input, backend: 'local' });
    expect(of(events, 'granule-finished').every(event => event.isNarrow)).toBe(true);
    expect(checkedIn(events)).toEqual(['g3.h5']);
    expect(verdict({ summary } as MemoryResult)).toEqual(verdict(await runInMemory({ granules: granules(), input })));
    expect(summary!.rowsOutsidePlan).toBeGreaterThan(0);
  });
});
