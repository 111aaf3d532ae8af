import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  finishStore, foldedLayouts, inspectStore, overviewLayouts, readArray, readGroup, readOverviewHashes, readParentRecords, readParents, verifyChunk, type ChunkValues, type ParentRecord, type StoreLayout
} from '../../src/zarr/index.js';
import { judgeJson } from '../judge.js';
import { FakeStore } from './fake-store.js';
import { base, fold, forms, formValues, writeForm } from './forms.js';

interface Seen {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly shards: readonly number[] | null;
  readonly dims: readonly string[];
  readonly values: readonly (string | number)[];
  readonly attributes: Record<string, unknown>;
}
interface SeenGroup {
  readonly arrays: Record<string, Seen>;
  readonly attributes: Record<string, unknown>;
  readonly parents: Record<string, Seen> | null;
  readonly states?: readonly string[];
  readonly sorted?: { readonly cells: readonly string[]; readonly count: readonly string[] };
  readonly decoded: readonly { coords: string[]; vars: string[]; cells: string[]; level: number; bins: number[]; bin_index: boolean; count: string[] }[];
}

const names = Object.keys(forms);
const stores = new Map<string, { readonly store: FakeStore; readonly records: readonly ParentRecord[] }>();
let folder: string;
let told: Record<string, Record<string, SeenGroup>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'magg-forms-'));
  for (const name of names) {
    const store = new FakeStore();
    const records = await writeForm(store, forms[name]!);
    stores.set(name, { store, records });
    store.save(join(folder, name));
  }
  const all = judgeJson<Record<string, SeenGroup>[]>('zarr/open_forms.py', [], JSON.stringify(names.map(name => join(folder, name))));
  told = Object.fromEntries(names.map((name, i) => [name, all[i]!]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = (values: ChunkValues): (string | number)[] => Array.from(values as Iterable<number | bigint>, value =>
  values instanceof Float32Array || values instanceof Float64Array ? (Number.isFinite(value) ? Number(value) : value !== value ? 'nan' : value > 0 ? 'inf' : '-inf') : String(value));

/** What an array of a finished store must hold: cell by cell, the fill value where no parent has data. */
function expected(of: StoreLayout, v: number, records: readonly ParentRecord[], valuesOf: (place: number) => readonly ChunkValues[] = place => formValues(of, of.parents[place]!)): (string | number)[] {
  const variable = of.variables[v]!;
  const width = variable.bins ? variable.bins.length - 1 : 1;
  const size = 4 ** (of.childOrder - of.parentOrder) * width;
  const count = of.form === 'full-sphere' ? 12 * 4 ** of.parentOrder : of.parents.length;
  const fill = Number.isNaN(variable.fillValue) ? 'nan' : String(variable.fillValue);
  const all = Array<string | number>(size * count).fill(fill);
  of.parents.forEach((parent, place) => {
    if (!['data', 'partial', 'outdated'].includes(records[place]!.state)) return;
    all.splice((of.form === 'full-sphere' ? Number(parent) : place) * size, size, ...plain(valuesOf(place)[v]!));
  });
  return all;
}

test.each(names)('%s: zarr-python and our reader give the values that were written', async name => {
  const layout = forms[name]!;
  const { store, records } = stores.get(name)!;
  for (const of of [layout, ...overviewLayouts(layout)]) {
    const { arrays } = told[name]![String(of.childOrder)]!;
    const group = (await readGroup(store, of.childOrder))!;
    expect(group).toMatchObject({ form: layout.form ?? 'dense', finished: true, completeness: 'partial', others: [], parentOrder: 2, overviewOf: of.overviewOf });
    for (const [v, variable] of of.variables.entries()) {
      const wanted = expected(of, v, records);
      expect(arrays[variable.name]!.values).toEqual(wanted);
      const array = group.variables.find(one => one.name === variable.name)!;
      expect(plain(await readArray(store, array))).toEqual(wanted);
    }
  }
});

test.each(names)('%s: shapes, chunks and shards are what the form says', name => {
  const layout = forms[name]!;
  const { arrays } = told[name]!['4']!;
  const cells = layout.form === 'full-sphere' ? 3072 : 128;
  const inner = layout.innerOrder === undefined ? 16 : 4 ** (4 - layout.innerOrder);
  const shards = layout.innerOrder === undefined ? null : 16;
  expect(arrays.h_mean).toMatchObject({ dtype: 'float32', shape: [cells], chunks: [inner], shards: shards && [shards], dims: ['cells'] });
  expect(arrays.h_hist).toMatchObject({ dtype: 'uint16', shape: [cells, 3], chunks: [inner, 3], shards: shards && [shards, 3], dims: ['cells', 'h_hist_bin'], attributes: { bin_edges: [-10, 0, 0.5, 100] } });
  expect(arrays.h_hist_bin).toMatchObject({ dtype: 'float64', shape: [3], dims: ['h_hist_bin'], values: [-5, 0.25, 50.25] });
  expect(arrays.count!.attributes).toEqual({ units: '1', long_name: 'observations', flags: [1, 2], nested: { a: 'é' } });
  expect(Object.keys(arrays).filter(key => ['cell_ids', 'morton'].includes(key))).toHaveLength(layout.form === 'full-sphere' ? 0 : 2);
  if (arrays.cell_ids) expect([arrays.cell_ids.chunks, arrays.cell_ids.shards]).toEqual([[inner], shards && [shards]]);
});

test.each(names)('%s: the records of parents say what became of each, and the hashes are those of the chunks', async name => {
  const layout = forms[name]!;
  const { store, records } = stores.get(name)!;
  const order = layout.parents.map((_, i) => i);
  if (layout.form === 'full-sphere') order.sort((a, b) => Number(layout.parents[a]! - layout.parents[b]!));
  const { parents, states } = told[name]!['4']!;
  expect(parents!.parent!.values).toEqual(order.map(i => String(layout.parents[i]!)));
  expect(states).toEqual(order.map(i => records[i]!.state));
  expect(parents!.observations).toMatchObject({ dtype: 'int64', dims: ['parents'], values: order.map(i => String(records[i]!.observations)) });
  expect(parents!.cells_with_data!.values).toEqual(order.map(i => String(records[i]!.cellsWithData)));
  expect(parents!.content_hash).toMatchObject({ shape: [8, 32], dims: ['parents', 'hash_bytes'] });
  const stored = (await readParentRecords(store, 4))!;
  expect(stored).toEqual(order.map(i => {
    const { state, observations, cellsWithData, hash } = records[i]!;
    return { parent: layout.parents[i]!, state, observations, cellsWithData, hash };
  }));
  for (const { childOrder } of overviewLayouts(layout)) {
    const hashes = await readOverviewHashes(store, 4, childOrder);
    expect(hashes).toEqual(new Map(layout.parents.flatMap((parent, i) => (records[i]!.overviews ? [[parent, records[i]!.overviews![childOrder]]] : []))));
    expect(hashes!.size).toBeGreaterThan(3);
  }
  const group = (await readGroup(store, 4))!;
  const chunks = await readParents(store, group);
  expect(chunks.map(({ parent }) => parent)).toEqual(order.map(i => layout.parents[i]!));
  for (const [i, { index }] of chunks.entries()) expect(await verifyChunk(store, group, index)).toBe(stored[i]!.hash);
});

test('a content hash depends on the values and on nothing else', () => {
  const hashes = (name: string): unknown => stores.get(name)!.records.map(({ hash }) => hash);
  for (const name of names.filter(one => one !== 'grown')) expect(hashes(name)).toEqual(hashes('dense'));
  expect([...(hashes('grown') as string[])].sort()).toEqual([...(hashes('dense') as string[])].sort());
});

test.each(names)('%s: xarray opens each group, by both conventions where it has ids, else by the lines of the format', name => {
  const layout = forms[name]!;
  for (const [order, { decoded, arrays, sorted }] of Object.entries(told[name]!)) {
    expect(decoded).toHaveLength(4);
    for (const one of decoded) expect(one.level).toBe(Number(order));
    if (layout.form === 'full-sphere') {
      const [part, , whole] = decoded as [SeenGroup['decoded'][0], unknown, SeenGroup['decoded'][0]];
      expect(whole.cells).toEqual(Array.from({ length: 12 * 4 ** Number(order) }, (_, i) => String(i)));
      expect(whole.count).toEqual(arrays.count!.values);
      expect(part.count).toEqual(arrays.count!.values.slice(320, 384));
    } else {
      for (const one of decoded) {
        expect(one).toMatchObject({ coords: ['cell_ids', 'h_hist_bin', 'morton'], vars: ['count', 'h_hist', 'h_mean', 'id'], bins: [-5, 0.25, 50.25], bin_index: true });
        // The moc index sorts ids, which for parents in another order it must not be used with.
        if (name !== 'grown') expect(one.cells).toEqual(arrays.cell_ids!.values);
      }
      const byId = arrays.cell_ids!.values.map((id, i) => [Number(id), arrays.count!.values[i]] as const).sort(([a], [b]) => a - b);
      expect(sorted).toEqual({ cells: byId.map(([id]) => String(id)), count: byId.map(([, count]) => count) });
    }
  }
});

test('ids of overviews are those of their cells, though many parents share an object', () => {
  for (const name of ['overviews', 'overviews-gzip']) {
    for (const of of [...overviewLayouts(forms[name]!), ...foldedLayouts(forms[name]!, fold.notes)]) {
      const { arrays } = told[name]![String(of.childOrder)]!;
      const cells = 4n ** BigInt(of.childOrder - of.parentOrder);
      const ids = of.parents.flatMap(parent => Array.from({ length: Number(cells) }, (_, i) => parent * cells + BigInt(i)));
      expect(arrays.cell_ids!.values).toEqual(ids.map(String));
      expect([...stores.get(name)!.store.objects.keys()].filter(key => key.startsWith(`${of.childOrder}/cell_ids/c/`))).toHaveLength(1);
    }
  }
});

test('overviews say what they are worth; those of the parent order come with coarser ones', () => {
  expect(Object.keys(told.overviews!)).toEqual(['0', '1', '2', '3', '4']);
  expect(Object.keys(told['overviews-sphere']!)).toEqual(['0', '2', '3', '4']);
  const seen = (group: string, array: string): unknown => [told.overviews![group]!.arrays[array]!.attributes.overview, told.overviews![group]!.attributes.overview_of];
  expect(seen('3', 'h_mean')).toEqual(['exact', '4']);
  expect(['count', 'h_mean', 'id', 'h_hist'].map(array => seen('1', array))).toEqual([['exact', '4'], ['approximate', '4'], ['not composable', '4'], ['exact', '4']]);
  expect(told.overviews!['1']!.arrays.id!.attributes).toMatchObject({ overview_method: 'an id is of one cell' });
  expect(told.overviews!['4']!.attributes).toMatchObject({ overviews: ['0', '1', '3'] });
  expect(told.overviews!['4']!.arrays.count!.attributes).not.toHaveProperty('overview');
});

test.each(['overviews', 'overviews-gzip', 'overviews-sphere'])('%s: coarser overviews are folded from the parents with data', name => {
  const layout = forms[name]!;
  const { records } = stores.get(name)!;
  const finest = overviewLayouts(layout).find(of => of.childOrder === 2)!;
  const folded = foldedLayouts(layout, fold.notes);
  expect(folded.length).toBeGreaterThan(0);
  for (const of of folded) {
    const { arrays } = told[name]![String(of.childOrder)]!;
    const ids = of.form === 'full-sphere' ? Array.from({ length: 12 * 4 ** of.childOrder }, (_, i) => String(i)) : arrays.cell_ids!.values;
    ids.forEach((id, i) => {
      const below = layout.parents.map((_, place) => place).filter(place => Number(layout.parents[place]!) >> (2 * (2 - of.childOrder)) === Number(id) && ['data', 'partial', 'outdated'].includes(records[place]!.state));
      const counts = below.map(place => Number(formValues(finest, layout.parents[place]!)[0]![0]));
      const bins = below.map(place => Array.from(formValues(finest, layout.parents[place]!)[3]! as Uint16Array));
      expect(arrays.count!.values[i]).toBe(String(counts.reduce((a, b) => a + b, 0)));
      for (let k = 0; k < 3; k++) expect(arrays.h_hist!.values[3 * i + k]).toBe(String(bins.reduce((a, b) => a + b[k]!, 0)));
    });
    expect(new Set(arrays.id!.values)).toEqual(new Set(['18446744073709551615']));
  }
});

test('coverage is a compacted map of the parents with data, completeness what the records say', async () => {
  for (const name of names) {
    for (const { attributes } of Object.values(told[name]!)) expect(attributes).toMatchObject({ completeness: 'partial', coverage: { 1: [5], 2: [0, 9] } });
  }
  const store = new FakeStore();
  const records = await writeForm(store, base);
  const whole = records.map(record => (record.state === 'partial' || record.hash === undefined ? { ...record, state: 'empty' as const, hash: undefined } : { ...record, state: 'data' as const }));
  for (const [isComplete, said] of [[true, 'complete'], [false, 'partial']] as const) {
    await finishStore(store, base, { records: whole, isComplete });
    expect(await readGroup(store, 4)).toMatchObject({ completeness: said });
  }
  expect((store.json('4/zarr.json').attributes as Record<string, unknown>).coverage).toEqual({ 2: [0, 9, 21, 22, 23] });
});

test('equal runs give equal bytes', async () => {
  for (const name of ['sharded', 'sharded-gzip', 'sphere', 'overviews']) {
    const again = new FakeStore();
    await writeForm(again, forms[name]!);
    const content = (store: FakeStore): string[] => [...store.objects].map(([key, bytes]) => `${key} ${Buffer.from(bytes).toString('base64')}`).sort();
    expect(content(again)).toEqual(content(stores.get(name)!.store));
  }
});

test('our own inspection sees no difference, and names that between any two forms', async () => {
  for (const name of names) {
    const { store } = stores.get(name)!;
    expect(await inspectStore(store, forms[name]!)).toMatchObject({ kind: 'group', finished: true, differences: [], knowsParents: true });
    for (const other of names) {
      const state = await inspectStore(store, forms[other]!);
      const isSame = name === other || [name, other].sort().join() === 'dense,grown';
      expect([name, other, state.kind === 'group' && state.differences.length === 0]).toEqual([name, other, isSame]);
    }
  }
});
