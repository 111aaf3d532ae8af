import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseConfig, type PipelineConfig } from '../../../src/config/index.js';
import { judge, judgeJson } from '../../judge.js';
import { eventsOfType, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
let rows: Readonly<Record<string, number>>;

beforeAll(() => {
  rows = judgeJson('hosts/cli/init_granules.py', [folder]);
});

interface Made {
  readonly path: string;
  readonly text: string;
  readonly config: PipelineConfig;
  readonly out: string;
  readonly err: string;
}

/** Makes a config, lets it be validated, runs it on its granule, and expects that many observations. */
async function init(name: string, expected: number, options: { readonly granule?: string; readonly answers?: readonly string[] } = {}): Promise<Made> {
  const path = join(folder, `${name}.yaml`);
  const { code, out, err } = await runMagg(['init', options.granule ?? join(folder, `${name}.h5`), '--output', path], options.answers ? { answers: options.answers } : {});
  if (code !== 0) throw new Error(err);
  expect(out).toContain(`wrote ${path}; next: magg run ${path} --dry-run`);
  expect(await runMagg(['validate', path])).toMatchObject({ code: 0, err: '', out: expect.stringContaining(': valid, ') as string });
  const ran = await runMagg(['run', path, '--json', '--store', join(folder, `${name}.zarr`)]);
  expect([ran.code, ran.err]).toEqual([0, '']);
  expect(eventsOfType(ran, 'run-finished')[0]!.summary).toMatchObject({ outcome: 'complete', totalObs: expected });
  const text = readFileSync(path, 'utf8');
  return { path, text, config: parseConfig(text).config!, out, err };
}

test('two coordinates and a height: no groups, what the file says of it, notes that cannot break the file', async () => {
  const { text, config, out, err } = await init('flat', rows.flat!);
  expect(err).toBe('');
  expect(config.source).toMatchObject({ groups: undefined, granules: [join(folder, 'flat.h5')], latitude: { dataset: '/lat' }, columns: [{ name: 'h', dataset: '/h' }], filters: [] });
  expect(config.variables.find(({ name }) => name === 'h_mean')).toMatchObject({ dtype: 'float32', attributes: { units: 'm', long_name: 'mean of height: above\nthe # ellipsoid' } });
  expect(out).toContain('statistics of /h\n');
  expect(text).toContain('child_order: 12  # guessed');
  // Another program reads the same from the file.
  expect(judge('import sys, zarr\ng = zarr.open_group(sys.argv[1])["12"]\nprint(int(g["count"][:].sum()), dict(g["h_mean"].attrs)["units"])', [join(folder, 'flat.zarr')]).toString()).toBe(`${rows.flat} m\n`);
});

test('beams with folders below them: groups, the column with its errors, the flag that the file explains', async () => {
  const { text, config, out } = await init('beams', rows.beams!);
  expect(config.source).toMatchObject({
    groups: ['beam 1', 'beam 2', 'beam-3'], latitude: { dataset: '/data/{group}/geo/latitude' },
    columns: [{ name: 'elevation', dataset: '/data/{group}/obs/elevation' }, { name: 'elevation_sigma' }],
    filters: [{ dataset: '/data/{group}/obs/quality', test: { op: 'equal', value: 1 } }]
  });
  expect(config.variables.map(({ name }) => name)).toEqual(['count', 'elevation_min', 'elevation_max', 'elevation_mean', 'elevation_weighted', 'elevation_std']);
  expect(text).toContain('# The file says of it: 0 bad, 1 good');
  expect(text).not.toContain('height_extra');
  expect(out).toContain('1,500 rows in 3 groups (beam 1, beam 2, beam-3)\n');
});

test('two sets of coordinates: the likelier one, unless somebody chooses', async () => {
  const { text, config } = await init('photons', rows.segments!);
  expect(config.source).toMatchObject({ groups: ['gt1l', 'gt2r'], latitude: { dataset: '/{group}/segments/latitude' }, columns: [{ name: 'dem_h' }] });
  expect(text).toContain('# Other coordinates in the file: /{group}/heights/lat_ph and lon_ph, 3000 rows.');
  expect(text).toMatch(/# Other columns with as many rows:\n {2}# {3}\/\{group\}\/segments\/canopy\n {2}# {3}\/\{group\}\/segments\/geoid\n/);
  const asked = await init('asked', rows.photons!, { granule: join(folder, 'photons.h5'), answers: ['5', 'x', '2'] });
  expect(asked.err.match(/Which coordinates\?/g)).toHaveLength(3);
  expect(asked.config.source).toMatchObject({ latitude: { dataset: '/{group}/heights/lat_ph' }, columns: [{ name: 'h_ph' }], filters: [] });
  expect(asked.text).toMatch(/# All rows are kept\. .*\n {2}# quality_filter:\n {2}# {3}dataset: "\/\{group\}\/heights\/quality_ph"\n/);
  expect(await runMagg(['init', join(folder, 'photons.h5'), '--output', join(folder, 'no.yaml')], { answers: ['9', '0', '-'] })).toMatchObject({ code: 2, err: expect.stringContaining('expected a number from 1 to 2; nothing was written') as string });
  expect((await runMagg(['init', join(folder, 'photons.h5'), '--output', join(folder, 'yes.yaml'), '--yes'], { answers: [] })).code).toBe(0);
});

test('names that mean something in an expression; whole numbers', async () => {
  const { config } = await init('whole-numbers', rows['whole-numbers']!);
  expect(config.source.latitude.dataset).toBe('/Latitude');
  expect(['min_', 'count_']).toContain(config.source.columns[0]!.name);
  expect(config.variables.find(({ name }) => name.endsWith('_mean'))!.dtype).toBe('float64');
});

test('known products have their built-in config, by attribute or by name', async () => {
  const { config, out } = await init('product', rows.product!);
  expect(out).toContain('ATL06: the built-in config atl06; of its groups the granule has gt1r\n');
  expect(config.variables.map(({ name }) => name)).toContain('h_sigma');
  const real = await init('real', (await observations()), { granule: GRANULES[0]! });
  expect(real.config.source.columns.map(({ name }) => name)).toEqual(['h_li', 's_li']);
  async function observations(): Promise<number> {
    const said = judge(`import sys, h5py
n = 0
with h5py.File(sys.argv[1]) as f:
    for beam in ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"]:
        if beam + "/land_ice_segments" in f: n += int((f[beam + "/land_ice_segments/atl06_quality_summary"][:] == 0).sum())
print(n)`, [GRANULES[0]!]);
    return Promise.resolve(Number(said.toString()));
  }
});

test('refused: a file that is there, a folder that is not, no coordinates, no HDF5', async () => {
  const path = join(folder, 'mine.yaml');
  writeFileSync(path, 'mine');
  expect(await runMagg(['init', join(folder, 'flat.h5'), '--output', path])).toMatchObject({ code: 2, err: expect.stringContaining('exists and is left as it is') as string });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect((await runMagg(['init', join(folder, 'flat.h5'), '--output', join(folder, 'no', 'x.yaml')])).err).toContain('does not exist; make it first');
  const other = join(folder, 'swath.yaml');
  expect(await runMagg(['init', join(folder, 'swath.h5'), '--output', other])).toMatchObject({ code: 2, err: expect.stringContaining('no two datasets of one dimension that are named like latitude and longitude') as string });
  expect((await runMagg(['init', path, '--output', other])).err).toContain(`${basename(path)} is not an HDF5 file`);
  expect(existsSync(other)).toBe(false);
});
