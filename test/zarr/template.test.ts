import { writeTemplate } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { layout, writeSample } from './sample.js';

const WGS84 = { name: 'WGS84', semimajor_axis: 6378137, inverse_flattening: 298.257223563 };

test('the group has exactly the attributes that readers take', async () => {
  const store = new FakeStore();
  await writeTemplate(store, layout);
  expect(store.json('zarr.json')).toEqual({ zarr_format: 3, node_type: 'group', attributes: {} });
  expect(store.json('3/zarr.json')).toEqual({
    zarr_format: 3,
    node_type: 'group',
    attributes: {
      coordinates: 'cell_ids morton',
      latitude_convention: 'authalic-wgs84',
      layout: 'dense',
      parent_order: 1,
      completeness: 'unfinished',
      zarr_conventions: [expect.objectContaining({ name: 'dggs', uuid: '7b255807-140c-42ca-97f6-7a1cfecdbc38' })],
      dggs: { name: 'healpix', refinement_level: 3, indexing_scheme: 'nested', spatial_dimension: 'cells', coordinate: 'cell_ids', compression: 'none', ellipsoid: WGS84 }
    }
  });
  expect(store.json('3/cell_ids/zarr.json').attributes).toEqual({ grid_name: 'healpix', level: 3, indexing_scheme: 'nested', ellipsoid: WGS84 });
  expect([...store.objects.keys()].filter(key => !key.endsWith('zarr.json') && !key.startsWith('3/parents/'))).toEqual([]);
});

test('a spherical store never carries WGS84', async () => {
  const store = new FakeStore();
  await writeTemplate(store, { ...layout, latitude: 'spherical' });
  const all = [...store.objects.keys()].map(key => store.text(key)).join('');
  expect(all).not.toContain('WGS84');
  expect(store.json('3/zarr.json').attributes).toMatchObject({ latitude_convention: 'geodetic-spherical', dggs: { ellipsoid: { name: 'sphere', radius: 6371007.180918474 } } });
});

test('fill values are exact', async () => {
  const store = new FakeStore();
  await writeTemplate(store, { ...layout, variables: [
    { name: 'a', dtype: 'uint64', fillValue: 18446744073709551615n }, { name: 'b', dtype: 'float64', fillValue: -Infinity },
    { name: 'c', dtype: 'int8', fillValue: -1 }, { name: 'd', dtype: 'float32', fillValue: 1.5 }, { name: 'e', dtype: 'float32', fillValue: NaN }
  ] });
  expect(['a', 'b', 'c', 'd', 'e'].map(name => /"fill_value": (.*),/.exec(store.text(`3/${name}/zarr.json`))![1])).toEqual(['18446744073709551615', '"-Infinity"', '-1', '1.5', '"NaN"']);
});

test('equal runs give equal bytes', async () => {
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    const [a, b] = [new FakeStore(), new FakeStore()];
    await writeSample(a, { ...layout, compression });
    await writeSample(b, { ...layout, compression });
    expect([...a.objects].sort()).toEqual([...b.objects].sort());
    // The time in a gzip header (RFC 1952, MTIME) is none.
    if (compression === 'gzip') expect([...a.objects.get('3/count/c/0')!.slice(4, 8)]).toEqual([0, 0, 0, 0]);
  }
});

test('the metadata of the group is written last: a template that was stopped is no group', async () => {
  const store = new FakeStore();
  await writeTemplate(store, layout);
  expect(store.log.filter(call => call.startsWith('put')).at(0)).toBe('put zarr.json');
  expect(store.log.at(-1)).toBe('put 3/zarr.json');
});

test('a root that stands keeps its attributes', async () => {
  const store = new FakeStore();
  store.setText('zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {"title": "mine", "big": 12345678901234567890}}');
  await writeSample(store);
  expect(store.json('zarr.json')).toMatchObject({ attributes: { title: 'mine' }, consolidated_metadata: { kind: 'inline', must_understand: false } });
  expect(store.text('zarr.json')).toContain('12345678901234567890');
});

test.each([
  ['orders the wrong way round', { parentOrder: 4 }, /parent order from 0 to the child order 3, found 4/],
  ['chunks too large', { parentOrder: 0, childOrder: 13 }, /parent order from 1 to the child order 13/],
  ['an order that is none', { childOrder: 30 }, /from 0 to 29, found 30/],
  ['decimal ids that do not fit', { parentOrder: 18, childOrder: 19 }, /uint64/],
  ['no parents', { parents: [] }, /at least one parent/],
  ['a parent outside', { parents: [48n] }, /below 48 at order 1, found 48/],
  ['a parent twice', { parents: [1n, 1n] }, /parent 1 stands twice/],
  ['a variable named as a coordinate', { variables: [{ name: 'morton', dtype: 'int8', fillValue: 0 }] }, /morton is used twice/],
  ['a name that leaves the group', { variables: [{ name: '../x', dtype: 'int8', fillValue: 0 }] }, /found "\.\.\/x"/],
  ['a name that is metadata', { variables: [{ name: 'zarr.json', dtype: 'int8', fillValue: 0 }] }, /found "zarr.json"/]
] as const)('%s is refused before anything is written', async (_, change, message) => {
  const store = new FakeStore();
  await expect(writeTemplate(store, { ...layout, ...change })).rejects.toThrow(message);
  expect(store.log).toEqual([]);
});
