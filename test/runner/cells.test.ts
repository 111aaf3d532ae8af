import { parseCatalog } from '../../src/catalog/index.js';
import { memoryStore, type ObjectStore } from '../../src/io/index.js';
import type { PlanInput, RunEvent } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG } from './in-memory.js';
import { bytesOf, MemorySpills, runOnThreads, type ThreadsRun } from './many-threads.js';

const random = randomFrom(11);
/** Tracks across several parents, in both beams; one granule has one beam. */
const tracks = Array.from({ length: 7 }, (_, g) => {
  const lon = 50 * random();
  return (['a', 'b'] as const).slice(0, g === 3 ? 1 : 2).map(group => ({
    group,
    rows: Array.from({ length: 500 }, (__, i) => ({ lat: 30 + 0.1 * i, lon: lon + 0.03 * i, h: 100 * random(), q: random() < 0.1 ? 1 : 0 }))
  }));
});
const granules = (damaged?: { readonly granule: number; readonly group: string; readonly chunk: number }): FakeGranule[] =>
  tracks.map((groups, g) =>
    new FakeGranule(`g${g}.h5`, Object.assign({}, ...groups.map(({ group, rows }) => {
      const contents = beam(group, rows, { chunkRows: 40 });
      return damaged?.granule === g && damaged.group === group ? { ...contents, [`/${group}/h`]: { ...contents[`/${group}/h`]!, damaged: [damaged.chunk] } } : contents;
    })) as Record<string, never>)
  );

const PIPELINE = config(CONFIG.replace('h_sum:', 'h_var: { function: var, source: h, dtype: float64 }\n    h_q: { function: quantile, source: h, params: { q: 0.3 } }\n    h_sum:'));

/** The catalog of a run of the granules. */
async function catalog(): Promise<PlanInput> {
  const cells = new Map<string, string[]>();
  const { events } = await runOnThreads({ granules: granules(), config: config() });
  for (const event of events) {
    if (event.type !== 'granule-finished') continue;
    for (const [cell] of event.cells) {
      const list = cells.get(cell) ?? [];
      if (!list.includes(event.granule)) list.push(event.granule);
      cells.set(cell, list);
    }
  }
  for (const list of cells.values()) list.sort();
  const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: cells.size }, catalog: Object.fromEntries(cells) });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

const of = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] => events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
const runs = async (more: Partial<ThreadsRun> & { readonly store?: ObjectStore }) => runOnThreads({ granules: granules(), config: PIPELINE, input: await catalog(), ...more });

test('cell by cell gives the bytes of a run granule by granule, for any number of threads and any memory', async () => {
  const whole = await runs({});
  expect(whole.summary!.outcome).toBe('complete');
  expect(whole.summary!.cellsWithData).toBeGreaterThan(3);
  for (const [threads, memoryBytes] of [[1, Infinity], [3, Infinity], [2, 8_000], [1, 1]] as const) {
    const spills = new MemorySpills();
    const { summary, store, events } = await runs({ backend: 'cells', threads, memoryBytes, spills });
    expect(await bytesOf(store)).toEqual(await bytesOf(whole.store));
    expect(summary).toMatchObject({ outcome: 'complete', totalObs: whole.summary!.totalObs, childCellsWithData: whole.summary!.childCellsWithData, rowsOutsidePlan: 0 });
    expect(of(events, 'cell-finished').map(event => [event.cell, event.hash]).sort()).toEqual(of(whole.events, 'cell-finished').map(event => [event.cell, event.hash]).sort());
    // Files of a cell go with it.
    expect([spills.opened, spills.contents.size]).toEqual([0, 0]);
    expect(spills.removed > 0).toBe(memoryBytes < Infinity);
  }
});

test('the cells with the most granules come first, and only their granules are read', async () => {
  const input = await catalog();
  const all = granules();
  const { events } = await runs({ backend: 'cells', input, granules: all });
  if (input.kind !== 'catalog') throw new Error('a catalog was made');
  const counts = new Map(input.catalog.cells.map(cell => [cell.morton, cell.granules.length]));
  const order = of(events, 'cell-started').map(event => counts.get(event.cell)!);
  expect(order).toEqual([...order].sort((a, b) => b - a));
  expect(of(events, 'granule-started')).toHaveLength([...counts.values()].reduce((a, b) => a + b, 0));
});

test('a read that fails costs only the cells that the damage lies in', async () => {
  const damaged = { granule: 2, group: 'b', chunk: 6 };
  const [cells, local] = [await runs({ backend: 'cells', granules: granules(damaged) }), await runs({ granules: granules(damaged) })];
  const [few, many] = [of(cells.events, 'cell-failed'), of(local.events, 'cell-failed')];
  expect(few.length).toBeGreaterThan(0);
  expect(few.length).toBeLessThan(many.length);
  expect(many.map(event => event.cell)).toEqual(expect.arrayContaining(few.map(event => event.cell)));
  expect(few[0]).toMatchObject({ tag: 'damaged-chunk', granule: 'g2.h5', group: 'b' });
  expect(cells.summary!.outcome).toBe('partial');
});

test('cells that lack rows are written when that is allowed, and say so', async () => {
  const { events, summary } = await runs({ backend: 'cells', granules: granules({ granule: 2, group: 'b', chunk: 6 }), allowPartial: true });
  expect(of(events, 'cell-failed')).toEqual([]);
  expect(of(events, 'cell-finished').filter(event => !event.isWhole).length).toBeGreaterThan(0);
  expect(summary!.outcome).toBe('partial');
});

test('without a catalog it is refused before anything is written, with the command that makes one', async () => {
  const store = memoryStore('memory');
  const { error } = await runOnThreads({ granules: granules(), config: PIPELINE, backend: 'cells', store });
  expect(error).toMatchObject({ tag: 'needs-catalog' });
  expect((error as Error).message).toMatch(/magg catalog --from .*--backend cells/);
  expect(await store.list('')).toEqual([]);
});
