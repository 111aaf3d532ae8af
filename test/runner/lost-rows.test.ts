import { parseCatalog } from '../../src/catalog/index.js';
import { encodePoint, mortonDecimal, parentId } from '../../src/grid/index.js';
import type { PlanInput, RunEvent } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryIndexes, runInMemory, type Row } from './in-memory.js';
import { bytesOf, MemorySpills, runOnThreads, type ThreadsResult } from './many-threads.js';

// Rows without position, among rows that have one: whoever computes, and from whatever part of a granule, leaves out the same.

const random = randomFrom(77);
const FILL = 3.4e38;
const track = (lon: number): Row[] => Array.from({ length: 700 }, (_, i) => ({ lat: -60 + 0.15 * i, lon: lon + 0.01 * i, h: Math.fround(100 * random()), q: random() < 0.2 ? 1 : 0 }));
const WAYS: readonly Partial<Row>[] = [{ lat: NaN }, { lon: Infinity }, { lat: FILL, lon: FILL }, { lon: 400 }, { lat: -90.1 }, { lat: 95, q: 1 }, { lon: NaN, q: 1 }];

const GOOD = [track(-50), track(-30), track(100)] as const;
/** Every way of having no position, in every track; the last two are rejected by the filter. */
const BAD = GOOD.map((rows, t) => rows.flatMap((row, i) => (i % 90 === 40 + t ? [row, { ...row, q: 0, ...WAYS[Math.floor(i / 90) % WAYS.length]! }] : [row])));
const LOST = BAD.map(rows => rows.filter(({ lat, lon, q }) => q === 0 && !(Math.abs(lat) <= 90 && Math.abs(lon) <= 360)).length);

function granulesOf(tracks: readonly (readonly Row[])[]): FakeGranule[] {
  const [one, two, three] = tracks;
  const more = { chunkRows: 40, fillValue: FILL };
  return [new FakeGranule('g1.h5', { ...beam('a', one!, more), ...beam('b', two!, { ...more, chunkRows: 70 }) }), new FakeGranule('g2.h5', beam('a', three!, more))];
}
const bad = (): FakeGranule[] => granulesOf(BAD);
const parentOf = ({ lat, lon }: Row): bigint => parentId(encodePoint(lat, lon, 4, 'authalic'), 4, 2);
const CELLS = [...new Set(GOOD.flat().map(parentOf))].sort((a, b) => (a < b ? -1 : 1));

function catalog(): PlanInput {
  const entries = CELLS.map(cell => [mortonDecimal(cell, 2).toString(), [[...GOOD[0], ...GOOD[1]], GOOD[2]].flatMap((rows, g) => (rows.some(row => parentOf(row) === cell) ? [`g${g + 1}.h5`] : []))]);
  const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: CELLS.length }, catalog: Object.fromEntries(entries) as object });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

const PIPELINE = config(CONFIG.replace('h_sum:', 'h_var: { function: var, source: h, dtype: float64 }\n    h_sum:'));
const ofType = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] => events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
const notices = (events: readonly RunEvent[]): string[] => ofType(events, 'run-notice').map(({ tag, message }) => `${tag}: ${message}`).sort();

let good: ThreadsResult;
let told: string[];

beforeAll(async () => {
  good = await runOnThreads({ granules: granulesOf(GOOD), config: PIPELINE, input: catalog() });
  told = notices((await runOnThreads({ granules: bad(), config: PIPELINE, input: catalog() })).events);
});

const total = LOST.reduce((a, b) => a + b, 0);

test('each group tells once how many rows it lost, the first of them and what to do', () => {
  expect(LOST.every(count => count >= 5)).toBe(true);
  expect(told).toHaveLength(3);
  expect(told[0]).toMatch(new RegExp(`^rows-without-position: ${LOST[0]} rows of g1\\.h5 a without position, \\d of them at the fill value: left out of all cells\\. Row 41 has the latitude NaN in /a/lat, the longitude -49\\.6 in /a/lon; expected are .* degrees\\. Look whether the coordinate paths`));
});

test.each<[string, Partial<Parameters<typeof runOnThreads>[0]>]>([
  ['one thread', {}],
  ['two threads', { threads: 2, seed: 5 }],
  ['three threads and files', { threads: 3, memoryBytes: 8_000, spills: new MemorySpills() }],
  ['cell by cell', { backend: 'cells' }],
  ['cell by cell, two threads', { backend: 'cells', threads: 2, seed: 9 }],
  ['cell by cell, with files', { backend: 'cells', memoryBytes: 1, spills: new MemorySpills() }]
])('%s: the bytes of the rows that have a position, one count and one notice', async (_, more) => {
  const { store, summary, events } = await runOnThreads({ granules: bad(), config: PIPELINE, input: catalog(), ...more });
  expect(await bytesOf(store)).toEqual(await bytesOf(good.store));
  expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: total, totalObs: good.summary!.totalObs, groupsFailed: 0 });
  // So little memory is less than single cells have rows.
  expect(notices(events).filter(text => !text.startsWith('memory-exceeded'))).toEqual(told);
});

test('without a catalog: the cells are those of the good rows', async () => {
  const [without, plain] = await Promise.all([bad(), granulesOf(GOOD)].map(granules => runOnThreads({ granules, config: PIPELINE, threads: 2 })));
  expect(await bytesOf(without!.store)).toEqual(await bytesOf(plain!.store));
  expect(without!.summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: total });
});

test('the books close: rows in cells, without position, and rejected are all rows of a group', async () => {
  const { events } = await runOnThreads({ granules: bad(), config: PIPELINE, input: catalog() });
  const ended = ofType(events, 'granule-finished').filter(({ outcome }) => outcome === 'read');
  for (const [t, [granule, group]] of [['g1.h5', 'a'], ['g1.h5', 'b'], ['g2.h5', 'a']].entries()) {
    const event = ended.find(one => one.granule === granule && one.group === group)!;
    const rejected = BAD[t]!.filter(({ q }) => q === 1).length;
    expect([event.rows, event.rowsWithoutPosition]).toEqual([BAD[t]!.length, LOST[t]]);
    expect(event.kept + event.rowsWithoutPosition + rejected).toBe(event.rows);
  }
});

test('with a saved index, for one cell and for all: the same bytes, count and notices', async () => {
  const indexes = new MemoryIndexes();
  await runInMemory({ granules: bad(), config: PIPELINE, input: catalog(), indexes });
  for (const backend of ['local', 'cells'] as const) {
    const { store, summary, events } = await runInMemory({ granules: bad(), config: PIPELINE, input: catalog(), indexes, backend });
    expect(await bytesOf(store)).toEqual(await bytesOf(good.store));
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: total });
    expect(notices(events)).toEqual(told);
  }
  const west = CELLS.find(cell => GOOD[0].some(row => parentOf(row) === cell) && !GOOD[2].some(row => parentOf(row) === cell))!;
  for (const more of [{}, { indexes }, { backend: 'cells' as const }]) {
    const { summary, events } = await runInMemory({ granules: bad(), config: PIPELINE, input: catalog(), selection: { cells: [Number(west)] }, ...more });
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: LOST[0]! + LOST[1]! });
    expect(notices(events)).toEqual(told.slice(0, 2));
  }
});
