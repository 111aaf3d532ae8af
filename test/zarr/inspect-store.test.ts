import { inspectStore, makeRoom, readGroup, readParents, writeTemplate, type StoreLayout, type StoreState } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { finishSample, layout, writeSample } from './sample.js';

const withSample = async (of: StoreLayout = layout, finished = true): Promise<FakeStore> => {
  const store = new FakeStore();
  await writeSample(store, of, finished);
  return store;
};
const differences = (state: StoreState): string[] => {
  if (state.kind !== 'group') throw new Error(`found ${state.kind}`);
  return state.differences.map(({ name, expected, found }) => `${name}: ${expected} | ${found}`);
};

test('nothing at the path', async () => {
  expect(await inspectStore(new FakeStore(), layout)).toEqual({ kind: 'nothing' });
});

test.each([
  ['other files', { 'thesis.tex': 'x', 'data/a.csv': 'y' }, /^data\/a.csv and 1 other files, but no zarr.json/],
  ['a Zarr v2 store', { '.zgroup': '{"zarr_format": 2}' }, /\.zgroup, but no zarr.json/],
  ['an array', { 'zarr.json': '{"zarr_format": 3, "node_type": "array"}' }, /a Zarr array/],
  ['zarr.json that is no JSON', { 'zarr.json': 'hello' }, /no JSON/],
  ['zarr.json that is no text', { 'zarr.json': '\ud800' }, /no JSON/],
  ['zarr.json of another version', { 'zarr.json': '{"zarr_format": 4}' }, /zarr_format 4/],
  ['zarr.json without a version', { 'zarr.json': '{"a": 1}' }, /no zarr_format/],
  ['zarr.json with a list', { 'zarr.json': '[]' }, /no object/],
  ['files in the folder of the group', { 'zarr.json': '{"zarr_format": 3, "node_type": "group"}', '3/notes.txt': '' }, /3\/notes.txt in a folder without/]
])('%s is foreign or damaged, and left as it is', async (_, files, found) => {
  const store = new FakeStore();
  for (const [key, text] of Object.entries(files)) store.setText(key, text);
  const state = await inspectStore(store, layout);
  const isUnreadable = /no JSON|zarr_format|no object/.test(found.source);
  expect(state).toEqual(isUnreadable ? { kind: 'damaged', file: 'zarr.json', found: expect.stringMatching(found) as string } : { kind: 'foreign', found: expect.stringMatching(found) as string });
  expect(store.log.filter(call => /^(put|delete)/.test(call))).toEqual([]);
});

test('a store without our group, and one whose template was stopped', async () => {
  const store = await withSample({ ...layout, childOrder: 2, variables: [] });
  expect(await inspectStore(store, layout)).toEqual({ kind: 'no-group' });
  store.failOn = call => call === 'put 3/zarr.json';
  await expect(writeTemplate(store, layout)).rejects.toMatchObject({ tag: 'io' });
  store.failOn = () => false;
  expect(await inspectStore(store, layout)).toEqual({ kind: 'no-group' });
});

test.each(['none', 'gzip', 'zstd'] as const)('our group with codec %s: finished or not, no difference', async compression => {
  const of = { ...layout, compression };
  const parents = of.parents.map((parent, index) => ({ index, parent }));
  expect(await inspectStore(await withSample(of), of)).toMatchObject({ kind: 'group', finished: true, differences: [], parents });
  expect(await inspectStore(await withSample(of, false), of)).toMatchObject({ kind: 'group', finished: false, differences: [], parents });
});

/** A store of a program that keeps no list of its parents. */
const withoutList = async (of: StoreLayout = layout): Promise<FakeStore> => {
  const store = await withSample(of, false);
  for (const key of [...store.objects.keys()]) if (key.startsWith('3/parents/')) store.objects.delete(key);
  return store;
};

test('parents are known from the template on; without their list from the ids, as far as those are written', async () => {
  const store = new FakeStore();
  await writeTemplate(store, layout);
  expect(await inspectStore(store, layout)).toMatchObject({ finished: false, differences: [], knowsParents: true, parents: [{ index: 0, parent: 0n }, { index: 1, parent: 5n }, { index: 2, parent: 47n }] });
  const old = await withoutList();
  expect(await inspectStore(old, layout)).toMatchObject({ differences: [], knowsParents: true, parents: [{ index: 0 }, { index: 1 }, { index: 2 }] });
  old.objects.delete('3/cell_ids/c/1');
  expect(await inspectStore(old, layout)).toMatchObject({ differences: [], knowsParents: false, parents: [{ index: 0, parent: 0n }, { index: 2, parent: 47n }] });
});

test('ids that a killed run left half-written count as not written yet, a list that it left so as none', async () => {
  for (const of of [...(['none', 'gzip', 'zstd'] as const).map(compression => ({ ...layout, compression })), { ...layout, innerOrder: 2 }]) {
    const store = await withoutList(of);
    store.objects.set('3/cell_ids/c/1', store.objects.get('3/cell_ids/c/1')!.slice(0, 5));
    expect(await inspectStore(store, of)).toMatchObject({ differences: [], parents: [{ index: 0 }, { index: 2 }] });
    await expect(readParents(store, (await readGroup(store, 3))!)).rejects.toMatchObject({ tag: 'damaged-chunk' });
  }
  const store = await withSample(layout, false);
  store.objects.set('3/parents/parent/c/0', store.objects.get('3/parents/parent/c/0')!.slice(0, 17));
  expect(await inspectStore(store, layout)).toMatchObject({ differences: [], knowsParents: true, parents: [{ parent: 0n }, { parent: 5n }, { parent: 47n }] });
  await expect(readParents(store, (await readGroup(store, 3))!)).rejects.toMatchObject({ tag: 'damaged-store' });
  await writeTemplate(store, layout);
  expect(await readParents(store, (await readGroup(store, 3))!)).toHaveLength(3);
});

test('other parents are no difference: a group grows', async () => {
  for (const parents of [[0n, 5n, 47n, 6n], [1n], [47n, 5n]]) expect(differences(await inspectStore(await withSample(), { ...layout, parents }))).toEqual([]);
});

test('without parents in the layout those of the store are fine', async () => {
  const open = { ...layout, parents: undefined };
  expect(await inspectStore(await withSample(), open)).toMatchObject({ kind: 'group', differences: [], parents: [{ parent: 0n }, { parent: 5n }, { parent: 47n }] });
  expect(differences(await inspectStore(await withSample(), { ...open, latitude: 'spherical' }))).toEqual(['latitude: spherical | authalic']);
});

const [count, mean] = layout.variables;
test.each<[string, Partial<StoreLayout>, string[]]>([
  ['grid', { parentOrder: 2, parents: [0n] }, ['grid: chunks of order 2 | chunks of order 1']],
  ['latitude', { latitude: 'spherical' }, ['latitude: spherical | authalic']],
  ['a variable missing', { variables: [count!, mean!, { name: 'h_max', dtype: 'float32', fillValue: NaN }] }, ['variables: h_max | no such arrays']],
  ['a variable too many', { variables: [count!] }, ['variables: no other arrays | h_mean']],
  ['dtype', { variables: [count!, { ...mean!, dtype: 'float64' }] }, ['dtype: h_mean of float64 | h_mean of float32']],
  ['fill value', { variables: [{ ...count!, fillValue: -1 }, { ...mean!, fillValue: 0.1 }] }, ['fill_value: -1 in count | 0 in count', 'fill_value: 0.1 in h_mean | NaN in h_mean']],
  ['morton', { mortonDtype: 'uint64' }, ['dtype: morton of uint64 | morton of int64']],
  ['codecs', { compression: 'gzip' }, ['count', 'h_mean', 'cell_ids', 'morton'].map(name => `codecs: gzip in ${name} | none in ${name}`)],
  ['layout', { form: 'full-sphere' }, ['layout: full-sphere | dense']],
  ['sharding', { innerOrder: 2 }, ['count', 'h_mean', 'cell_ids', 'morton'].map(name => `sharding: inner chunks of 4 cells in ${name} | no shards in ${name}`)],
  ['overviews', { overviews: [0, 2] }, ['overviews: 0, 1, 2 (1, the parent order, is added: coarser ones are folded from it) | none']],
  ['overviews with the parent order', { overviews: [0, 1] }, ['overviews: 0, 1 | none']],
  ['bins', { variables: [{ ...count!, bins: [0, 1, 2] }, mean!] }, ['bins: bins of [0,1,2] in count | no bins in count']]
])('names the difference in %s', async (_, change, expected) => {
  expect(differences(await inspectStore(await withSample(), { ...layout, ...change }))).toEqual(expected);
});

test('fill values that JSON or float32 would round are the same when they are', async () => {
  const of: StoreLayout = { ...layout, variables: [
    { name: 'a', dtype: 'uint64', fillValue: 18446744073709551615n }, { name: 'b', dtype: 'float32', fillValue: 0.1 }, { name: 'c', dtype: 'int64', fillValue: 7 }
  ] };
  const store = await withSample(of);
  expect(differences(await inspectStore(store, of))).toEqual([]);
  const near = { ...of, variables: [{ ...of.variables[0]!, fillValue: 18446744073709551614n }, ...of.variables.slice(1)] };
  expect(differences(await inspectStore(store, near))).toEqual(['fill_value: 18446744073709551614 in a | 18446744073709551615 in a']);
});

test.each<[string, (store: FakeStore) => void, RegExp]>([
  ['a group without cell_ids', store => store.objects.delete('3/cell_ids/zarr.json'), /no array cell_ids/],
  ['chunks of another length', store => store.setText('3/cell_ids/zarr.json', store.text('3/cell_ids/zarr.json').replace('[\n        16', '[\n        15')), /chunk_grid/],
  ['chunks of a huge length', store => store.setText('3/cell_ids/zarr.json', store.text('3/cell_ids/zarr.json').replace('[\n        16', '[\n        4611686018427387904')), /chunk_grid/],
  ['a length that is no number of chunks', store => store.setText('3/cell_ids/zarr.json', store.text('3/cell_ids/zarr.json').replace('[\n    48', '[\n    49')), /49 cells in chunks of 16/],
  ['more cells than the sphere has', store => store.setText('3/cell_ids/zarr.json', store.text('3/cell_ids/zarr.json').replace('[\n    48', '[\n    784')), /784 cells in chunks of 16/],
  ['a chunk of ids that begins within a parent', store => store.objects.set('3/cell_ids/c/1', new Uint8Array(BigUint64Array.from({ length: 16 }, (_, i) => BigInt(81 + i)).buffer)), /begin with the first cell.*found 81/],
  ['a parent in two chunks', store => store.objects.set('3/cell_ids/c/1', store.objects.get('3/cell_ids/c/2')!), /chunks 1 and 2 .* same parent, 47/],
  ['another refinement level', store => store.setText('3/zarr.json', store.text('3/zarr.json').replace('"refinement_level": 3', '"refinement_level": 4')), /refinement level 4/],
  ['metadata that is no JSON', store => store.setText('3/zarr.json', '{'), /no JSON/],
  ['an array in place of the group', store => store.setText('3/zarr.json', '{"zarr_format": 3, "node_type": "array"}'), /is no group/]
])('%s is a difference in the grid', async (_, damage, found) => {
  const store = await withoutList();
  damage(store);
  const [first, ...rest] = differences(await inspectStore(store, layout));
  expect(first).toMatch(/^grid: HEALPix of order 3 in chunks of order 1/);
  expect(first).toMatch(found);
  expect(rest).toEqual([]);
});

test('an array of another form, and one that is not ours, are named', async () => {
  const store = await withSample();
  store.setText('3/count/zarr.json', store.text('3/count/zarr.json').replace('"little"', '"big"'));
  store.setText('3/quicklook/zarr.json', '{"zarr_format": 3, "node_type": "array", "data_type": "float32", "shape": [4, 4]}');
  expect(differences(await inspectStore(store, layout))).toEqual([
    expect.stringMatching(/^variables: count as magg writes it \| count with codecs/),
    'variables: no other arrays | quicklook'
  ]);
});

test('errors of the store itself are not taken for its content', async () => {
  const store = await withSample();
  store.failOn = call => call === 'get 3/count/zarr.json';
  await expect(inspectStore(store, layout)).rejects.toMatchObject({ tag: 'io' });
});

test('room is made: nothing of the group is left but the chunks to be replaced', async () => {
  const store = await withSample();
  await makeRoom(store, layout);
  expect([...store.objects.keys()].filter(key => !/^3\/\w+\/c\/[012]$/.test(key))).toEqual(['zarr.json', '3/zarr.json']);
  await writeTemplate(store, layout);
  await finishSample(store);
  expect(await inspectStore(store, layout)).toMatchObject({ kind: 'group', finished: true, differences: [] });
});
