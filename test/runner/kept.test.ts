import { parseCatalog } from '../../src/catalog/index.js';
import { MaggError } from '../../src/base/index.js';
import { memoryStore, type ObjectStore } from '../../src/io/index.js';
import type { PlanInput, RunEvent } from '../../src/runner/index.js';
import { readGroup, readParentRecords, readParents, verifyChunk, type RecordedParent } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, MemoryJournal, runInMemory, type MemoryResult, type MemoryRun } from './in-memory.js';

const random = randomFrom(19);
const track = (count: number, lon: number, from = 60) => Array.from({ length: count }, (_, i) => ({ lat: from + 0.05 * i, lon, h: Math.fround(random() * 100), q: random() < 0.2 ? 1 : 0 }));
const rows = { one: track(400, -50), more: track(300, -40), two: track(300, -50, 50), far: track(60, 20) };
const one = (): FakeGranule => new FakeGranule('g1.h5', { ...beam('a', rows.one, { chunkRows: 64 }), ...beam('b', rows.more) });
/** Shares cells with the first, and has others of its own. */
const two = (): FakeGranule => new FakeGranule('g2.h5', { ...beam('a', rows.two, { chunkRows: 100 }), ...beam('b', rows.far) });
/** The same with a read that fails: in one beam, or in both. */
const damaged = (both = false): FakeGranule => {
  const { contents } = two();
  const broken = (path: string) => ({ [path]: { ...contents[path]!, damaged: [0, 1, 2] } });
  return new FakeGranule('g2.h5', { ...contents, ...broken('/a/h'), ...(both ? broken('/b/h') : {}) });
};

const of = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] => events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
const noticesOf = ({ events }: MemoryResult, tag: string): readonly string[] => of(events, 'run-notice').filter(notice => notice.tag === tag).map(({ message }) => message);
const keptOf = ({ events }: MemoryResult): readonly string[] => of(events, 'cell-failed').filter(({ kept }) => kept).map(({ cell }) => cell).sort();

/** What a run knows of a granule without reading it: `version` is that of the second. */
const probeOf = (version: number) => (url: string) => Promise.resolve({ sizeBytes: url === 'g2.h5' ? version : 1, tag: 'etag:"1"' });

function place() {
  const store = memoryStore('memory');
  const files = new MemoryJournal();
  return { store, files, run: (options: Omit<MemoryRun, 'granules'> & { readonly granules?: MemoryRun['granules'] }) => runInMemory({ granules: [one(), two()], probe: probeOf(1), store, files, ...options }) };
}

async function bytes(store: ObjectStore): Promise<Map<string, string>> {
  const keys = await store.list('');
  return new Map(await Promise.all(keys.map(async key => [key, Buffer.from((await store.get(key))!).toString('base64')] as const)));
}

async function changedKeys(before: ReadonlyMap<string, string>, store: ObjectStore): Promise<readonly string[]> {
  const now = await bytes(store);
  return [...new Set([...before.keys(), ...now.keys()])].filter(key => before.get(key) !== now.get(key)).sort();
}

async function recordsOf(store: ObjectStore): Promise<ReadonlyMap<bigint, RecordedParent>> {
  return new Map((await readParentRecords(store, 4))!.map(record => [record.parent, record]));
}

const attributesOf = async (store: ObjectStore, order = 4): Promise<Record<string, unknown>> =>
  (JSON.parse(Buffer.from((await store.get(`${order}/zarr.json`))!).toString()) as { attributes: Record<string, unknown> }).attributes;

/** The store holds what its records say, every hash included. */
async function expectWhole(store: ObjectStore): Promise<void> {
  const group = (await readGroup(store, 4))!;
  const records = await recordsOf(store);
  expect(group.finished).toBe(true);
  for (const { index, parent } of await readParents(store, group)) expect([parent, await verifyChunk(store, group, index)]).toEqual([parent, records.get(parent)!.hash]);
}

/** After the cells were computed anew for good: nothing tells that they ever were not. */
async function expectFresh(store: ObjectStore, fresh: MemoryRun): Promise<void> {
  const other = await runInMemory(fresh);
  expect(await changedKeys(await bytes(other.store), store)).toEqual([]);
}

async function catalogOf(granules: readonly FakeGranule[]): Promise<PlanInput> {
  const { plan } = await runInMemory({ granules });
  const listed = Object.fromEntries(plan!.cells.map(({ morton, granules: list }) => [morton, list.map(g => granules[g]!.name)]));
  const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: plan!.cells.length }, catalog: listed });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

const withOutput = (more: string): string => CONFIG.replace('child_order: 4 }', `child_order: 4 }\n${more}`);

describe.each<[string, string]>([
  ['dense', CONFIG],
  ['with overviews and gzip', withOutput('  overviews: [0, 1, 3]\n  compression: gzip')],
  ['in shards', withOutput('  sharding: true\n  overviews: [1]')],
  ['on the full sphere', withOutput('  layout: full-sphere\n  overviews: [0, 1]')]
])('a changed granule cannot be read: %s', (_, text) => {
  const pipeline = config(text);

  test.each(['local', 'cells'] as const)('the values stay with their index, hash and coverage, the next run computes them anew (%s)', async backend => {
    const { store, run } = place();
    const input = await catalogOf([one(), two()]);
    const first = await run({ config: pipeline, backend, input });
    expect(first.summary!.outcome).toBe('complete');
    const [before, records, attributes] = [await bytes(store), await recordsOf(store), await attributesOf(store)];

    const broken = await run({ config: pipeline, backend, input, granules: [one(), damaged()], probe: probeOf(2) });
    const kept = keptOf(broken);
    expect(kept.length).toBeGreaterThan(1);
    expect(broken.summary).toMatchObject({ outcome: 'partial', cellsFailed: kept.length, cellsOutdated: kept.length });
    expect(noticesOf(broken, 'cells-kept')).toEqual([expect.stringMatching(new RegExp(`^${kept.length} cells could not be computed anew, and keep the values of an earlier run: the store marks them as outdated`))]);
    // Beams of the granule that could be read were computed anew, to the same values: nothing but the marks has changed.
    expect((await changedKeys(before, store)).filter(key => !/^(\d\/)?zarr\.json$/.test(key))).toEqual(['4/parents/state/c/0']);
    const after = await recordsOf(store);
    const outdated = [...after.values()].filter(({ state }) => state === 'outdated');
    expect(outdated).toHaveLength(kept.length);
    for (const [parent, record] of after) expect(record).toEqual({ ...records.get(parent)!, state: record.state });
    expect(await attributesOf(store)).toEqual({ ...attributes, completeness: 'partial' });
    for (const order of pipeline.overviews) expect((await attributesOf(store, order)).completeness).toBe('partial');
    await expectWhole(store);

    // Once more in vain, then for good.
    const marked = await bytes(store);
    expect(keptOf(await run({ config: pipeline, backend, input, granules: [one(), damaged()], probe: probeOf(2) }))).toEqual(kept);
    expect(await changedKeys(marked, store)).toEqual([]);
    const healed = await run({ config: pipeline, backend, input, probe: probeOf(2) });
    expect(healed.summary).toMatchObject({ outcome: 'complete', cellsCurrent: first.summary!.cellsSelected - kept.length, cellsOutdated: 0 });
    expect(of(healed.events, 'cell-finished').map(({ cell }) => cell).sort()).toEqual(kept);
    await expectFresh(store, { granules: [one(), two()], config: pipeline, backend, input });
  });
});

test('a further granule that cannot be read: cells that it touches stay, those of it alone fail', async () => {
  const { store, run } = place();
  await run({ granules: [one()] });
  const records = await recordsOf(store);
  const broken = await run({ granules: [one(), damaged(true)] });
  const failed = of(broken.events, 'cell-failed');
  const kept = failed.filter(event => event.kept);
  expect([kept.length > 0, kept.length < failed.length]).toEqual([true, true]);
  expect(broken.summary).toMatchObject({ outcome: 'partial', cellsFailed: failed.length, cellsOutdated: kept.length });
  for (const [parent, record] of await recordsOf(store)) {
    const before = records.get(parent);
    if (before) expect({ ...record, state: 'data' }).toEqual(before);
    else expect(record).toMatchObject({ state: 'failed', observations: 0, hash: undefined });
  }
  await expectWhole(store);
  expect((await run({})).summary).toMatchObject({ outcome: 'complete', cellsOutdated: 0 });
});

test('another setting: values of two settings stand in one store, and it says of which', async () => {
  const { store, run } = place();
  await run({});
  const records = await recordsOf(store);
  const other = config(CONFIG.replace('value: 0', 'value: 1'));
  const broken = await run({ config: other, granules: [one(), damaged()] });
  expect(noticesOf(broken, 'cells-kept')).toEqual([expect.stringContaining('keep the values of an earlier run, of other settings (data_source.filters):') as string]);
  const after = [...(await recordsOf(store)).values()];
  expect(after.filter(({ state }) => state === 'data').some(({ parent, hash }) => hash !== records.get(parent)!.hash)).toBe(true);
  for (const record of after.filter(({ state }) => state === 'outdated')) expect({ ...record, state: 'data' }).toEqual(records.get(record.parent));
  expect((await attributesOf(store)).completeness).toBe('partial');
  await expectWhole(store);
  // With the settings of before all is as it was, though nothing but the marks tells that these cells were to be others.
  const back = await run({ granules: [one(), two()] });
  expect([back.summary!.outcome, of(back.events, 'cell-finished').map(({ cell }) => cell)]).toEqual(['complete', expect.arrayContaining([...keptOf(broken)])]);
  await run({ config: other });
  await expectFresh(store, { granules: [one(), two()], config: other });
});

test('cells that keep their values stay marked while other cells are chosen, and count as outdated', async () => {
  const { store, run } = place();
  const input = await catalogOf([one(), two()]);
  const all = await run({ input });
  const kept = keptOf(await run({ input, granules: [one(), damaged()], redo: true }));
  const others = all.plan!.cells.filter(({ morton }) => !kept.includes(morton)).map(({ nested }) => nested);
  const some = await run({ input, selection: { cells: others.slice(0, 1) } });
  expect(some.summary).toMatchObject({ outcome: 'complete', cellsCurrent: 1 });
  const chosen = await run({ input, selection: { cells: others.slice(0, 1) }, redo: true });
  expect(noticesOf(chosen, 'cells-outdated')).toEqual([expect.stringContaining(`${kept.length} cells of the store that this run did not choose`) as string]);
  expect([...(await recordsOf(store)).values()].filter(({ state }) => state === 'outdated')).toHaveLength(kept.length);
  expect((await attributesOf(store)).completeness).toBe('partial');
});

test('--redo in vain: the cells are no longer current, though settings and granules are those of before', async () => {
  const { store, run } = place();
  const before = (await run({}), await bytes(store));
  const broken = await run({ granules: [one(), damaged()], redo: true });
  const kept = keptOf(broken);
  expect(broken.summary).toMatchObject({ outcome: 'partial', cellsOutdated: kept.length });
  const again = await run({});
  expect(of(again.events, 'cell-finished').map(({ cell }) => cell).sort()).toEqual(kept);
  expect(again.summary!.outcome).toBe('complete');
  expect(await changedKeys(before, store)).toEqual([]);
});

test('nothing can be read: the store stays whole and finished, and says that all of it is outdated', async () => {
  const { store, run } = place();
  const input = await catalogOf([two()]);
  await run({ granules: [two()], input });
  const before = await bytes(store);
  const broken = await run({ granules: [], input, redo: true });
  expect(broken.error).toBeUndefined();
  const count = broken.summary!.cellsSelected;
  expect(broken.summary).toMatchObject({ outcome: 'partial', cellsWithData: 0, cellsFailed: count, cellsOutdated: count });
  expect((await changedKeys(before, store)).filter(key => !/^(\d\/)?zarr\.json$/.test(key))).toEqual(['4/parents/state/c/0']);
  await expectWhole(store);
});

test.each(['local', 'cells'] as const)('--allow-partial: new values without some rows replace the old ones; where no row is left these stay (%s)', async backend => {
  const { store, run } = place();
  const input = await catalogOf([one(), two()]);
  await run({ input });
  const records = await recordsOf(store);
  const broken = await run({ backend, input, granules: [one(), damaged(true)], probe: probeOf(2), allowPartial: true });
  const kept = keptOf(broken);
  const { cells, granules } = broken.plan!;
  const alone = cells.filter(({ granules: own }) => own.every(g => granules[g]!.id === 'g2.h5'));
  const shared = cells.filter(({ granules: own }) => own.length === 2);
  expect([alone.length > 0, shared.length > 0]).toEqual([true, true]);
  expect(kept).toEqual(expect.arrayContaining(alone.map(({ morton }) => morton)));
  expect(broken.summary!.cellsPartial).toBeGreaterThan(0);
  const after = await recordsOf(store);
  for (const { nested } of alone) expect(after.get(BigInt(nested))).toEqual({ ...records.get(BigInt(nested))!, state: 'outdated' });
  for (const { cell, obs, hash } of of(broken.events, 'cell-finished').filter(({ isWhole }) => !isWhole)) {
    const { nested } = shared.find(({ morton }) => morton === cell)!;
    expect(after.get(BigInt(nested))).toMatchObject({ state: 'partial', observations: obs, hash });
    expect(obs).toBeLessThan(records.get(BigInt(nested))!.observations);
  }
  await expectWhole(store);
  // And those stay in turn, when what they lack cannot be read again.
  const partial = of(broken.events, 'cell-finished').filter(({ isWhole }) => !isWhole).map(({ cell }) => cell);
  const third = await run({ backend, input, granules: [one(), damaged(true)], probe: probeOf(2) });
  expect(keptOf(third)).toEqual([...kept, ...partial].sort());
  await expectWhole(store);
  expect((await run({ backend, input, probe: probeOf(2) })).summary!.outcome).toBe('complete');
  await expectFresh(store, { granules: [one(), two()], input });
});

test.each(['local', 'cells'] as const)('--allow-partial on a new store: a cell without any row that could be read has failed, and is not empty (%s)', async backend => {
  const { store, run } = place();
  const input = await catalogOf([one(), two()]);
  const broken = await run({ backend, input, granules: [one(), damaged(true)], allowPartial: true });
  const failed = of(broken.events, 'cell-failed');
  expect(failed.length).toBeGreaterThan(0);
  for (const { granule, kept } of failed) expect([granule, kept]).toEqual(['g2.h5', undefined]);
  expect((await run({ backend, input })).summary!.outcome).toBe('complete');
  await expectFresh(store, { granules: [one(), two()], input });
});

test('a cell that has become empty is empty, and one that failed before has nothing to keep', async () => {
  const { store, run } = place();
  const first = await run({ granules: [one(), damaged()] });
  const failed = of(first.events, 'cell-failed').map(({ cell }) => cell).sort();
  const again = await run({ granules: [one(), damaged()] });
  expect([of(again.events, 'cell-failed').map(({ cell }) => cell).sort(), keptOf(again)]).toEqual([failed, []]);
  await run({});
  const flagged = (track: typeof rows.two) => track.map(row => ({ ...row, q: 1 }));
  const emptied = await run({ granules: [one(), new FakeGranule('g2.h5', { ...beam('a', flagged(rows.two)), ...beam('b', flagged(rows.far)) })], probe: probeOf(2) });
  const empty = of(emptied.events, 'cell-empty').map(({ cell }) => cell);
  expect([emptied.summary!.outcome, empty.length > 0]).toEqual(['complete', true]);
  await expectWhole(store);
});

test('fewer granules and a read that fails: the values stay, and still count as made from those of before', async () => {
  const { store, run } = place();
  await run({});
  const records = await recordsOf(store);
  const { contents } = one();
  const broken = new FakeGranule('g1.h5', { ...contents, '/a/h': { ...contents['/a/h']!, damaged: [0] } });
  const shrunk = await run({ granules: [broken], allowShrink: true });
  const kept = keptOf(shrunk);
  expect(kept.length).toBeGreaterThan(0);
  for (const [parent, record] of await recordsOf(store)) if (record.state === 'outdated') expect({ ...record, state: 'data' }).toEqual(records.get(parent));
  expect((await run({ granules: [one()] })).error).toMatchObject({ tag: 'would-shrink', message: expect.stringMatching(/this run lacks g2\.h5/) as string });
  expect((await run({ granules: [one()], allowShrink: true })).summary).toMatchObject({ outcome: 'complete', cellsOutdated: 0 });
  await expectWhole(store);
});

test('a read that fails at first and then succeeds leaves no mark', async () => {
  const { store, run } = place();
  await run({});
  const shaky = new FakeGranule('g2.h5', two().contents, [new MaggError('http', 'HTTP 503', { retryable: true })]);
  const again = await run({ granules: [one(), shaky], redo: true });
  expect(of(again.events, 'granule-retried')).toHaveLength(1);
  expect(again.summary).toMatchObject({ outcome: 'complete', cellsFailed: 0, cellsOutdated: 0 });
  await expectFresh(store, { granules: [one(), two()] });
});

test('--overwrite erases, as was asked', async () => {
  const { store, run } = place();
  await run({});
  const broken = await run({ granules: [one(), damaged()], overwrite: true });
  expect([keptOf(broken), broken.summary!.cellsOutdated, broken.summary!.outcome]).toEqual([[], 0, 'partial']);
  const failed = new Set(of(broken.events, 'cell-failed').map(({ cell }) => cell));
  const records = await recordsOf(store);
  for (const { nested, morton } of broken.plan!.cells) if (failed.has(morton)) expect(records.get(BigInt(nested))).toMatchObject({ state: 'failed', hash: undefined });
  await expectWhole(store);
});

describe('without the journal the store itself knows what it holds', () => {
  const pipeline = config(withOutput('  overviews: [0, 1]').replace('h_sum:', 'h_min: { function: min, source: h }\n    h_sum:'));

  test('values stay where a read fails', async () => {
    const { store, run } = place();
    await run({ config: pipeline });
    const before = await bytes(store);
    const broken = await runInMemory({ granules: [one(), damaged()], probe: probeOf(1), store, config: pipeline });
    expect(keptOf(broken).length).toBeGreaterThan(0);
    expect((await changedKeys(before, store)).filter(key => !/^(\d\/)?zarr\.json$/.test(key))).toEqual(['4/parents/state/c/0']);
    await expectWhole(store);
  });

  test('and where a cell is not chosen: marked, since nobody knows what it was made from', async () => {
    const { store, run } = place();
    const first = await run({ config: pipeline });
    const before = await bytes(store);
    const files = new MemoryJournal();
    const some = await runInMemory({ granules: [one(), two()], probe: probeOf(1), store, config: pipeline, files, selection: { maxCells: 1 } });
    expect(noticesOf(some, 'cells-outdated')).toHaveLength(1);
    expect((await changedKeys(before, store)).filter(key => !/^(\d\/)?zarr\.json$/.test(key))).toEqual(['4/parents/state/c/0']);
    expect([...(await recordsOf(store)).values()].filter(({ state }) => state === 'outdated')).toHaveLength(first.summary!.cellsWithData - 1);
    await expectWhole(store);
    expect((await runInMemory({ granules: [one(), two()], probe: probeOf(1), store, config: pipeline, files })).summary).toMatchObject({ outcome: 'complete', cellsCurrent: 1 });
    expect(await changedKeys(before, store)).toEqual([]);
  });

  test('but not of a store that was to be replaced', async () => {
    const { store, files, run } = place();
    await run({});
    const killed = () => Promise.reject(new Error('killed'));
    // Before it has touched anything: the group still counts as finished.
    const cut = await run({ overwrite: true, store: { ...store, put: killed, delete: killed } });
    expect([cut.error, files.runs.length, (await readGroup(store, 4))!.finished]).toEqual([expect.objectContaining({ message: 'killed' }), 1, true]);
    const broken = await run({ granules: [one(), damaged()] });
    expect(keptOf(broken)).toEqual([]);
    await expectWhole(store);
  });
});

test('a replacement that was cut off and goes on with other settings for a few cells: what it had written stays, and is told', async () => {
  const { store, run } = place();
  await run({ granules: [two()] });
  let finished = 0;
  const cut = await run({ overwrite: true, refuse: event => {
    if (event.type === 'cell-finished' && finished++ === 3) throw new Error('killed');
  } });
  expect(cut.error).toMatchObject({ message: 'killed' });
  const written = of(cut.events, 'cell-finished').slice(0, 3).map(({ cell }) => cell);
  const other = config(CONFIG.replace('value: 0', 'value: 1'));
  const last = cut.plan!.cells.at(-1)!;
  const some = await run({ config: other, selection: { cells: [last.nested] } });
  expect(some.summary).toMatchObject({ outcome: 'complete', cellsWithData: 1 });
  expect(noticesOf(some, 'cells-outdated')).toEqual([expect.stringMatching(/^3 cells /) as string]);
  const records = await recordsOf(store);
  for (const { nested, morton } of cut.plan!.cells) expect([morton, records.get(BigInt(nested))!.state]).toEqual([morton, written.includes(morton) || nested === last.nested ? 'data' : 'not-computed']);
  await expectWhole(store);
});
