import { finishStore, inspectStore, removeGroup, writeTemplate } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { layout, writeSample } from './sample.js';

const coarse = { ...layout, childOrder: 2, variables: [] };
const nodes = (store: FakeStore): string[] | undefined => {
  const consolidated = store.json('zarr.json').consolidated_metadata as { metadata: object } | undefined;
  return consolidated && Object.keys(consolidated.metadata);
};
const members = (group: number, ...names: string[]): string[] => [String(group), ...names.map(name => `${group}/${name}`)];

test('finishing writes one object, the root, with every node as it stands', async () => {
  const store = new FakeStore();
  await writeSample(store, layout, false);
  store.log.length = 0;
  await finishStore(store, 3);
  expect(store.log.filter(call => call.startsWith('put'))).toEqual(['put zarr.json']);
  const { metadata, ...rest } = store.json('zarr.json').consolidated_metadata as { metadata: Record<string, unknown> };
  expect(rest).toEqual({ kind: 'inline', must_understand: false });
  expect(Object.keys(metadata)).toEqual(members(3, 'cell_ids', 'count', 'h_mean', 'morton'));
  for (const [path, node] of Object.entries(metadata)) expect(node).toEqual(store.json(`${path}/zarr.json`));
});

test('another child order stands beside it', async () => {
  const store = new FakeStore();
  await writeSample(store, coarse);
  await writeSample(store);
  expect(nodes(store)).toEqual(['2', '3', '2/cell_ids', '2/morton', '3/cell_ids', '3/count', '3/h_mean', '3/morton']);
});

test('a group of ours that is not finished stays so; what others put there is listed', async () => {
  const store = new FakeStore();
  await writeTemplate(store, coarse);
  store.setText('maps/zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {}}');
  await writeSample(store);
  expect(nodes(store)).toEqual([...members(3, 'cell_ids', 'count', 'h_mean', 'morton'), 'maps']);
  expect(await inspectStore(store, coarse)).toMatchObject({ kind: 'group', finished: false });
});

test('a fill value above 2^53 is exact in the root too', async () => {
  const store = new FakeStore();
  await writeSample(store, { ...layout, variables: [{ name: 'a', dtype: 'uint64', fillValue: 18446744073709551615n }] });
  expect(store.text('zarr.json')).toContain('"fill_value": 18446744073709551615');
});

test('a template written anew makes the group unfinished, the other keeps its place', async () => {
  const store = new FakeStore();
  await writeSample(store, coarse);
  await writeSample(store);
  await writeTemplate(store, { ...layout, parents: [...layout.parents, 6n] });
  expect(nodes(store)).toEqual(members(2, 'cell_ids', 'morton'));
  expect(store.json('3/count/zarr.json').shape).toEqual([64]);
  expect(store.objects.has('3/count/c/0')).toBe(true);
});

test('finishing what is not there is an error', async () => {
  const store = new FakeStore();
  await expect(finishStore(store, 3)).rejects.toMatchObject({ tag: 'no-store' });
  await writeSample(store, coarse);
  await expect(finishStore(store, 3)).rejects.toMatchObject({ tag: 'no-store' });
});

test('removing a group removes that and nothing else', async () => {
  const store = new FakeStore();
  await writeSample(store, coarse);
  const before = new Map(store.objects);
  store.setText('33/zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {}}');
  store.setText('3notes.txt', 'keep');
  await writeSample(store);
  store.log.length = 0;
  await removeGroup(store, 3);
  expect(store.log.find(call => /^(put|delete)/.test(call))).toBe('put zarr.json');
  expect(store.log.at(-1)).toBe('delete 3/zarr.json');
  expect([...store.objects.keys()].sort()).toEqual([...before.keys(), '33/zarr.json', '3notes.txt'].sort());
  expect(nodes(store)).toEqual(['2', '33', '2/cell_ids', '2/morton']);
  await removeGroup(store, 2);
  await removeGroup(store, 33);
  expect(nodes(store)).toBeUndefined();
  expect([...store.objects.keys()].sort()).toEqual(['3notes.txt', 'zarr.json']);
});

test('a removal that was stopped is seen and can be repeated', async () => {
  const store = new FakeStore();
  await writeSample(store);
  store.failOn = call => call === 'delete 3/h_mean/c/1';
  await expect(removeGroup(store, 3)).rejects.toMatchObject({ tag: 'io' });
  expect(await inspectStore(store, layout)).toMatchObject({ kind: 'group', finished: false });
  store.failOn = () => false;
  await removeGroup(store, 3);
  expect([...store.objects.keys()]).toEqual(['zarr.json']);
});
