import { FilterLosses } from '../../src/runner/filter-losses.js';
import type { RunEvent } from '../../src/runner/index.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryJournal, runInMemory } from './in-memory.js';

/** 10 rows of one place; q: 0 0 1 1 1 2 2 2 2 2. */
const rows = [0, 0, 1, 1, 1, 2, 2, 2, 2, 2].map((q, i) => ({ lat: 50, lon: 10, h: i, q }));
const granule = (): FakeGranule => new FakeGranule('g.h5', { ...beam('a', rows), ...beam('b', rows) });
const DATASET = 'dataset: "/{group}/q"';

async function noticesOf(filters: readonly string[], granules = [granule()]): Promise<readonly string[]> {
  const text = CONFIG.replace(/ {2}quality_filter.*\n/, filters.length > 0 ? `  filters:\n${filters.map(filter => `  - {${filter}}\n`).join('')}` : '');
  const { events, summary, error } = await runInMemory({ granules, config: config(text) });
  expect([error, summary?.outcome]).toEqual([undefined, 'complete']);
  return events.flatMap(event => (event.type === 'run-notice' && event.tag === 'filters-leave-nothing' ? [event.message] : []));
}

test.each([
  [[`${DATASET}, equal: 5`], 'of 20 rows that were read, /{group}/q = 5 rejects 20'],
  [[`${DATASET}, less: 2`, `${DATASET}, greater_equal: 2`], 'of 20 rows that were read, /{group}/q < 2 rejects 10; of those left, /{group}/q ≥ 2 rejects 10'],
  [[`${DATASET}, in: [0, 1]`, 'expression: h < 0', 'expression: h > 100'], 'of 20 rows that were read, /{group}/q in 0, 1 rejects 10; of those left, h < 0 and h > 100 rejects 10'],
  [['expression: h < 0'], 'of 20 rows that were read, h < 0 rejects 20'],
  [[`${DATASET}, range: [7, 8]`], 'of 20 rows that were read, /{group}/q from 7 to 8 rejects 20'],
  [[`${DATASET}, bits_set: [2], bits_clear: 0`], 'of 20 rows that were read, /{group}/q with bits 2 set, 0 clear rejects 20']
])('a run whose filters %j leave no row says which rejects how many', async (filters, told) => {
  expect(await noticesOf(filters)).toEqual([`no row passes the filters: ${told}. Look at the values (magg inspect lists the datasets of a granule), or change data_source.filters`]);
});

test('and says nothing where a single row is left, or without filters', async () => {
  expect(await noticesOf([`${DATASET}, equal: 5`], [granule(), new FakeGranule('h.h5', beam('b', [{ lat: 50, lon: 10, h: 1, q: 5 }]))])).toEqual([]);
  expect(await noticesOf([])).toEqual([]);
});

test('a cell without rows is nothing to tell where others have values', async () => {
  const files = new MemoryJournal();
  const far = new FakeGranule('far.h5', beam('a', [{ lat: -50, lon: 100, h: 1, q: 5 }]));
  const of = { granules: [granule(), far], files, config: config(CONFIG) };
  const first = await runInMemory(of);
  const empty = first.events.flatMap(event => (event.type === 'cell-empty' ? [event.cell] : []));
  expect(empty).toHaveLength(1);
  const again = await runInMemory({ ...of, store: first.store, redo: true, selection: { cells: first.plan!.cells.filter(({ morton }) => morton === empty[0]).map(({ nested }) => nested) } });
  expect(again.events.filter(({ type }) => type === 'cell-empty')).toHaveLength(1);
  expect(again.events.filter(event => event.type === 'run-notice' && event.tag === 'filters-leave-nothing')).toEqual([]);
});

test('nor where the rows that the filters keep are in cells that the catalog does not list', () => {
  const told = (...more: readonly RunEvent[]): unknown => {
    const losses = new FilterLosses();
    const read: RunEvent = { type: 'granule-finished', granule: 'g', group: 'a', outcome: 'filtered', rows: 9, kept: 0, rejected: [9], rowsWithoutPosition: 0, rowsOutsidePlan: 0, isNarrow: true, bytesRead: 1, cells: [] };
    for (const event of [read, ...more]) losses.add(event);
    return losses.notice(config())?.tag;
  };
  const check: RunEvent = { type: 'catalog-checked', granule: 'g', listing: '', rowsOutsidePlan: 0, isWhole: true, bytesRead: 1 };
  expect([told(), told(check), told({ ...check, rowsOutsidePlan: 1 }), told({ ...check, rowsElsewhere: 1 })]).toEqual(['filters-leave-nothing', 'filters-leave-nothing', undefined, undefined]);
});
