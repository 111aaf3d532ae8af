import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../../src/io/folder-store.node.js';
import {
  contentHash, createChunkWriter, finishStore, foldOverviews, foldedLayouts, inspectStore, makeRoom, overviewLayouts, portableCodecs, readGroup, readParentRecords, readParents, writeTemplate,
  type StoreLayout
} from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { base, fold, forms, formValues, writeForm, writeParents } from './forms.js';

const attributes = (store: FakeStore, group: number): Record<string, unknown> => store.json(`${group}/zarr.json`).attributes as Record<string, unknown>;
const copyOf = (store: FakeStore): FakeStore => {
  const copy = new FakeStore();
  for (const [key, bytes] of store.objects) copy.objects.set(key, bytes);
  return copy;
};
/** Everything in a store as one text: jest compares arrays of many objects for seconds. */
const content = (store: FakeStore): string => [...store.objects].map(([key, bytes]) => `${key} ${Buffer.from(bytes).toString('base64')}`).sort().join('\n');
const chunks = (store: FakeStore): Map<string, Uint8Array> => new Map([...store.objects].filter(([key]) => /\/c\//.test(key) && !key.includes('/parents/')));
/** The layout with only its first parents. */
const first = (of: StoreLayout, count: number): StoreLayout => ({ ...of, parents: of.parents.slice(0, count) });

test.each(['dense', 'sharded-gzip', 'overviews'])('%s: a group that grew is byte by byte one that was planned so', async name => {
  const layout = { ...forms[name]!, parents: forms.grown!.parents };
  const grown = new FakeStore();
  await writeForm(grown, first(layout, 5));
  const before = chunks(grown);
  await writeTemplate(grown, layout);
  expect(attributes(grown, 4)).toMatchObject({ completeness: 'unfinished' });
  expect(attributes(grown, 4)).not.toHaveProperty('coverage');
  expect(grown.json('zarr.json')).not.toHaveProperty('consolidated_metadata');
  expect(grown.json('4/count/zarr.json').shape).toEqual([128]);
  expect(grown.json('4/h_hist/zarr.json').shape).toEqual([128, 3]);
  // All chunks stand as they were; ids of overviews have become more.
  for (const [key, bytes] of before) if (!/^[0-3]\/(cell_ids|morton)\//.test(key)) expect([key, grown.objects.get(key)]).toEqual([key, bytes]);
  const state = await inspectStore(grown, layout);
  expect(state).toMatchObject({ kind: 'group', finished: false, differences: [], knowsParents: true });
  expect(state.kind === 'group' && state.parents.map(({ parent }) => parent)).toEqual(layout.parents);
  const records = await writeParents(grown, layout, [5, 6, 7]);
  await foldOverviews(grown, layout, fold, { records });
  await finishStore(grown, layout, { records });
  const planned = new FakeStore();
  await writeForm(planned, layout);
  expect(content(grown) === content(planned)).toBe(true);
});

test('a sphere takes new parents anywhere; nothing grows but the list', async () => {
  const layout = forms.sphere!;
  const some = { ...layout, parents: [140n, 9n, 22n] };
  const grown = new FakeStore();
  await writeForm(grown, some);
  expect((await readParentRecords(grown, 4))!.map(({ parent }) => parent)).toEqual([9n, 22n, 140n]);
  const before = grown.text('4/count/zarr.json');
  await writeTemplate(grown, layout);
  expect(grown.text('4/count/zarr.json')).toBe(before);
  const records = await writeParents(grown, layout, layout.parents.flatMap((parent, i) => (some.parents.includes(parent) ? [] : [i])));
  await finishStore(grown, layout, { records });
  const planned = new FakeStore();
  await writeForm(planned, layout);
  expect(content(grown) === content(planned)).toBe(true);
  await expect(writeTemplate(grown, some)).rejects.toThrow(/parent 0 is number 0 in the group 4\/ and is not in the layout/);
});

test('records of known parents are carried over, in the order of the new list', async () => {
  for (const [of, parents] of [[base, [...first(base, 3).parents, 7n]], [forms.sphere!, [7n, 20n, 9n, 0n]]] as const) {
    const store = new FakeStore();
    const records = await writeForm(store, first(of, 3));
    await writeTemplate(store, { ...of, parents });
    const none = { parent: 7n, state: 'not-computed', observations: 0, cellsWithData: 0, hash: undefined };
    const known = records.map((record, i) => ({ parent: base.parents[i]!, ...record }));
    expect(await readParentRecords(store, 4)).toEqual(of === base ? [...known, none] : [known[0], none, ...known.slice(1)]);
  }
});

test('parents in another order, or fewer, are refused before anything is written', async () => {
  const store = new FakeStore();
  await writeForm(store, first(base, 3));
  store.log.length = 0;
  for (const [parents, message] of [
    [[9n, 0n, 20n], /parent 0 is number 0 in the group 4\/ and the layout has 9 there/],
    [[0n, 9n], /parent 20 is number 2 .* the layout has none there/],
    [[0n, 1n, 9n, 20n], /parent 9 is number 1 .* has 1 there/]
  ] as const) await expect(writeTemplate(store, { ...base, parents })).rejects.toThrow(message);
  expect(store.log.filter(call => !call.startsWith('get'))).toEqual([]);
  await makeRoom(store, base);
  await writeTemplate(store, { ...base, parents: [9n] });
  expect(await readParents(store, (await readGroup(store, 4))!)).toEqual([{ index: 0, parent: 9n }]);
});

test('attributes of variables may change', async () => {
  const store = new FakeStore();
  await writeForm(store, base);
  const before = chunks(store);
  const renamed = { ...base, variables: base.variables.map(variable => ({ ...variable, attributes: { units: 'km' } })) };
  expect(await inspectStore(store, renamed)).toMatchObject({ differences: [] });
  await writeTemplate(store, renamed);
  expect(store.json('4/h_mean/zarr.json').attributes).toEqual({ units: 'km' });
  expect(chunks(store)).toEqual(before);
});

test('a template that stops at any write is a group or none, and can be written again', async () => {
  const layout = forms.overviews!;
  const whole = new FakeStore();
  await writeTemplate(whole, layout);
  const writes = whole.log.filter(call => call.startsWith('put')).length;
  expect(writes).toBeGreaterThan(30);
  for (let count = 0; count < writes; count++) {
    const store = new FakeStore();
    let left = count;
    store.failOn = call => call.startsWith('put') && left-- <= 0;
    await expect(writeTemplate(store, layout)).rejects.toMatchObject({ tag: 'io' });
    store.failOn = () => false;
    const { kind } = await inspectStore(store, layout);
    expect([count, kind]).toEqual([count, count === 0 ? 'nothing' : 'no-group']);
    await writeTemplate(store, layout);
    expect(content(store) === content(whole)).toBe(true);
  }
}, 60_000);

test('a group that stops growing at any write is continued, with its old parents or all', async () => {
  const layout = forms.overviews!;
  const before = new FakeStore();
  await writeForm(before, first(layout, 5));
  const whole = new FakeStore();
  await writeForm(whole, layout);
  const counted = copyOf(before);
  await writeTemplate(counted, layout);
  const writes = counted.log.filter(call => call.startsWith('put')).length;
  for (let count = 0; count < writes; count++) {
    const store = copyOf(before);
    let left = count;
    store.failOn = call => call.startsWith('put') && left-- <= 0;
    await expect(writeTemplate(store, layout)).rejects.toMatchObject({ tag: 'io' });
    store.failOn = () => false;
    const state = await inspectStore(store, layout);
    expect(state).toMatchObject({ kind: 'group', finished: count === 0, differences: [], knowsParents: true });
    const known = state.kind === 'group' ? state.parents.map(({ parent }) => parent) : [];
    expect([[0n, 9n, 20n, 21n, 22n], layout.parents]).toContainEqual(known);
    await writeTemplate(store, layout);
    const records = await writeParents(store, layout, [5, 6, 7]);
    await foldOverviews(store, layout, fold, { records });
    await finishStore(store, layout, { records });
    expect(content(store) === content(whole)).toBe(true);
  }
}, 60_000);

test('finishing that stops at any write leaves the group unfinished, and can be done again', async () => {
  const layout = forms.overviews!;
  const whole = new FakeStore();
  const records = await writeForm(whole, layout);
  const started = async (): Promise<FakeStore> => {
    const store = new FakeStore();
    await writeTemplate(store, layout);
    await writeParents(store, layout, layout.parents.map((_, i) => i));
    return store;
  };
  const end = async (store: FakeStore): Promise<void> => {
    await foldOverviews(store, layout, fold, { records });
    await finishStore(store, layout, { records });
  };
  const counted = await started();
  counted.log.length = 0;
  await end(counted);
  const writes = counted.log.filter(call => call.startsWith('put')).length;
  const ready = await started();
  for (let count = 0; count < writes; count++) {
    const store = copyOf(ready);
    let left = count;
    store.failOn = call => call.startsWith('put') && left-- <= 0;
    await expect(end(store)).rejects.toMatchObject({ tag: 'io' });
    store.failOn = () => false;
    expect(await inspectStore(store, layout)).toMatchObject({ kind: 'group', finished: false, differences: [] });
    await end(store);
    expect(content(store) === content(whole)).toBe(true);
  }
}, 60_000);

test('a group cannot be finished without its folded overviews', async () => {
  const store = new FakeStore();
  await writeTemplate(store, forms.overviews!);
  const records = await writeParents(store, forms.overviews!, []);
  await expect(finishStore(store, forms.overviews!, { records })).rejects.toMatchObject({ tag: 'no-store', message: expect.stringContaining('group 0/') as string });
  expect(store.objects.has('0/zarr.json')).toBe(false);
});

test('chunks of a folded overview go when their last parent with data does', async () => {
  const layout = forms.overviews!;
  const store = new FakeStore();
  const records = await writeForm(store, layout);
  expect(store.objects.has('1/count/c/1')).toBe(true);
  const fewer = records.map((record, i) => (layout.parents[i]! >> 4n === 1n ? { ...record, state: 'empty' as const, hash: undefined } : record));
  await foldOverviews(store, layout, fold, { records: fewer });
  expect([...store.objects.keys()].filter(key => /^1\/(count|h_hist)\/c\/1/.test(key))).toEqual([]);
  expect(store.objects.has('1/count/c/0')).toBe(true);
});

test('a fold gets each coarse cell once, with all its parents with data, ascending', async () => {
  const layout: StoreLayout = { ...forms.overviews!, overviews: [1], parents: [23n, 140n, 20n, 21n, 22n, 9n] };
  const store = new FakeStore();
  await writeTemplate(store, layout);
  const records = await writeParents(store, layout, layout.parents.map((_, i) => i));
  const asked: [number, number, number[], number][] = [];
  await foldOverviews(store, layout, { ...fold, fold: (variable, { cells, values }, out) => asked.push([variable, cells, [...values[0]!], out.length]) }, { records });
  const finest = overviewLayouts(layout)[0]!;
  const counts = (...parents: bigint[]): number[] => parents.map(parent => Number(formValues(finest, parent)[0]![0]));
  // Parent 22 is cell 5's too, and all of 20 to 23 have data; 140 is empty.
  expect(asked).toEqual([
    ...[0, 1, 3].map(v => [v, 1, counts(9n), v === 3 ? 3 : 1]),
    ...[0, 1, 3].map(v => [v, 4, counts(20n, 21n, 22n, 23n), v === 3 ? 3 : 1])
  ]);
});

test('an overview folds from the group itself where its cells are its parents', async () => {
  const layout: StoreLayout = { ...base, parentOrder: 4, parents: [16n, 17n, 18n, 40n], overviews: [3], variables: [base.variables[0]!] };
  const store = new FakeStore();
  await writeTemplate(store, layout);
  const writer = createChunkWriter(store, layout, portableCodecs);
  const written = layout.parents.map((_, place) => [Int32Array.of(place + 1)]);
  const records = await Promise.all(written.map(async values => ({ state: 'data' as const, observations: 1, cellsWithData: 1, hash: await contentHash(layout, values) })));
  for (const [place, values] of written.entries()) await writer.writeVariables(place, values);
  // Parents 17 and 40 of order 4, of which other hashes are told, by their morton ids.
  const others = records.map((record, i) => (i % 2 === 1 ? { ...record, hash: 'a'.repeat(64) } : record));
  await expect(foldOverviews(store, layout, { ...fold, notes: fold.notes.slice(0, 1) }, { records: others })).rejects.toMatchObject({
    tag: 'damaged-chunk', message: expect.stringMatching(/^the parent \d+ holds other values in the group 4\/ .*, and 1 more .* --redo --morton-cell 11212 --morton-cell 11331 computes them anew/) as string
  });
  await foldOverviews(store, layout, { ...fold, notes: fold.notes.slice(0, 1) }, { records });
  await finishStore(store, layout, { records });
  expect(overviewLayouts(layout)).toEqual([]);
  const [coarse] = foldedLayouts(layout, fold.notes);
  expect(coarse).toMatchObject({ childOrder: 3, parentOrder: 0, parents: [0n] });
  const values = new Int32Array(store.objects.get('3/count/c/0')!.buffer);
  expect([values[4], values[10], values.reduce((a, b) => a + b)]).toEqual([6, 4, 10]);
});

test('room is made for overviews too: those of the new layout keep their chunks, others go, other groups stay', async () => {
  const store = new FakeStore();
  await writeForm(store, { ...base, childOrder: 5, variables: [] });
  const other = new Map([...store.objects].filter(([key]) => key.startsWith('5/')));
  await writeForm(store, forms.overviews!);
  await makeRoom(store, { ...base, overviews: [3] });
  const groups = new Set([...store.objects.keys()].map(key => key.split('/')[0]));
  expect([...groups].sort()).toEqual(['3', '4', '5', 'zarr.json']);
  expect([...store.objects.keys()].filter(key => /^[34]\/.*zarr.json$|parents|_bin|^3\/(cell_ids|morton)/.test(key) && !key.startsWith('5/'))).toEqual(['4/zarr.json']);
  expect(store.objects.has('3/h_hist/c/1/0')).toBe(true);
  for (const [key, bytes] of other) expect(store.objects.get(key)).toEqual(bytes);
  expect(Object.keys((store.json('zarr.json').consolidated_metadata as { metadata: object }).metadata).every(path => path.startsWith('5'))).toBe(true);
});

test.each<[string, StoreLayout, StoreLayout, RegExp]>([
  ['a run into an overview of another group', forms.overviews!, { ...base, childOrder: 3 }, /the group 3\/, an overview of the group 4\/; choose another child order/],
  ['an overview over a group of its own', { ...base, childOrder: 3 }, { ...base, overviews: [3] }, /the group 3\/, where the overview of order 3 of the group 4\/ would be/],
  ['an overview over one of another group', { ...base, childOrder: 5, overviews: [3] }, { ...base, overviews: [3] }, /the group 3\/, an overview of the group 5\/, where the overview of order 3/],
  ['the overview of the parents, which nobody asked for', { ...base, childOrder: 2 }, { ...base, overviews: [1] }, /the group 2\/, where the overview of order 2/]
])('%s is not to be', async (_, standing, wanted, found) => {
  const store = new FakeStore();
  await writeForm(store, { ...standing, variables: base.variables });
  const state = await inspectStore(store, wanted);
  expect(state).toMatchObject({ kind: 'taken', found: expect.stringMatching(found) as string });
});

test('a second group beside the overviews of a first is finished alone', async () => {
  const store = new FakeStore();
  await writeForm(store, forms.overviews!);
  await writeTemplate(store, { ...base, childOrder: 5 });
  const finished = async (): Promise<boolean[]> => Promise.all([0, 1, 2, 3, 4, 5].map(async order => (await readGroup(store, order))!.finished));
  expect(await finished()).toEqual([true, true, true, true, true, false]);
  const records = await writeParents(store, { ...base, childOrder: 5 }, []);
  await finishStore(store, { ...base, childOrder: 5 }, { records });
  expect(await finished()).toEqual([true, true, true, true, true, true]);
  await writeTemplate(store, forms.overviews!);
  expect(await finished()).toEqual([true, true, false, false, false, true].map((was, order) => (order < 2 ? false : was)));
});

test('folders in which the new layout has objects stay when room is made, all others go', async () => {
  const root = mkdtempSync(join(tmpdir(), 'magg-'));
  try {
    const store = folderStore(root);
    await writeForm(store, forms.overviews!);
    const first = forms.overviews!.variables.find(({ bins }) => bins === undefined)!.name;
    await makeRoom(store, { ...base, parents: base.parents.slice(0, 1), variables: base.variables.filter(({ name }) => name !== first) });
    const folders = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => statSync(join(root, name)).isDirectory()).sort();
    expect(folders.filter(name => !name.startsWith('4'))).toEqual([]);
    expect(folders).toContain('4/parents/state/c');
    expect(folders).not.toContain(`4/${first}`);
    // A chunk of a histogram has a folder of its own; only that of the first parent stays.
    expect(folders.filter(name => /h_hist\/c\//.test(name))).toEqual(['4/h_hist/c/0']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
