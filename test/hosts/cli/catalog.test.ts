import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseCatalog, type Catalog } from '../../../src/catalog/index.js';
import { judgeJson } from '../../judge.js';
import { CONFIG, configWith, copyGranules, EXAMPLE, GRANULES, runMagg, temporaryFolder, tracesOf } from './run-magg.js';

const folder = temporaryFolder();
let next = 0;

async function build(...words: string[]): Promise<Catalog> {
  const output = join(folder, `catalog-${next++}.json`);
  const { code, out, err } = await runMagg(['catalog', '--output', output, ...words]);
  if (code !== 0) throw new Error(err);
  expect(out).toMatch(/^\d+ cells? of order \d+ from \d+ granules?\nwrote .*\.json\n$/);
  return parseCatalog(readFileSync(output, 'utf8'));
}

/** Parents with rows and their granules, filters not applied: of three orders, and of order 6 in a box around a part of the first granule. */
const JUDGE = `
import json, sys
import h5py, healpy, numpy as np
f = 1 / 298.257223563
e = np.sqrt(f * (2 - f))
q = lambda s: (1 - e**2) * (s / (1 - (e * s) ** 2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))
rows = {}
for path in sys.argv[1:]:
    with h5py.File(path) as file:
        beams = [b for b in ("gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r") if b in file]
        lat, lon = (np.concatenate([file[f"{b}/land_ice_segments/{n}"][:] for b in beams]) for n in ("latitude", "longitude"))
        rows[path] = lat, lon, np.degrees(np.arcsin(q(np.sin(np.radians(lat))) / q(1.0)))
def cells(order, box=None):
    found = {}
    for path, (lat, lon, authalic) in rows.items():
        keep = np.full(lat.shape, True) if box is None else (lon >= box[0]) & (lat >= box[1]) & (lon <= box[2]) & (lat <= box[3])
        for cell in np.unique(healpy.ang2pix(2**order, lon[keep], authalic[keep], nest=True, lonlat=True)): found.setdefault(int(cell), []).append(path)
    return [[cell, sorted(found[cell])] for cell in sorted(found)]
lat, lon, _ = rows[sys.argv[1]]
middle = [round(float(np.median(v)), 2) for v in (lon, lat)]
box = [round(middle[0] - 0.8, 2), round(middle[1] - 0.3, 2), round(middle[0] + 0.8, 2), round(middle[1] + 0.3, 2)]
print(json.dumps({"box": box, "inBox": cells(6, box), "of": {order: cells(order) for order in (4, 6, 9)}}))
`;
type Cells = readonly (readonly [number, readonly string[]])[];
let judged: { readonly box: readonly number[]; readonly inBox: Cells; readonly of: Readonly<Record<string, Cells>> };
beforeAll(() => {
  judged = judgeJson(JUDGE, GRANULES);
}, 30_000);
const cellsOf = ({ cells }: Catalog): unknown => cells.map(({ cell, granules }) => [Number(cell), [...granules].sort()]);

test.each([4, 6, 9])('order %d: the cells and granules that healpy finds', async order => {
  expect(cellsOf(await build('--from', ...GRANULES, '--parent-order', String(order)))).toEqual(judged.of[order]);
});

test('metadata: from the names, from the words, complete', async () => {
  const plain = await build('--from', EXAMPLE);
  expect(plain.metadata).toMatchObject({ parent_order: 6, total_cells: 7, total_granules: 8, latitude: 'authalic-wgs84', start_date: '2019-04-16', end_date: '2019-06-25' });
  const told = await build('--from', ...GRANULES.slice(0, 2), '--short-name', 'ATL06', '--version', '007', '--provider', 'NSIDC_CPRD', '--parent-order', '5');
  expect(told.metadata).toMatchObject({ short_name: 'ATL06', version: '007', provider: 'NSIDC_CPRD', parent_order: 5, total_granules: 2 });
});

test('the version of the program is still that of the program', async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };
  expect(await runMagg(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('periods: days include both ends, cycles last 91 days', async () => {
  const granules = async (...words: string[]) => (await build('--from', EXAMPLE, ...words)).metadata.total_granules;
  expect(await granules('--start-date', '2019-04-24', '--end-date', '2019-06-13')).toBe(4);
  expect(await granules('--start-date', '2019-06-25')).toBe(1);
  // Cycle 3 is 2019-04-13 to 2019-07-12.
  expect(await granules('--cycle', '3')).toBe(8);
});

test('a box keeps exactly the cells with rows in it', async () => {
  const { box, inBox } = judged;
  expect(inBox.length).toBeGreaterThan(0);
  expect(inBox.length).toBeLessThan(7);
  const found = await build('--from', ...GRANULES, '--bbox', box.join(','));
  expect(cellsOf(found)).toEqual(inBox);
  expect(found.metadata.bbox).toEqual(box);
  const ended = await runMagg(['run', CONFIG, '--catalog', join(folder, `catalog-${next - 1}.json`), '--store', join(folder, 'box.zarr')]);
  expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/^complete: .*\n[^]*rows beyond the area that the catalog was cut to/) as string });
});

test('latitude convention and order of a config', async () => {
  const config = configWith(join(folder, 'spherical'), ['*.h5'], ['parent_order: 6', 'parent_order: 8\n    latitude: spherical']);
  const built = await build('--from', ...GRANULES.slice(0, 1), '--config', config);
  expect(built).toMatchObject({ parentOrder: 8, latitude: 'spherical' });
});

test.each([
  [[], /searching NASA's catalogue comes with a later version; name granules, folders or patterns with --from/],
  [['--bbox', '-52,67,-45,70'], /name granules, folders or patterns with --from/],
  [['--from', EXAMPLE, '--polygon', 'x.geojson'], /--polygon comes with a later version; use --bbox/],
  [['--from', EXAMPLE, '--bbox', '1,2,3'], /expected --bbox lon_min,lat_min,lon_max,lat_max in degrees, such as -52,67,-45,70, found 1,2,3/],
  [['--from', EXAMPLE, '--parent-order', '25'], /Expected a whole number from 0 to 24/],
  [['--from', EXAMPLE, '--start-date', '2019-02-30'], /expected --start-date as YYYY-MM-DD, found 2019-02-30/],
  [['--from', EXAMPLE, '--start-date', '2019-02-03', '--end-date', '2019-02-01'], /period asked for is empty/],
  [['--from', EXAMPLE, '--cycle', '20'], /none of the 8 granules starts in the period/],
  [['--from', join(EXAMPLE, 'no*.h5')], /matches no file/],
  [['--from', GRANULES[0]!, GRANULES[0]!], /is given twice/]
])('%j is refused', async (words, message) => {
  const output = join(folder, 'refused.json');
  const { code, out, err } = await runMagg(['catalog', '--output', output, ...words]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(tracesOf(output)).toEqual([]);
});

test('a box without rows: no catalog', async () => {
  const output = join(folder, 'nothing.json');
  const { code, err } = await runMagg(['catalog', '--from', GRANULES[0]!, '--bbox', '0,0,1,1', '--output', output]);
  expect(code).toBe(1);
  expect(err).toMatch(/no row of the 1 granules lies in --bbox 0,0,1,1; no catalog was written/);
  expect(tracesOf(output)).toEqual([]);
});

test('a name without a date cannot be chosen by date', async () => {
  const [path] = copyGranules(join(folder, 'renamed'), [GRANULES[0]!]);
  const renamed = join(folder, 'renamed', 'mine.h5');
  writeFileSync(renamed, readFileSync(path!));
  expect(await runMagg(['catalog', '--from', renamed, '--cycle', '3', '--output', join(folder, 'x.json')])).toMatchObject({ code: 2, err: expect.stringMatching(/mine\.h5 has no date in its name/) as string });
});

test('what is no catalog is not overwritten; a catalog is', async () => {
  const config = configWith(join(folder, 'mistaken'), ['*.h5']);
  const before = readFileSync(config, 'utf8');
  expect(await runMagg(['catalog', '--from', GRANULES[0]!, '--output', config])).toMatchObject({ code: 2, err: expect.stringMatching(/exists and is no catalog; it is left as it is/) as string });
  expect(readFileSync(config, 'utf8')).toBe(before);
  mkdirSync(join(folder, 'dir'));
  expect(await runMagg(['catalog', '--from', GRANULES[0]!, '--output', join(folder, 'dir')])).toMatchObject({ code: 2, err: expect.stringMatching(/is a folder; name a file in it/) as string });
  expect(await runMagg(['catalog', '--from', GRANULES[0]!, '--output', join(folder, 'no/where.json')])).toMatchObject({ code: 2, err: expect.stringMatching(/does not exist; make it first/) as string });
  const output = join(folder, 'again.json');
  for (const from of [GRANULES[0]!, GRANULES[1]!]) expect((await runMagg(['catalog', '--from', from, '--output', output])).code).toBe(0);
  expect(readFileSync(output, 'utf8')).toContain(basename(GRANULES[1]!));
});
