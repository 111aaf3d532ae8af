import { MaggError } from '../../src/base/index.js';
import { parseCatalog } from '../../src/catalog/index.js';
import { encodePoint, mortonDecimal, parentId } from '../../src/grid/index.js';
import type { ObjectStore } from '../../src/io/index.js';
import type { PlanInput, RunEvent } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryIndexes, runInMemory, type MemoryResult, type MemoryRun, type Row } from './in-memory.js';
import { bytesOf } from './many-threads.js';

const random = randomFrom(3);
const CHUNK = 50;
/** From south to north, so that a cell has few of its chunks. */
const track = (lon: number): Row[] => Array.from({ length: 1000 }, (_, i) => ({ lat: -60 + 0.12 * i, lon: lon + 0.01 * i, h: Math.fround(random() * 100), q: random() < 0.2 ? 1 : 0 }));
const TRACKS = [track(-50), track(-49), track(100)];
const granules = (): FakeGranule[] => [
  new FakeGranule('g1.h5', { ...beam('a', TRACKS[0]!, { chunkRows: CHUNK }), ...beam('b', TRACKS[1]!, { chunkRows: 70 }) }),
  new FakeGranule('g2.h5', beam('a', TRACKS[2]!, { chunkRows: CHUNK }))
];
const parentOf = ({ lat, lon }: Row): bigint => parentId(encodePoint(lat, lon, 4, 'authalic'), 4, 2);
const CELLS = [...new Set(TRACKS.flat().map(parentOf))];
const CELL = parentOf(TRACKS[0]![400]!);

function catalog(): PlanInput {
  const entries = CELLS.map(cell => [mortonDecimal(cell, 2).toString(), [[...TRACKS[0]!, ...TRACKS[1]!], TRACKS[2]!].flatMap((rows, g) => (rows.some(row => parentOf(row) === cell) ? [`g${g + 1}.h5`] : []))]);
  const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: CELLS.length }, catalog: Object.fromEntries(entries) as object });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

/** Turns out to be another content when its chunks are read by an index, as over HTTP. */
class Changed extends FakeGranule {
  #usesIndex = false;

  override withSaved(saved: Parameters<FakeGranule['withSaved']>[0]): this {
    this.#usesIndex = saved !== undefined;
    return super.withSaved(saved);
  }

  override readChunks(requests: Parameters<FakeGranule['readChunks']>[0]): ReturnType<FakeGranule['readChunks']> {
    return this.#usesIndex ? Promise.reject(new MaggError('granule-changed', `${this.name} has changed since it was looked at`)) : super.readChunks(requests);
  }
}

const runOf = (more: Partial<MemoryRun> = {}): Promise<MemoryResult> => runInMemory({ granules: granules(), input: catalog(), ...more });
const one = (cell = CELL): Pick<MemoryRun, 'selection'> => ({ selection: { cells: [Number(cell)] } });

/** Chunks of the variables at a place of the store, by their names. */
async function chunksOf(store: ObjectStore, place: number): Promise<Record<string, string>> {
  const keys = (await store.list('')).filter(key => new RegExp(`/c/${place}$`).test(key) && /count|h_sum/.test(key));
  return Object.fromEntries(await Promise.all(keys.map(async key => [key, Buffer.from((await store.get(key))!).toString('hex')] as const)));
}
const ORDER = [...CELLS].sort((a, b) => (a < b ? -1 : 1));
/** Places and cells: each fifth, and the one that has most tests. */
const SOME = [...ORDER.entries()].filter(([place, cell]) => place % 5 === 0 || cell === CELL);
const ofType = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] => events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

test('every cell by itself has the bytes that it has among all', async () => {
  const all = await runOf();
  for (const [place, cell] of SOME) {
    const { store, summary, events } = await runOf(one(cell));
    expect(summary!.outcome).toBe('complete');
    expect(await chunksOf(store, place)).toEqual(await chunksOf(all.store, place));
    const [alone] = ofType(events, 'cell-finished');
    expect(alone && { obs: alone.obs, hash: alone.hash }).toEqual(ofType(all.events, 'cell-finished').filter(e => e.cell === alone?.cell).map(({ obs, hash }) => ({ obs, hash }))[0]);
  }
});

test('all latitudes are decoded, all else only near the cell', async () => {
  const list = granules();
  const { events } = await runOf({ granules: list, ...one() });
  const [g1, g2] = list;
  expect(g1!.requested.filter(request => request.startsWith('lat')).length).toBe(20 + 15);
  for (const name of ['lon', 'q', 'h']) {
    const chunks = g1!.requested.filter(request => request.startsWith(`${name}#`));
    expect(chunks.length).toBeGreaterThan(0);
    expect(chunks.length).toBeLessThan(12);
  }
  expect(g2!.requested).toEqual([]);
  expect(ofType(events, 'granule-finished').find(e => e.group === 'a')).toMatchObject({ outcome: 'read', rows: 1000, rowsOutsidePlan: 0 });
});

test.each<[string, Partial<Row>]>([['latitude', { lat: 91 }], ['longitude of the cell', { lon: NaN }]])('rows without position are counted wherever they stand: one has no %s', async (_, wrong) => {
  // Row 400 is in the cell, row 990 far from it: its latitude is fine in the second case.
  const rows = TRACKS[0]!.map((row, i) => (i === 400 || i === 990 ? { ...row, ...wrong, q: 0 } : row));
  const list = (): FakeGranule[] => [new FakeGranule('g1.h5', beam('a', rows, { chunkRows: CHUNK })), granules()[1]!];
  const [all, narrow] = [await runOf({ granules: list() }), await runOf({ granules: list(), ...one() })];
  expect(narrow.summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 2 });
  expect(ofType(narrow.events, 'run-notice')).toEqual(ofType(all.events, 'run-notice'));
  expect(await chunksOf(narrow.store, ORDER.indexOf(CELL))).toEqual(await chunksOf(all.store, ORDER.indexOf(CELL)));
});

describe('saved indexes', () => {
  const indexed = async (more: Partial<MemoryRun> = {}): Promise<MemoryIndexes> => {
    const indexes = new MemoryIndexes();
    await runOf({ indexes, ...more });
    return indexes;
  };

  test('are filled by a whole run, and then a cell is read without looking for anything, and only its chunks', async () => {
    const indexes = await indexed();
    expect([...indexes.texts.keys()].sort()).toEqual(['g1.h5', 'g2.h5']);
    const all = await runOf();
    for (const [place, cell] of SOME) {
      const list = granules();
      const before = new Map(indexes.texts);
      const { store, events } = await runOf({ granules: list, indexes, ...one(cell) });
      expect(await chunksOf(store, place)).toEqual(await chunksOf(all.store, place));
      expect(list.flatMap(granule => granule.looked)).toEqual([]);
      const needed = new Set(TRACKS[0]!.flatMap((row, i) => (parentOf(row) === cell ? [Math.floor(i / CHUNK)] : [])));
      if (cell === CELL) expect(list[0]!.requested.filter(request => request.startsWith('h#')).length).toBeLessThanOrEqual(2 * needed.size);
      expect(ofType(events, 'run-notice').filter(({ tag }) => tag.startsWith('index'))).toEqual([]);
      expect(indexes.texts).toEqual(before);
    }
  });

  test('are filled by the run of one cell too, and all runs give the same', async () => {
    const [narrow, whole] = [await indexed(one()), await indexed()];
    expect(narrow.content('g1.h5').places).toEqual(whole.content('g1.h5').places);
  });

  test('are filled cell by cell, at once: each coordinate of a granule is read for its first cell only', async () => {
    const indexes = new MemoryIndexes();
    const list = granules();
    const [all, cells] = [await runOf(), await runOf({ backend: 'cells', indexes, granules: list })];
    expect(await bytesOf(cells.store)).toEqual(await bytesOf(all.store));
    const latitudes = list.flatMap(granule => granule.requested.filter(request => request.startsWith('lat#')));
    expect(latitudes.length).toBe(2 * Math.ceil(1000 / CHUNK) + Math.ceil(1000 / 70));
    const whole = await indexed();
    for (const id of ['g1.h5', 'g2.h5']) expect(indexes.content(id).places).toEqual(whole.content(id).places);
    const again = granules();
    const second = await runOf({ backend: 'cells', indexes, granules: again });
    expect(again.flatMap(granule => granule.looked)).toEqual([]);
    expect(await bytesOf(second.store)).toEqual(await bytesOf(all.store));
  });

  test('hold the places of rows by other coordinates beside them', async () => {
    const indexes = await indexed();
    const other = config(CONFIG.replace('parent_order: 2', 'parent_order: 2, latitude: spherical'));
    await runInMemory({ granules: granules(), indexes, config: other });
    expect(indexes.content('g2.h5').places).toHaveLength(2);
  });

  test.each<[string, (text: string) => string]>([
    ['that is no JSON', text => text.slice(0, 40)],
    ['that is no object', () => '7'],
    ['with rows beyond the end', text => text.replace(/"ranges":\[\[\d+,\d+/, '"ranges":[[0,5000')],
    ['with rows backwards', text => text.replace(/"ranges":\[\[\d+,\d+/, '"ranges":[[9,3')],
    ['of another content', text => text.replace('"tag":"etag:1"', '"tag":"etag:0"')],
    ['of another size', text => text.replace('"sizeBytes":1', '"sizeBytes":2')]
  ])('one %s is told of once, ignored and replaced', async (_, spoil) => {
    const list = granules();
    for (const granule of list) granule.state = { sizeBytes: 1, tag: 'etag:1' };
    const indexes = await indexed({ granules: list });
    const before = indexes.texts.get('g1.h5')!;
    const good = JSON.stringify(indexes.content('g1.h5'));
    expect(spoil(good)).not.toBe(good);
    indexes.replace('g1.h5', spoil(good));
    const { summary, events } = await runOf({ granules: list, indexes, ...one() });
    expect(summary!.outcome).toBe('complete');
    expect(ofType(events, 'run-notice')).toEqual([expect.objectContaining({ tag: 'index-ignored', message: expect.stringMatching(/^the saved index of g1\.h5 (?!.*the saved index).*; it is made anew$/) as string })]);
    expect(JSON.parse(indexes.texts.get('g1.h5')!)).toEqual(JSON.parse(before));
  });

  test('one whose chunks do not hold what it says is ignored when that shows', async () => {
    const indexes = await indexed();
    const list = granules();
    list[0] = new Changed('g1.h5', list[0]!.contents);
    const { summary, events } = await runOf({ granules: list, indexes, ...one() });
    expect(summary!.outcome).toBe('complete');
    expect(ofType(events, 'run-notice').map(({ tag }) => tag)).toEqual(['index-ignored']);
  });

  test('that cannot be saved are told of, and the run goes on', async () => {
    const indexes = new MemoryIndexes();
    indexes.fault = new MaggError('io', 'the index could not be written');
    const { summary, events } = await runOf({ indexes });
    expect(summary!.outcome).toBe('complete');
    expect(ofType(events, 'run-notice').map(({ tag }) => tag)).toEqual(['index-not-saved']);
  });
});

test('a granule that is another than was planned fails its cells and is not tried again', async () => {
  const list = granules();
  list[1]!.state = { sizeBytes: 12, tag: 'mtime:5' };
  const { events, summary } = await runOf({ granules: list, probe: url => Promise.resolve(url === 'g2.h5' ? { sizeBytes: 12, tag: 'mtime:4' } : {}) });
  expect(ofType(events, 'granule-failed')[0]).toMatchObject({ granule: 'g2.h5', tag: 'granule-changed', retryable: false, message: expect.stringMatching(/12 bytes \(mtime:4\) before, 12 bytes \(mtime:5\) now/) as string });
  expect(ofType(events, 'granule-retried')).toEqual([]);
  expect(summary!.outcome).toBe('partial');
});

test('shuffled rows: a cell by itself, with an index and without', async () => {
  const rows = [...TRACKS[0]!].sort(() => random() - 0.5);
  const list = (): FakeGranule[] => [new FakeGranule('g1.h5', beam('a', rows, { chunkRows: CHUNK })), granules()[1]!];
  const place = ORDER.indexOf(CELL);
  const all = await runOf({ granules: list() });
  const indexes = new MemoryIndexes();
  for (let i = 0; i < 3; i++) {
    const { store } = await runOf({ granules: list(), ...one(), ...(i > 0 ? { indexes } : {}) });
    expect(await chunksOf(store, place)).toEqual(await chunksOf(all.store, place));
  }
});

test('cells of order 29: points are found one by one', async () => {
  const text = CONFIG.replace('parent_order: 2, child_order: 4', 'parent_order: 24, child_order: 29').replace('dtype: int64', 'dtype: uint64');
  const rows = TRACKS[0]!.slice(0, 12);
  const input = { kind: 'granules' as const, granules: ['g.h5'] };
  const { events, summary } = await runInMemory({ granules: [new FakeGranule('g.h5', beam('a', rows.map(row => ({ ...row, q: 0 }))))], config: config(text), input });
  expect(summary).toMatchObject({ outcome: 'complete', totalObs: 12 });
  expect(ofType(events, 'cell-finished').map(({ cell }) => cell).sort()).toEqual(rows.map(({ lat, lon }) => mortonDecimal(parentId(encodePoint(lat, lon, 29, 'authalic'), 29, 24), 24).toString()).sort());
});
