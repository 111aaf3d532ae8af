import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { chunkOf, CONFIG, configWith, copyGranules, eventsOf, eventsOfType, GRANULES, runMagg, temporaryFolder, tracesOf, VARIABLES } from './run-magg.js';

const folder = temporaryFolder();
const store = join(folder, 'out.zarr');
const two = GRANULES.slice(-2);
/** A config of two granules: quick. */
const small = configWith(join(folder, 'small'), two);
const PLACES = [0, 1, 2, 3, 4, 5, 6];

function expectSame(a: string, b: string): void {
  for (const array of [...VARIABLES, 'cell_ids', 'morton']) for (const place of PLACES) expect(chunkOf(a, array, place)).toBe(chunkOf(b, array, place));
}

/** The same, whatever the order of the parents is. */
function expectSameCells(a: string, b: string): void {
  const byIds = (path: string): Map<string, readonly string[]> => new Map(PLACES.map(place => [chunkOf(path, 'cell_ids', place), VARIABLES.map(array => chunkOf(path, array, place))]));
  const [left, right] = [byIds(a), byIds(b)];
  expect([...left.keys()].sort()).toEqual([...right.keys()].sort());
  for (const [ids, chunks] of left) expect(right.get(ids)).toEqual(chunks);
}

/** Every file below a folder with its content. */
const snapshot = (path: string): Record<string, string> => {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).map(name => join(path, name)).filter(name => statSync(name).isFile());
  return Object.fromEntries(files.sort().map(name => [name, readFileSync(name, 'base64')]));
};

beforeAll(async () => {
  const { code, out, err } = await runMagg(['run', CONFIG, '--store', store]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^complete: 7 cells of order 6: 6 with data, 1 empty\n22,284 observations in 254 cells of order 12 \(about 1\.6 km\)\n8 granules, 36,934 rows, .* read in .* s\nwrote .*out\.zarr\n$/);
});

test('the config as argument and as option are the same; two different ones are refused', async () => {
  const other = join(folder, 'option.zarr');
  expect((await runMagg(['run', '--config', CONFIG, '--store', other])).code).toBe(0);
  expectSame(store, other);
  expect(await runMagg(['run', CONFIG, '--config', small])).toMatchObject({ code: 2, err: expect.stringContaining('two configs are given') as string });
  expect(await runMagg(['run'])).toMatchObject({ code: 2, err: expect.stringContaining('no config is given; try: magg run CONFIG') as string });
});

test('a catalog gives the same store as the granules themselves', async () => {
  const [catalog, other] = [join(folder, 'c.json'), join(folder, 'catalog.zarr')];
  expect((await runMagg(['catalog', '--from', ...GRANULES, '--parent-order', '6', '--output', catalog])).code).toBe(0);
  expect((await runMagg(['run', CONFIG, '--catalog', catalog, '--store', other])).code).toBe(0);
  expectSame(store, other);
  const built = join(folder, 'built-in.zarr');
  expect((await runMagg(['run', 'atl06', '--catalog', catalog, '--store', built])).code).toBe(0);
  expectSame(store, built);
});

test('the same command twice: the second finds everything current and reads nothing; --overwrite replaces', async () => {
  const path = join(folder, 'twice.zarr');
  const words = ['run', small, '--store', path];
  const first = await runMagg(words);
  expect(first.code).toBe(0);
  const before = snapshot(path);
  for (const more of [[], ['--resume']]) {
    const again = await runMagg([...words, ...more]);
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/^complete: (\d) cells of order 6: .*, of which \d were current\n(.*\n)0 granules, 0 rows, 0\.0 kB read/) as string });
    expect(snapshot(path)).toEqual(before);
  }
  expect((await runMagg([...words, '--overwrite'])).out.split('\n')[1]).toBe(first.out.split('\n')[1]);
  expect(snapshot(path)).toEqual(before);
  expect(await runMagg([...words, '--overwrite', '--resume'])).toMatchObject({ code: 2, err: expect.stringContaining('--overwrite begins anew and --resume goes on') as string });
});

test('one more granule, then one less', async () => {
  const path = join(folder, 'grown.zarr');
  expect((await runMagg(['run', small, '--store', path])).code).toBe(0);
  const dry = await runMagg(['run', CONFIG, '--store', path, '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.out).toMatch(/\n {2}\S+ {2}\d granules {2}changed: added processed_ATL06_\S+/);
  expect(dry.out).toMatch(/would continue \S+grown\.zarr: \d new, \d changed\n$/);
  expect((await runMagg(['run', CONFIG, '--store', path, '--resume'])).code).toBe(0);
  expectSameCells(store, path);
  const less = await runMagg(['run', small, '--store', path]);
  expect(less).toMatchObject({ code: 2, err: expect.stringMatching(/^magg: \d cells of the store .* would be computed from fewer granules than before: this run lacks processed_ATL06_.*--allow-shrink/) as string });
  const shrinking = await runMagg(['run', small, '--store', path, '--dry-run', '--json']);
  expect(shrinking.code).toBe(2);
  expect(JSON.parse(shrinking.out)).toMatchObject({ would_run: false, states: { current: 0, new: 0 } });
  expect((await runMagg(['run', small, '--store', path, '--allow-shrink'])).code).toBe(0);
  // Cells that this run has no granule of are as they were.
  expect((await runMagg(['inspect', path])).code).toBe(0);
});

test('another setting: the dry run names it', async () => {
  const path = join(folder, 'setting.zarr');
  expect((await runMagg(['run', small, '--store', path])).code).toBe(0);
  const other = configWith(join(folder, 'setting'), two, ['value: 0\n', 'value: 1\n'], ['q: 0.25', 'q: 0.2']);
  const dry = JSON.parse((await runMagg(['run', other, '--store', path, '--dry-run', '--json'])).out) as { states: Record<string, number>; total_cells: number; cells: { state: string; because: object }[] };
  expect(dry.states.changed).toBe(dry.total_cells);
  expect(dry.cells[0]).toMatchObject({ state: 'changed', because: { settings: ['aggregation.variables.h_q25', 'data_source.filters'], granules_added: [], granules_changed: [], granules_removed: [] } });
});

test('a store of another run: the difference is named', async () => {
  const other = configWith(join(folder, 'differs'), two, ['      function: max', '      function: max\n      dtype: float64']);
  const { code, err } = await runMagg(['run', other, '--store', store]);
  expect(code).toBe(2);
  expect(err).toMatch(/dtype: expected h_max of float64, found h_max of float32/);
});

test('a store of somebody else is never touched, not by --overwrite either', async () => {
  const foreign = join(folder, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'thesis.txt'), 'dear');
  const file = join(folder, 'a-file');
  writeFileSync(file, 'dear');
  for (const path of [foreign, file]) {
    const { code, err } = await runMagg(['run', small, '--store', path, '--overwrite']);
    expect(code).toBe(2);
    expect(err).toMatch(/left as it is\. Choose another --store/);
    expect(existsSync(`${path}.magg`)).toBe(false);
  }
  expect(readdirSync(foreign)).toEqual(['thesis.txt']);
  expect(readFileSync(file, 'utf8')).toBe('dear');
});

test('a store below a file, at a URL, nowhere', async () => {
  const file = join(folder, 'not-a-folder');
  writeFileSync(file, '');
  expect(await runMagg(['run', small, '--store', join(file, 'x.zarr')])).toMatchObject({ code: 2, err: expect.stringMatching(/cannot be written: .*not-a-folder is a file; choose another --store/) as string });
  expect(await runMagg(['run', small, '--store', 's3://bucket/x.zarr'])).toMatchObject({ code: 2, err: expect.stringMatching(/local folders, s3:\/\/bucket\/x\.zarr is none/) as string });
  expect(await runMagg(['run', small, '--store', ''])).toMatchObject({ code: 2, err: expect.stringContaining('give --store PATH') as string });
});

test('--json: every line an event, the sum at the end; the journal holds the same', async () => {
  const path = join(folder, 'json.zarr');
  const ended = await runMagg(['run', small, '--store', path, '--json'], { columns: 80 });
  expect([ended.code, ended.err]).toEqual([0, '']);
  const events = eventsOf(ended);
  expect(events[0]).toMatchObject({ type: 'run-started', counts: { cells: null, granules: 2, groups: 6 } });
  const last = events.at(-1)!;
  expect(last).toMatchObject({ type: 'run-finished', summary: { outcome: 'complete', granules: 2 } });
  const sum = eventsOfType(ended, 'cell-finished').reduce((total, { obs }) => total + obs, 0);
  expect(last).toMatchObject({ summary: { totalObs: sum } });
  const [name] = readdirSync(join(`${path}.magg`, '12')).filter(entry => entry.startsWith('events-'));
  expect(readFileSync(join(`${path}.magg`, '12', name!), 'utf8')).toBe(ended.out);
});

test('--max-cells and --morton-cell in all its forms', async () => {
  const selected = async (...words: string[]): Promise<readonly string[]> => {
    const { code, out, err } = await runMagg(['run', CONFIG, '--store', join(folder, 'some.zarr'), '--dry-run', '--json', ...words]);
    if (code !== 0) throw new Error(err);
    return (JSON.parse(out) as { cells: { cell: string }[] }).cells.map(({ cell }) => cell);
  };
  const all = await selected();
  expect(all).toHaveLength(7);
  expect(await selected('--max-cells', '2')).toEqual(all.slice(0, 2));
  // 4441321: base cell 3, then digits 4 4 1 3 2 1, each one less than written.
  const nested = [3, 3, 3, 0, 2, 1, 0].reduce((id, digit) => id * 4 + digit);
  const word = (4n << 60n) | (BigInt(nested - 3 * 4 ** 6) << (2n * 21n + 6n)) | 6n;
  for (const id of ['4441321', `nested:${nested}`, `word:${word}`]) expect(await selected('--morton-cell', id)).toEqual(['4441321']);
  expect(await selected('--morton-cell', '4441321', '--morton-cell', all[0]!)).toEqual([all[0], '4441321']);
});

test.each([
  [['--max-cells', '0'], /--max-cells <n>' argument '0' is invalid/],
  [['--workers', 'two'], /--workers <n>' argument 'two' is invalid\. Expected a whole number of at least 1/],
  [['--morton-cell', '444132'], /a cell of order 5, the cells of this run are of order 6/],
  [['--morton-cell', '-5111131'], /cell -5111131 is not among the 7 cells of the plan; magg run --dry-run lists them/],
  [['--morton-cell', '4441329'], /expected a decimal morton id/],
  [['--morton-cell', 'nested:49152'], /expected a nested id from 0 to 49151 at order 6/],
  [['--morton-cell', 'word:7'], /expected a packed morton word/],
  [['--backend', 'lambda', '--region', 'us-west-2', '--function-name', 'f'], /expected --backend local or cells, found lambda/],
  [['--driver', 'ftp'], /Allowed choices are auto, file, https, s3/],
  [['--driver', 's3'], /the driver s3 comes with a later version/],
  [['--driver', 'https'], /the driver https expects URLs, found .*\.h5; use --driver auto/],
  [['--overwritten'], /unknown option '--overwritten'\n\(Did you mean --overwrite\?\)/],
  [['extra'], /too many arguments/]
])('%j is refused and nothing is left behind', async (words, message) => {
  const path = join(folder, 'refused.zarr');
  const { code, out, err } = await runMagg(['run', CONFIG, '--store', path, ...words]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(tracesOf(path)).toEqual([]);
});

test('only chosen cells are computed; the store has the ids of all', async () => {
  const path = join(folder, 'one.zarr');
  const ended = await runMagg(['run', CONFIG, '--store', path, '--morton-cell', '4441321', '--json', '--driver', 'file', '--max-workers', '3']);
  expect(ended.code).toBe(0);
  expect(eventsOfType(ended, 'cell-finished').map(({ cell }) => cell)).toEqual(['4441321']);
  const written = PLACES.filter(place => chunkOf(path, 'h_min', place) !== 'absent');
  expect(written).toHaveLength(1);
  expect(chunkOf(path, 'h_min', written[0]!)).toBe(chunkOf(store, 'h_min', written[0]!));
  for (const place of PLACES) expect(chunkOf(path, 'cell_ids', place)).toBe(chunkOf(store, 'cell_ids', place));
});

test('--overwrite leaves nothing of the run before: cells that are not computed again hold no values', async () => {
  const path = join(folder, 'again.zarr');
  expect((await runMagg(['run', CONFIG, '--store', path])).code).toBe(0);
  expect((await runMagg(['run', CONFIG, '--store', path, '--morton-cell', '4441321', '--overwrite'])).code).toBe(0);
  expect(PLACES.filter(place => VARIABLES.some(array => chunkOf(path, array, place) !== 'absent'))).toHaveLength(1);
});

test('a dry run for people writes nothing', async () => {
  const path = join(folder, 'dry.zarr');
  const { code, out } = await runMagg(['run', small, '--store', path, '--dry-run']);
  expect(code).toBe(0);
  expect(out).toMatch(/^\d cells of order 6, 2 granules, 1 to 2 a cell \(average 1\.\d\)\n( {2}444\d{4} {2}(1 granule|2 granules) {2}new\n)+would write .*dry\.zarr: \d new\n$/);
  expect(tracesOf(path)).toEqual([]);
});

test('store, granules and catalog of a config count from its folder, the granules of a catalog from the catalog', async () => {
  const home = join(folder, 'home');
  copyGranules(join(home, 'data'), two);
  const config = configWith(home, ['data/*.h5'], ['store: greenland.zarr', 'store: results/r.zarr']);
  expect((await runMagg(['run', config])).code).toBe(0);
  expect(readdirSync(home).sort()).toEqual(['data', 'results', 'test.magg.yaml']);

  const from = join(relative(process.cwd(), join(home, 'data')), '*.h5');
  expect((await runMagg(['catalog', '--from', from, '--output', join(home, 'c.json')])).code).toBe(0);
  expect(readFileSync(join(home, 'c.json'), 'utf8')).toContain(`"data/${basename(two[0]!)}"`);
  const listed = configWith(home, undefined, ['store: greenland.zarr', 'store: results/c.zarr\ncatalog: c.json']);
  expect((await runMagg(['run', listed])).code).toBe(0);
  expectSame(join(home, 'results/r.zarr'), join(home, 'results/c.zarr'));
});

test('a granule that is listed twice, that is missing, a pattern that matches nothing', async () => {
  const path = join(folder, 'listed.zarr');
  const run = async (name: string, granules: readonly string[]) => runMagg(['run', configWith(join(folder, name), granules), '--store', path]);
  expect(await run('doubled', [two[0]!, two[0]!])).toMatchObject({ code: 2, err: expect.stringMatching(/is given twice: its rows would count twice; remove one/) as string });
  const [copy] = copyGranules(join(folder, 'copies'), [two[0]!]);
  expect(await run('copied', [two[0]!, copy!])).toMatchObject({ code: 2, err: expect.stringMatching(/are the same granule, .*its rows would count twice/) as string });
  expect(await run('lost', ['nowhere.h5'])).toMatchObject({ code: 2, err: expect.stringMatching(/"nowhere\.h5" were looked for in .*lost, and there is no such file;/) as string });
  expect(await run('unmatched', ['*.hdf'])).toMatchObject({ code: 2, err: expect.stringMatching(/matches no file/) as string });
  expect(tracesOf(path)).toEqual([]);
});

test('warnings of a config are shown and do not stop it', async () => {
  const config = configWith(join(folder, 'warned'), two, ['value: 0\n', 'value: 0o0\n']);
  const { code, err } = await runMagg(['run', config, '--store', join(folder, 'warned.zarr')]);
  expect(code).toBe(0);
  expect(err).toMatch(/^\S*test\.magg\.yaml:\d+:\d+: warning: .* \[yaml-difference\]/);
});

describe('Ctrl-C', () => {
  test('while granules are read: nothing is left behind', async () => {
    const path = join(folder, 'early.zarr');
    const ended = await runMagg(['run', CONFIG, '--store', path, '--json'], { interruptAt: '"type":"granule-finished"' });
    expect(ended.code).toBe(130);
    expect(eventsOf(ended).at(-1)).toMatchObject({ type: 'run-cancelled', summary: { outcome: 'cancelled' } });
    expect(tracesOf(path)).toEqual([]);
  });

  test('while cells are computed: the store says that it is unfinished, the journal stays, the lock is gone; the same command goes on', async () => {
    const path = join(folder, 'late.zarr');
    const ended = await runMagg(['run', CONFIG, '--store', path, '--json'], { interruptAt: '"type":"cell-finished"' });
    expect(ended.code).toBe(130);
    const finished = eventsOfType(ended, 'cell-finished').length;
    expect(finished).toBeGreaterThan(0);
    expect(finished).toBeLessThan(6);
    const names = readdirSync(join(`${path}.magg`, '12'));
    expect(names.filter(name => /^plan-[0-9a-f]{16}\.json$/.test(name))).toHaveLength(1);
    expect(names).not.toContain('lock');
    expect((await runMagg(['inspect', path])).out).toMatch(/, not finished/);
    // A cell is written whole or not at all.
    for (const place of PLACES) expect(new Set(VARIABLES.map(array => chunkOf(path, array, place) === chunkOf(store, array, place) || chunkOf(path, array, place))).size).toBe(1);
    const resumed = await runMagg(['run', CONFIG, '--store', path, '--json']);
    expect(resumed.code).toBe(0);
    expect(eventsOfType(resumed, 'cell-current')).toHaveLength(finished);
    expectSame(store, path);
  });

  test('during a dry run and while a catalog is built: nothing is written', async () => {
    const manner = { columns: 80, interruptAt: '\u2591' };
    const path = join(folder, 'dry-cancelled.zarr');
    const dry = await runMagg(['run', CONFIG, '--store', path, '--dry-run'], manner);
    expect(dry).toMatchObject({ code: 130, out: '', err: expect.stringMatching(/magg: cancelled\n$/) as string });
    expect(tracesOf(path)).toEqual([]);
    const output = join(folder, 'cancelled.json');
    const catalog = await runMagg(['catalog', '--from', ...GRANULES, '--output', output], manner);
    expect(catalog).toMatchObject({ code: 130, out: '', err: expect.stringMatching(/magg: cancelled\n$/) as string });
    expect(tracesOf(output)).toEqual([]);
  });

  test('a run that is locked by a living process is refused', async () => {
    const path = join(folder, 'locked.zarr');
    mkdirSync(join(`${path}.magg`, '12'), { recursive: true });
    writeFileSync(join(`${path}.magg`, '12', 'lock'), String(process.pid));
    const { code, err } = await runMagg(['run', small, '--store', path]);
    expect(code).toBe(2);
    expect(err).toContain(`process ${process.pid} is writing ${path}`);
    expect(existsSync(path)).toBe(false);
  });
});
