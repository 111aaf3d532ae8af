import { inspectStore, makeRoom, writeTemplate } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { finishSample, layout, writeSample } from './sample.js';

const coarse = { ...layout, childOrder: 2, variables: [] };
const nodes = (store: FakeStore): string[] | undefined => {
  const consolidated = store.json('zarr.json').consolidated_metadata as { metadata: object } | undefined;
  return consolidated && Object.keys(consolidated.metadata);
};
const RECORDS = ['parents/cells_with_data', 'parents/content_hash', 'parents/observations', 'parents/parent', 'parents/state', 'parents'];
/** What a group has, in the order of keys: ids, variables and the records of its parents. */
const members = (group: number, ...variables: string[]): string[] => [String(group), ...['cell_ids', ...variables, 'morton', ...RECORDS].map(name => `${group}/${name}`)];


test('finishing writes the root last, with every node as it stands', async () => {
  const store = new FakeStore();
  await writeSample(store, layout, false);
  store.log.length = 0;
  await finishSample(store);
  const puts = store.log.filter(call => call.startsWith('put')).map(call => call.slice(4));
  expect(puts.slice(-2)).toEqual(['3/zarr.json', 'zarr.json']);
  expect(puts.slice(0, -2).filter(key => !key.startsWith('3/parents/'))).toEqual([]);
  const { metadata, ...rest } = store.json('zarr.json').consolidated_metadata as { metadata: Record<string, unknown> };
  expect(rest).toEqual({ kind: 'inline', must_understand: false });
  expect(Object.keys(metadata)).toEqual(members(3, 'count', 'h_mean'));
  for (const [path, node] of Object.entries(metadata)) expect(node).toEqual(store.json(`${path}/zarr.json`));
});

test('another child order stands beside it', async () => {
  const store = new FakeStore();
  await writeSample(store, coarse);
  await writeSample(store);
  expect(nodes(store)).toEqual(['2', '3', ...members(2).slice(1), ...members(3, 'count', 'h_mean').slice(1)]);
});

test('a group of ours that is not finished stays so; what others put there is listed', async () => {
  const store = new FakeStore();
  await writeTemplate(store, coarse);
  store.setText('maps/zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {}}');
  await writeSample(store);
  expect(nodes(store)).toEqual([...members(3, 'count', 'h_mean'), 'maps']);
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
  expect(nodes(store)).toEqual(members(2));
  expect(store.json('3/count/zarr.json').shape).toEqual([64]);
  expect(store.objects.has('3/count/c/0')).toBe(true);
});

test('finishing what is not there is an error', async () => {
  const store = new FakeStore();
  await expect(finishSample(store)).rejects.toMatchObject({ tag: 'no-store' });
  await writeSample(store, coarse);
  await expect(finishSample(store)).rejects.toMatchObject({ tag: 'no-store' });
});

test('making room removes the group, and nothing else', async () => {
  const store = new FakeStore();
  await writeSample(store, coarse);
  const before = new Map(store.objects);
  store.setText('33/zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {}}');
  store.setText('3notes.txt', 'keep');
  await writeSample(store);
  store.log.length = 0;
  const others = { ...layout, parents: [9n], variables: [layout.variables[0]!] };
  await makeRoom(store, others);
  expect(store.log.find(call => /^(put|delete)/.test(call))).toBe('put zarr.json');
  expect(store.log).not.toContain('delete 3/zarr.json');
  const stays = ['3/count/c/0', '3/cell_ids/c/0', '3/morton/c/0'];
  expect([...store.objects.keys()].sort()).toEqual([...before.keys(), '3/zarr.json', '33/zarr.json', '3notes.txt', ...stays].sort());
  expect(nodes(store)).toEqual(['2', '33', ...members(2).slice(1)]);
  await makeRoom(store, { ...coarse, parents: [9n] });
  expect(nodes(store)).toEqual(['33']);
});

test('making room that was stopped is seen and can be repeated', async () => {
  const store = new FakeStore();
  await writeSample(store);
  const bare = { ...layout, parents: [9n], variables: [] };
  store.failOn = call => call === 'delete 3/h_mean/c/1';
  await expect(makeRoom(store, bare)).rejects.toMatchObject({ tag: 'io' });
  expect(await inspectStore(store, layout)).toMatchObject({ kind: 'group', finished: false });
  store.failOn = () => false;
  await makeRoom(store, bare);
  expect([...store.objects.keys()].sort()).toEqual(['3/cell_ids/c/0', '3/morton/c/0', '3/zarr.json', 'zarr.json']);
});
