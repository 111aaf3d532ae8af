import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from '../../../src/io/folder-store.node.js';
import { readArray, readGroup } from '../../../src/zarr/index.js';
import { judge, judgeJson } from '../../judge.js';
import { eventsOf, eventsOfType, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
judge('hosts/cli/lost_rows.py', ['make', folder]);
const theirs = judgeJson<{ readonly lost: Readonly<Record<string, number>>; readonly rows: number; readonly cells: Readonly<Record<string, readonly [number, number, number]>> }>('hosts/cli/lost_rows.py', ['judge', folder]);
const granule = join(folder, 'lost.h5');
const catalog = join(folder, 'lost.json');

const configText = (latitude = 'lat', filters = 'quality_filter: { dataset: "/{group}/q", value: 0 }'): string => `
data_source:
  granules: [lost.h5]
  groups: [gt1l, gt2r]
  coordinates: { latitude: "/{group}/${latitude}", longitude: "/{group}/lon" }
  variables: { h: "/{group}/h" }
  ${filters}
aggregation:
  variables:
    count: { function: len, source: h, dtype: int32, fill_value: 0 }
    mean: { function: mean, source: h, dtype: float64 }
    var: { function: var, source: h, dtype: float64 }
output:
  grid: { parent_order: 6, child_order: 12 }
`;

function configFile(name: string, text: string): string {
  const path = join(folder, `${name}.magg.yaml`);
  writeFileSync(path, text);
  return path;
}
const CONFIG = configFile('plain', configText());
const store = (name: string): string => join(folder, `${name}.zarr`);
const files = (name: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(store(name), { recursive: true, encoding: 'utf8' }).filter(file => statSync(join(store(name), file)).isFile()).map(file => [file, readFileSync(join(store(name), file), 'base64')]));

beforeAll(async () => {
  const { code, out } = await runMagg(['run', CONFIG, '--store', store('local')]);
  expect([code, out]).toEqual([0, expect.stringContaining('complete: ') as string]);
});

test('cells hold what numpy computes of the rows that have a position', async () => {
  const group = (await readGroup(folderStore(store('local')), 12))!;
  const read = (name: string) => readArray(folderStore(store('local')), group.variables.find(variable => variable.name === name)!);
  const [ids, counts, means, variances] = [await readArray(folderStore(store('local')), group.cellIds!), await read('count'), await read('mean'), await read('var')];
  const ours = new Map([...ids].flatMap((id, i) => (counts[i] === 0 ? [] : [[String(id), [counts[i], means[i], variances[i]] as [number, number, number]]])));
  expect([...ours.keys()].sort()).toEqual(Object.keys(theirs.cells).sort());
  for (const [id, [count, mean, variance]] of Object.entries(theirs.cells)) {
    const own = ours.get(id)!;
    expect(own[0]).toBe(count);
    expect(Math.abs(own[1] - mean)).toBeLessThan(1e-9 * mean);
    expect(Math.abs(own[2] - variance)).toBeLessThan(1e-9 * Math.max(1, variance));
  }
});

test('every back end leaves the same rows out, and says so alike: events, summary, status', async () => {
  expect(theirs.lost).toEqual({ gt1l: 3, gt2r: 1 });
  expect((await runMagg(['catalog', '--from', granule, '--config', CONFIG, '--output', catalog])).code).toBe(0);
  const index = ['--index', join(folder, 'index')];
  const byCatalog = ['--catalog', catalog];
  const ways: Readonly<Record<string, readonly string[]>> = {
    'catalog': [CONFIG, ...byCatalog], 'indexes': [CONFIG, ...byCatalog, ...index], 'by-index': [CONFIG, ...byCatalog, ...index],
    'cells': [CONFIG, ...byCatalog, '--backend', 'cells'], 'cells-by-index': [CONFIG, ...byCatalog, '--backend', 'cells', ...index]
  };
  for (const [name, words] of Object.entries(ways)) {
    const ended = await runMagg(['run', ...words, '--store', store(name), '--json']);
    expect([name, ended.code]).toEqual([name, 0]);
    expect(files(name)).toEqual(files('local'));
    expect(eventsOf(ended).at(-1)).toMatchObject({ type: 'run-finished', summary: { outcome: 'complete', rowsWithoutPosition: 4, totalObs: theirs.rows } });
    const notices = eventsOfType(ended, 'run-notice').filter(({ tag }) => tag === 'rows-without-position').map(({ message }) => message).sort();
    expect(notices).toEqual([
      expect.stringMatching(/^1 row of \S*lost\.h5 gt2r without position, all at the fill value: left out of all cells\. Row 77 has the latitude 1\.797\S+e\+308 \(the fill value\) in \/gt2r\/lat, .* range: \[-90, 90\]/) as string,
      expect.stringMatching(/^3 rows of \S*lost\.h5 gt1l without position: left out of all cells\. Row 123 has the latitude NaN in \/gt1l\/lat, the longitude 5 in \/gt1l\/lon; expected/) as string
    ]);
    const status = await runMagg(['status', store(name), '--json']);
    expect([status.code, JSON.parse(status.out)]).toEqual([0, expect.objectContaining({ groups: [expect.objectContaining({ last_run: expect.objectContaining({ rows_without_position: 4 }) as unknown })] })]);
  }
  expect((await runMagg(['status', store('cells')])).out).toContain(', 4 rows without position (NaN, fill value or out of range) in no cell');
});

test('a person is told of the number and of the first row of each group; the catalog counts alike, without filters', async () => {
  const { out, err } = await runMagg(['run', CONFIG, '--store', store('told')]);
  expect(out).toContain('\n4 rows without position (NaN, fill value or out of range) in no cell\n');
  expect(err.split('\n').filter(Boolean)).toHaveLength(2);
  const made = await runMagg(['catalog', '--from', granule, '--config', CONFIG, '--output', join(folder, 'again.json')]);
  expect([made.code, made.out]).toEqual([0, expect.stringContaining('\n5 rows without position (NaN, fill value or out of range) in no cell\n') as string]);
});

test('a filter on the coordinates leaves such rows out without a word, and the cells are the same', async () => {
  const filters = 'filters: [{ dataset: "/{group}/q", equal: 0 }, { dataset: "/{group}/lat", range: [-90, 90] }, { dataset: "/{group}/lon", range: [-360, 360] }]';
  const ended = await runMagg(['run', configFile('filtered', configText('lat', filters)), '--store', store('filtered'), '--json']);
  expect(eventsOf(ended).at(-1)).toMatchObject({ summary: { outcome: 'complete', rowsWithoutPosition: 0, totalObs: theirs.rows } });
  expect(eventsOfType(ended, 'run-notice')).toEqual([]);
  const values = (name: string): [string, string][] => [...files(name)].filter(([file]) => /^12\/(count|mean|var)\/c\//.test(file));
  expect(values('filtered')).toEqual(values('local'));
});

test('another dataset in the place of the latitude is an error that says so, for a run and for a catalog', async () => {
  const wrong = configFile('wrong', configText('h'));
  for (const words of [['run', wrong, '--store', store('wrong')], ['catalog', '--from', granule, '--config', wrong, '--output', join(folder, 'wrong.json')]]) {
    const { code, err } = await runMagg(words);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(/the coordinates of \S*lost\.h5 gt1l are not in degrees, or not latitude and longitude: none of the 9000 rows has a position\. Row 0 has the latitude \d+\.\d+ in \/gt1l\/h/);
  }
});
