import { parseCatalog } from '../../src/catalog/index.js';
import { encodePoint, mortonDecimal, parentId } from '../../src/grid/index.js';
import type { ObjectStore } from '../../src/io/index.js';
import type { PlanInput, RunEvent } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryIndexes, runInMemory, type MemoryResult, type MemoryRun, type Row } from './in-memory.js';

// What a saved track saves, and that nothing but that changes.

const FILL = 9999;
const random = randomFrom(31);
const CHUNK = 50;
const ROWS: readonly Row[] = Array.from({ length: 1000 }, (_, i) => ({ lat: -60 + 0.12 * i, lon: -50 + 0.01 * i, h: Math.fround(random() * 100), q: random() < 0.2 ? 1 : 0 }));
const granule = (rows: readonly Row[] = ROWS): FakeGranule => new FakeGranule('g1.h5', beam('a', rows, { chunkRows: CHUNK, fillValue: FILL }));
const cellOf = ({ lat, lon }: Row): bigint => parentId(encodePoint(lat, lon, 4, 'authalic'), 4, 2);
const CELLS = [...new Set(ROWS.map(cellOf))];
const CELL = cellOf(ROWS[400]!);
const SELECTED = { selection: { cells: [Number(CELL)] } };

function catalog(): PlanInput {
  const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: CELLS.length }, catalog: Object.fromEntries(CELLS.map(cell => [mortonDecimal(cell, 2).toString(), ['g1.h5']])) });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

async function contents(store: ObjectStore): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all((await store.list('')).map(async key => [key, Buffer.from((await store.get(key))!).toString('hex')] as const)));
}

const coordinates = (of: FakeGranule): string[] => of.requested.filter(name => /^s?(lat|lon)#/.test(name));
/** Events without what clocks and readers say. */
const told = (events: readonly RunEvent[]): unknown[] =>
  events
    .filter(({ type }) => ['granule-finished', 'granule-failed', 'cell-finished', 'cell-empty', 'cell-failed', 'run-notice'].includes(type))
    .map(event => ({ ...event, bytesRead: 0, durationS: 0 }));
const tracksOf = (indexes: MemoryIndexes): { key: string; runs: string | null }[] => indexes.content('g1.h5').tracks;

interface Pair {
  readonly read: FakeGranule;
  readonly plain: FakeGranule;
  readonly result: MemoryResult;
}

/** One run with the index and one without, which must agree in all but what they read. */
async function compare(indexes: MemoryIndexes, make: () => FakeGranule, more: Partial<MemoryRun> = {}): Promise<Pair> {
  const [read, plain] = [make(), make()];
  const result = await runInMemory({ granules: [read], indexes, ...more });
  const without = await runInMemory({ granules: [plain], ...more });
  expect(result.error).toEqual(without.error);
  expect(await contents(result.store)).toEqual(await contents(without.store));
  expect(told(result.events)).toEqual(told(without.events));
  expect(result.summary?.outcome).toBe(without.summary?.outcome);
  expect(coordinates(plain).length).toBeGreaterThan(0);
  return { read, plain, result };
}

async function filled(make: () => FakeGranule, more: Partial<MemoryRun> = {}): Promise<MemoryIndexes> {
  const indexes = new MemoryIndexes();
  await runInMemory({ granules: [make()], indexes, ...more });
  return indexes;
}

test('with a track no coordinate is read: not by a run of all cells, not by one of one cell', async () => {
  const indexes = await filled(granule);
  const before = indexes.texts.get('g1.h5');
  expect(tracksOf(indexes)).toEqual([expect.objectContaining({ rows: 1000, runs: expect.any(String) as string })]);
  for (const more of [{}, { input: catalog() }, { input: catalog(), ...SELECTED }]) {
    const { read } = await compare(indexes, granule, more);
    expect(coordinates(read)).toEqual([]);
    expect(read.requested.length).toBeGreaterThan(0);
    expect(indexes.texts.get('g1.h5')).toBe(before);
  }
});

test('the run of one cell that makes the index reads coordinates once', async () => {
  const indexes = new MemoryIndexes();
  const { read } = await compare(indexes, granule, { input: catalog(), ...SELECTED });
  expect(coordinates(read).length).toBe(2 * 20);
  expect(coordinates((await compare(indexes, granule)).read)).toEqual([]);
});

test('cell by cell: an index is used; without one its first cell makes it', async () => {
  const more: Partial<MemoryRun> = { input: catalog(), backend: 'cells' };
  expect(coordinates((await compare(await filled(granule), granule, more)).read)).toEqual([]);
  const empty = new MemoryIndexes();
  expect(coordinates((await compare(empty, granule, more)).read).length).toBe(2 * 20);
  expect(tracksOf(empty)).toEqual(tracksOf(await filled(granule)));
});

test('another child order: ranges are used, coordinates read near the cell; a run of all cells adds its own track', async () => {
  const indexes = await filled(granule);
  const other = { config: config(CONFIG.replace('child_order: 4', 'child_order: 5')), input: catalog() };
  const { read } = await compare(indexes, granule, { ...other, ...SELECTED });
  expect(coordinates(read).length).toBeGreaterThan(0);
  expect(coordinates(read).length).toBeLessThan(20);
  expect(tracksOf(indexes)).toHaveLength(1);
  expect(coordinates((await compare(indexes, granule, other)).read).length).toBe(40);
  expect(tracksOf(indexes)).toHaveLength(2);
  for (const more of [other, { ...other, ...SELECTED }, { input: catalog() }]) expect(coordinates((await compare(indexes, granule, more)).read)).toEqual([]);
});

test('another parent order: its places are learned from the track', async () => {
  const other = { config: config(CONFIG.replace('parent_order: 2', 'parent_order: 1')) };
  for (const selection of [{}, { cells: [Number(CELL >> 2n)] }]) {
    const indexes = await filled(granule);
    const input: PlanInput = { kind: 'catalog', name: 'c', catalog: parseCatalog(JSON.stringify({ metadata: { parent_order: 1, latitude: 'authalic-wgs84' }, catalog: Object.fromEntries([...new Set(CELLS.map(cell => cell >> 2n))].map(cell => [mortonDecimal(cell, 1).toString(), ['g1.h5']])) }), 'c') };
    expect(coordinates((await compare(indexes, granule, { ...other, input, selection })).read)).toEqual([]);
    expect(indexes.content('g1.h5').places).toHaveLength(2);
  }
});

test('another latitude convention has its own track', async () => {
  const indexes = await filled(granule);
  const other = { config: config(CONFIG.replace('parent_order: 2', 'parent_order: 2, latitude: spherical')) };
  expect(coordinates((await compare(indexes, granule, other)).read).length).toBe(40);
  expect(coordinates((await compare(indexes, granule, other)).read)).toEqual([]);
  expect(new Set(tracksOf(indexes).map(({ runs }) => runs)).size).toBe(2);
});

test.each<[string, string, (rows: readonly Row[]) => Row[]]>([
  ['shuffled', CONFIG, rows => rows.map((row, i) => [i * 7919 % 1000, row] as const).sort(([a], [b]) => a - b).map(([, row]) => row)],
  ['of cells of order 29', CONFIG.replace('parent_order: 2, child_order: 4', 'parent_order: 20, child_order: 29').replace('dtype: int64', 'dtype: uint64'), rows => rows.slice(0, 20)]
])('rows %s keep no track, and that is not tried again', async (_, text, change) => {
  const make = (): FakeGranule => granule(change(ROWS));
  const more = { config: config(text) };
  const indexes = await filled(make, more);
  const before = indexes.texts.get('g1.h5');
  expect(tracksOf(indexes)).toEqual([expect.objectContaining({ runs: null })]);
  const { read, plain } = await compare(indexes, make, more);
  expect(read.requested).toEqual(plain.requested);
  expect(indexes.texts.get('g1.h5')).toBe(before);
});

describe('rows without position', () => {
  /** Row 120 holds the fill value, row 730 is at no latitude; filters reject the second only. */
  const rows = ROWS.map((row, i) => (i === 120 ? { ...row, lat: FILL, lon: FILL, q: 0 } : i === 730 ? { ...row, lat: 95, q: 1 } : row));
  const make = (): FakeGranule => granule(rows);

  test('are counted as ever: only their windows are read', async () => {
    const indexes = await filled(make);
    for (const more of [{}, { input: catalog() }]) {
      const { read, result } = await compare(indexes, make, more);
      expect(coordinates(read).sort()).toEqual(['lat#14', 'lat#2', 'lon#14', 'lon#2']);
      expect(result.events.find(({ type }) => type === 'granule-finished')).toMatchObject({ rowsWithoutPosition: 1 });
    }
  });

  test('that another filter keeps are told of, with an index too', async () => {
    const indexes = await filled(make);
    const other = { config: config(CONFIG.replace(/ {2}quality_filter.*\n/, '')) };
    const { result } = await compare(indexes, make, other);
    expect(result.summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 2 });
    expect(result.events.find(({ type }) => type === 'run-notice')).toMatchObject({ tag: 'rows-without-position', message: expect.stringMatching(/^2 rows of g1\.h5 a without position, 1 of them at the fill value: .*Row 730 has the latitude 95 in \/a\/lat/) as string });
  });
});

test('coordinates on a level', async () => {
  const segments = 250;
  const make = (): FakeGranule =>
    new FakeGranule('g1.h5', {
      ...beam('a', ROWS, { chunkRows: CHUNK }),
      '/a/beg': { values: Int32Array.from({ length: segments }, (_, s) => 4 * s) },
      // One segment covers no row: its four rows have no position.
      '/a/cnt': { values: Int32Array.from({ length: segments }, (_, s) => (s === 100 ? 0 : 4)) },
      '/a/slat': { values: Float64Array.from({ length: segments }, (_, s) => ROWS[4 * s]!.lat), chunkRows: 10 },
      '/a/slon': { values: Float64Array.from({ length: segments }, (_, s) => ROWS[4 * s]!.lon), chunkRows: 10 }
    });
  const text = CONFIG.replace('coordinates: { latitude: "/{group}/lat", longitude: "/{group}/lon" }', 'levels: { seg: { index: "/{group}/beg", count: "/{group}/cnt", index_base: 0 } }\n  coordinates: { latitude: {dataset: "/{group}/slat", level: seg}, longitude: {dataset: "/{group}/slon", level: seg} }');
  const more = { config: config(text) };
  const indexes = await filled(make, more);
  const { read, plain } = await compare(indexes, make, more);
  expect(coordinates(plain).length).toBe(2 * 25);
  // Rows 400 to 449 of chunk 8.
  expect([...new Set(coordinates(read))].sort()).toEqual(['slat#10', 'slat#11', 'slon#10', 'slon#11']);
});

test.each<[string, (text: string) => string]>([
  ['with a track that is no list', text => text.replace('"tracks":[', '"tracks":0,"other":[')],
  ['with a track without rows', text => text.replace(/("tracks":.*"rows":)1000/, '$1-1')],
  ['with a track that is no text', text => text.replace(/"runs":"[^"]*"/, '"runs":[1]')],
  ['with a track that is cut', text => text.replace(/("runs":"[^"]{9})[^"]*"/, '$1"')],
  ['with a track in other letters', text => text.replace(/("runs":"[^"]{9})../, '$1%%')]
])('an index %s is told of, ignored and replaced', async (_, spoil) => {
  const indexes = await filled(granule);
  const good = JSON.stringify(indexes.content('g1.h5'));
  expect(spoil(good)).not.toBe(good);
  for (const more of [{}, { input: catalog(), ...SELECTED }]) {
    indexes.replace('g1.h5', spoil(good));
    const plain = await runInMemory({ granules: [granule()], ...more });
    const { store, events, summary } = await runInMemory({ granules: [granule()], indexes, ...more });
    expect(summary!.outcome).toBe('complete');
    expect(await contents(store)).toEqual(await contents(plain.store));
    expect(events.filter(event => event.type === 'run-notice' && event.tag.startsWith('index'))).toEqual([expect.objectContaining({ message: expect.stringMatching(/track/) as string })]);
    expect(indexes.content('g1.h5')).toEqual(JSON.parse(good));
  }
});

test('a track of another number of rows is not used', async () => {
  const indexes = await filled(granule);
  const make = (): FakeGranule => granule(ROWS.slice(0, 900));
  const { read } = await compare(indexes, make);
  expect(coordinates(read).length).toBe(36);
  expect(coordinates((await compare(indexes, make)).read)).toEqual([]);
});
