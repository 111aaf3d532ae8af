import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mortonDecimal } from '../../../src/grid/index.js';
import { judgeJson } from '../../judge.js';
import { chunkOf, CONFIG, configWith, eventsOfType, GRANULES, runMagg, temporaryFolder, tracesOf, VARIABLES, type Ended } from './run-magg.js';

// The first granule of the example is replaced by a damaged copy of the same name.
const folder = temporaryFolder();
const name = basename(GRANULES[0]!);
const whole = join(folder, 'whole.zarr');
const catalog = join(folder, 'whole.json');
let made: { readonly kept: number; readonly touched: Readonly<Record<string, readonly number[]>> };
/** Parents of the undamaged run in ascending nested order. */
let cells: readonly { readonly morton: string; readonly granules: readonly string[] }[];

beforeAll(async () => {
  made = judgeJson('hosts/cli/damaged_granules.py', [GRANULES[0]!, folder]);
  expect((await runMagg(['run', CONFIG, '--store', whole])).code).toBe(0);
  expect((await runMagg(['catalog', '--from', ...GRANULES, '--output', catalog])).code).toBe(0);
  const { out } = await runMagg(['run', CONFIG, '--store', whole, '--dry-run', '--json']);
  cells = (JSON.parse(out) as { cells: { cell: string; granules: string[] }[] }).cells.map(({ cell, granules }) => ({ morton: cell, granules }));
}, 60_000);

const damaged = (kind: string): string => join(folder, kind, name);
const mortons = (nested: readonly number[]): readonly string[] => nested.map(id => mortonDecimal(BigInt(id), 6).toString());

interface Done {
  readonly json: Ended;
  readonly store: string;
}

async function runWith(kind: string): Promise<Done> {
  const store = join(folder, `${kind}.zarr`);
  const config = configWith(join(folder, `${kind}-config`), [damaged(kind), ...GRANULES.slice(1)]);
  return { json: await runMagg(['run', config, '--store', store, '--json']), store };
}

/** The same with a catalog that lists the damaged copy. */
async function runWithCatalog(kind: string): Promise<Done> {
  const store = join(folder, `${kind}-catalog.zarr`);
  const file = join(folder, `${kind}.json`);
  const text = readFileSync(catalog, 'utf8').replaceAll(GRANULES[0]!, damaged(kind));
  writeFileSync(file, text);
  return { json: await runMagg(['run', configWith(join(folder, `${kind}-config`), undefined), '--catalog', file, '--store', store, '--json']), store };
}

/** Failed cells have their ids and nothing else; all others are byte for byte those of the undamaged run. */
function expectOnlyTheseFailed({ json, store }: Done, failed: readonly string[]): void {
  expect(eventsOfType(json, 'cell-failed').map(({ cell }) => cell).sort()).toEqual([...failed].sort());
  cells.forEach(({ morton }, place) => {
    for (const id of ['cell_ids', 'morton']) expect(chunkOf(store, id, place)).toBe(chunkOf(whole, id, place));
    for (const variable of VARIABLES) {
      if (failed.includes(morton)) expect(chunkOf(store, variable, place)).toBe('absent');
      else expect(chunkOf(store, variable, place)).toBe(chunkOf(whole, variable, place));
    }
  });
}

test('the judge and the undamaged run agree on the cells', () => {
  const touched = new Set(Object.values(made.touched).flat());
  expect([...mortons([...touched])].sort()).toEqual(cells.filter(cell => cell.granules.includes(name)).map(cell => cell.morton).sort());
});

describe.each([
  ['bad-chunk', 'h_li', /could not be read/],
  ['other-size', 'h_li', /39,?996|40,?000/],
  ['text', 'h_li', /text|string|number/i],
  ['no-dataset', 'h_li_sigma', /h_li_sigma/],
  ['lost', 'h_li', /the HDF5 library, asked for \/gt2l\/land_ice_segments\/h_li, did not answer within 4 s.*Download it again, or take it off the list/]
])('%s in one beam', (kind, dataset, cause) => {
  test('fails the cells that the beam touches, names granule, beam, dataset and cause; the rest is right', async () => {
    const done = await runWith(kind);
    expect(done.json.code).toBe(3);
    const failures = eventsOfType(done.json, 'granule-failed');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ granule: name, group: 'gt2l' });
    expect(failures[0]!.message).toContain(name);
    expect(failures[0]!.message).toContain(`gt2l/land_ice_segments/${dataset}`);
    expect(failures[0]!.message).toMatch(cause);
    for (const event of eventsOfType(done.json, 'cell-failed')) expect(event).toMatchObject({ granule: name, group: 'gt2l' });
    expectOnlyTheseFailed(done, mortons(made.touched.gt2l!));
    expect(eventsOfType(done.json, 'run-finished')[0]!.summary).toMatchObject({ outcome: 'partial', groupsFailed: 1, cellsFailed: made.touched.gt2l!.length });
  });

  test('the same with a catalog', async () => {
    const done = await runWithCatalog(kind);
    expect(done.json.code).toBe(3);
    expectOnlyTheseFailed(done, mortons(made.touched.gt2l!));
  });
});

describe.each([
  ['truncated', /truncated|bytes long/],
  ['empty', /is empty/],
  ['login-page', /is not an HDF5 file/]
])('%s granule', (kind, cause) => {
  test('without a catalog nobody knows its cells: nothing is written', async () => {
    const { json, store } = await runWith(kind);
    expect(json.code).toBe(1);
    expect(json.err).toMatch(cause);
    expect(json.err).toContain(damaged(kind));
    expect(json.err).toMatch(/Download it again.*nothing was written/);
    expect(tracesOf(store)).toEqual([]);
  });

  test('with a catalog its cells fail and the others are right', async () => {
    const done = await runWithCatalog(kind);
    expect(done.json.code).toBe(3);
    const failures = eventsOfType(done.json, 'granule-failed');
    expect(new Set(failures.map(({ granule }) => granule))).toEqual(new Set([name]));
    expect(failures[0]!.message).toMatch(cause);
    expectOnlyTheseFailed(done, cells.filter(cell => cell.granules.includes(name)).map(cell => cell.morton));
  });

  test('a catalog cannot be built from it', async () => {
    const output = join(folder, `${kind}-from.json`);
    const { code, err } = await runMagg(['catalog', '--from', damaged(kind), '--output', output]);
    expect(code).toBe(1);
    expect(err).toMatch(cause);
    expect(tracesOf(output)).toEqual([]);
  });
});

describe.each([
  ['latitude-91', 'latitude 91'],
  ['latitude-nan', 'latitude NaN']
])('%s', (kind, value) => {
  test('costs that row alone, which is named; without a catalog and with one', async () => {
    const undamaged = (await runMagg(['status', whole, '--json'])).out;
    const { groups: [before] } = JSON.parse(undamaged) as { groups: [{ observations: number }] };
    for (const done of [await runWith(kind), await runWithCatalog(kind)]) {
      expect(done.json.code).toBe(0);
      const notices = eventsOfType(done.json, 'run-notice').filter(({ tag }) => tag === 'rows-without-position');
      expect(notices).toEqual([expect.objectContaining({ message: expect.stringContaining(`1 row of ${damaged(kind)} gt2l without position`) as string })]);
      expect(notices[0]!.message).toContain(`Row ${made.kept} has the ${value} in /gt2l/land_ice_segments/latitude`);
      expect(eventsOfType(done.json, 'run-finished')[0]!.summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 1, totalObs: before.observations - 1, cellsFailed: 0 });
      const differ = cells.filter((_, place) => chunkOf(done.store, 'count', place) !== chunkOf(whole, 'count', place));
      expect(differ).toHaveLength(1);
      expect(mortons(made.touched.gt2l!)).toContain(differ[0]!.morton);
    }
  });
});

test('a chunk of coordinates that is damaged: nothing is written', async () => {
  const { json, store } = await runWith('bad-latitude-chunk');
  expect(json.code).toBe(1);
  expect(json.err).toMatch(/gt2l\/land_ice_segments\/latitude of .* could not be read/);
  expect(tracesOf(store)).toEqual([]);
});

test('a column that only the full HDF5 library reads is the same column', async () => {
  const done = await runWith('virtual');
  expect(done.json.code).toBe(0);
  expectOnlyTheseFailed(done, []);
});

test('longitudes from 0 to 360 mean the same', async () => {
  const done = await runWith('longitude-360');
  expect(done.json.code).toBe(0);
  expectOnlyTheseFailed(done, []);
});

test('a beam without rows is the same as no beam, and neither is a failure', async () => {
  const [none, empty] = [await runWith('no-beam'), await runWith('no-rows')];
  expect([none.json.code, empty.json.code]).toEqual([0, 0]);
  const outcome = ({ json }: Done): unknown => eventsOfType(json, 'granule-finished').find(event => event.granule === name && event.group === 'gt2l')?.outcome;
  expect([outcome(none), outcome(empty)]).toEqual(['absent', 'empty']);
  expect(chunkOf(none.store, 'count', 0)).not.toBe('absent');
  cells.forEach((_, place) => {
    for (const variable of VARIABLES) expect(chunkOf(none.store, variable, place)).toBe(chunkOf(empty.store, variable, place));
  });
});

test('a granule whose rows are all rejected: its own cells end empty, no failure', async () => {
  const config = configWith(join(folder, 'rejected-config'), [damaged('all-rejected')]);
  const ended = await runMagg(['run', config, '--store', join(folder, 'rejected.zarr'), '--json']);
  expect(ended.code).toBe(0);
  expect(eventsOfType(ended, 'cell-empty').map(({ cell }) => cell).sort()).toEqual([...mortons([...new Set(Object.values(made.touched).flat())])].sort());
  expect(eventsOfType(ended, 'granule-finished').map(({ outcome }) => outcome)).toEqual(Array(6).fill('filtered'));
});

test('a person reads the same: granule, beam, dataset, cause, cells, and how it ended', async () => {
  const config = configWith(join(folder, 'text-config'), [damaged('bad-chunk'), ...GRANULES.slice(1)]);
  const { code, out, err } = await runMagg(['run', config, '--store', join(folder, 'person.zarr')]);
  expect(code).toBe(3);
  expect(err).toMatch(new RegExp(`^${name} gt2l: gt2l/land_ice_segments/h_li of .*${name} could not be read: .*Download it again`, 'm'));
  expect(err).toMatch(new RegExp(`^cell ${mortons(made.touched.gt2l!)[0]} failed: it lacks rows of ${name} gt2l$`, 'm'));
  expect(err).not.toContain('\x1b');
  expect(out).toMatch(/^partial: 7 cells of order 6: /);
  expect(out).toMatch(/1 groups? of granules could not be read/);
});

test('when every cell fails the exit code is 1 and the store says that it is unfinished', async () => {
  const store = join(folder, 'all-failed.zarr');
  const config = configWith(join(folder, 'all-failed-config'), [damaged('no-dataset')], ['groups: [gt1l, gt1r, gt2l, gt2r, gt3l, gt3r]', 'groups: [gt2l]']);
  const { code, out } = await runMagg(['run', config, '--store', store]);
  expect(code).toBe(1);
  expect(out).toMatch(/^failed: /);
  expect((await runMagg(['inspect', store])).out).toMatch(/not finished/);
});
