import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, judgeJson } from '../../judge.js';
import { CONFIG, configWith, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const granule = GRANULES.at(-1)!;

test('a granule: every dataset with the shape that h5py sees', async () => {
  const shapes = judgeJson<Record<string, number[]>>(
    `import json, sys, h5py\nshapes = {}\nh5py.File(sys.argv[1]).visititems(lambda name, node: shapes.update({'/' + name: list(node.shape)}) if isinstance(node, h5py.Dataset) else None)\nprint(json.dumps(shapes))\n`,
    [granule]
  );
  const { code, out } = await runMagg(['inspect', granule, '--json']);
  expect(code).toBe(0);
  const { kind, nodes } = JSON.parse(out) as { kind: string; nodes: readonly { kind: string; path: string; shape: number[] }[] };
  expect(kind).toBe('hdf5');
  expect(Object.fromEntries(nodes.filter(node => node.kind === 'dataset').map(({ path, shape }) => [path, shape]))).toEqual(shapes);
  const text = await runMagg(['inspect', granule]);
  expect(text.out).toMatch(new RegExp(`^.*\\.h5: HDF5, 1\\.7 MB, ${Object.keys(shapes).length} datasets\n`));
  expect(text.out).toMatch(/^ {2}\/gt1l\/land_ice_segments\/h_li +\(26\) {2}float32 /m);
});

test('names and attributes cannot move the cursor', async () => {
  const path = join(folder, 'escape.h5');
  judge(`import sys, h5py\nf = h5py.File(sys.argv[1], 'w')\nf.attrs['title'] = 'a\\x1b[31mb\\nc'\nf['x\\x1b[2J'] = [1.0]\n`, [path]);
  const { code, out } = await runMagg(['inspect', path]);
  expect(code).toBe(0);
  expect(out).not.toContain('\x1b');
  expect(out).toContain('\\x1b[31mb');
});

test('a store, a catalog', async () => {
  const [store, catalog] = [join(folder, 's.zarr'), join(folder, 'c.json')];
  const config = configWith(join(folder, 'config'), [granule]);
  expect((await runMagg(['run', config, '--store', store])).code).toBe(0);
  const shown = await runMagg(['inspect', store]);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toMatch(/: Zarr v3, groups of order 12\n {2}12\/: HEALPix order 12 \(about 1\.6 km\) in \d chunks of order 6, authalic latitude, finished\n {4}count +int32 {2}fill 0 /);
  expect(JSON.parse((await runMagg(['inspect', store, '--json'])).out)).toMatchObject({ kind: 'zarr', groups: [{ child_order: 12, parent_order: 6, latitude: 'authalic', finished: true }] });

  expect((await runMagg(['catalog', '--from', ...GRANULES, '--output', catalog])).code).toBe(0);
  expect((await runMagg(['inspect', catalog])).out).toMatch(/: catalog of 7 cells of order 6 \(about 102 km\), authalic latitude\n {2}8 granules, 1 to 5 a cell\n/);
  expect(JSON.parse((await runMagg(['inspect', catalog, '--json'])).out)).toMatchObject({ kind: 'catalog', parent_order: 6, granules: 8 });
});

test('other things: what they are, and what to do', async () => {
  const at = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'empty'));
  for (const [path, message] of [
    [CONFIG, /is a config; check it with: magg validate/],
    [at('config.json', '{"data_source": {}}'), /is a config; check it with/],
    [at('notes.txt', 'dear diary'), /is none of the things that magg knows; expected a granule \(HDF5\), a Zarr store or a catalog \(JSON\)/],
    [at('nothing.h5', ''), /is empty; expected a granule/],
    [at('other.json', '{"a": 1}'), /other\.json: expected the member "metadata"/],
    [join(folder, 'missing'), /does not exist; expected a granule/],
    [join(folder, 'empty'), /holds no group of a magg store/]
  ] as const) {
    const { code, out, err } = await runMagg(['inspect', path]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  }
});
