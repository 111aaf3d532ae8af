import { readGroup, writeTemplate } from '../../src/zarr/index.js';
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

test('a full sphere of the finest order has a length that no double prints', async () => {
  const store = new FakeStore();
  await writeTemplate(store, { ...layout, form: 'full-sphere', parentOrder: 24, childOrder: 29, mortonDtype: 'uint64', parents: [0n, (12n << 48n) - 1n] });
  expect(store.text('29/count/zarr.json')).toContain('"shape": [\n    3458764513820540928\n  ]');
  expect([...store.objects.keys()].filter(key => /cell_ids|morton/.test(key))).toEqual([]);
  expect(store.json('29/zarr.json').attributes).not.toHaveProperty('coordinates');
  expect(Object.keys((store.json('29/zarr.json').attributes as { dggs: object }).dggs)).toEqual(['name', 'refinement_level', 'indexing_scheme', 'spatial_dimension', 'ellipsoid']);
  expect(await readGroup(store, 29)).toMatchObject({ form: 'full-sphere', parentOrder: 24, chunks: 12 * 4 ** 24, others: [], cellIds: undefined });
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
  ['inner chunks larger than a parent', { innerOrder: 0 }, /inner chunks of an order from the parent order 1 to the child order 3, found 0/],
  ['inner chunks smaller than a cell', { innerOrder: 4 }, /found 4/],
  ['an overview of its own order', { overviews: [3] }, /overviews of orders from 0 to 2, found 3/],
  ['overviews in no order', { overviews: [2, 1] }, /to ascend, found 1 after 2/],
  ['a variable named as the records of parents', { variables: [{ name: 'parents', dtype: 'int8', fillValue: 0 }] }, /parents is used twice/],
  ['a variable named as the bins of another', { variables: [{ name: 'h', dtype: 'int8', fillValue: 0, bins: [0, 1] }, { name: 'h_bin', dtype: 'int8', fillValue: 0 }] }, /h_bin is used twice/],
  ['bins that do not ascend', { variables: [{ name: 'h', dtype: 'int8', fillValue: 0, bins: [0, 1, 1] }] }, /ascending edges of bins for h, found \[0,1,1\]/],
  ['bins without an end', { variables: [{ name: 'h', dtype: 'int8', fillValue: 0, bins: [0, Infinity] }] }, /ascending edges/],
  ['no bin', { variables: [{ name: 'h', dtype: 'int8', fillValue: 0, bins: [0] }] }, /at least two/],
  ['more values a chunk than fit', { parentOrder: 0, childOrder: 12, parents: [0n], variables: [{ name: 'h', dtype: 'int8', fillValue: 0, bins: Array.from({ length: 10 }, (_, i) => i) }] }, /9 bins in 16777216 cells/],
  ['an attribute by which readers change values', { variables: [{ name: 'h', dtype: 'int8', fillValue: 0, attributes: { scale_factor: 2 } }] }, /scale_factor of h has a meaning of its own/],
  ['an attribute that is ours', { variables: [{ name: 'h', dtype: 'int8', fillValue: 0, attributes: { bin_edges: [1] } }] }, /bin_edges of h/],
  ['a name that is metadata', { variables: [{ name: 'zarr.json', dtype: 'int8', fillValue: 0 }] }, /found "zarr.json"/]
] as const)('%s is refused before anything is written', async (_, change, message) => {
  const store = new FakeStore();
  await expect(writeTemplate(store, { ...layout, ...change })).rejects.toThrow(message);
  expect(store.log).toEqual([]);
});
