import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adviceFor } from '../../../src/hosts/cli/verify-advice.js';
import type { Problem, Verdict } from '../../../src/hosts/cli/verify-group.js';
import { judge } from '../../judge.js';
import { configWith, CONFIG, GRANULES, runMagg, temporaryFolder } from './run-magg.js';
import { FOLDED_NOTICE, verify, wordsOf } from './run-verify.js';

const folder = temporaryFolder();
const whole = join(folder, 'whole.zarr');
const two = GRANULES.slice(-2);

beforeAll(async () => {
  expect((await runMagg(['run', CONFIG, '--store', whole])).code).toBe(0);
}, 60_000);

const copyOf = (name: string): string => {
  const path = join(folder, `${name}.zarr`);
  cpSync(whole, path, { recursive: true });
  cpSync(`${whole}.magg`, `${path}.magg`, { recursive: true });
  return path;
};

test('a store that is right, with and without what tells of it', async () => {
  expect(await verify(whole)).toMatchObject({ code: 0, groups: [{ child_order: 12, state: 'right', compared_with: ['parents', 'journal'], parents: { data: 6, empty: 1 }, problems: [] }] });
  const { out } = await runMagg(['verify', whole]);
  expect(out).toBe(`${whole} 12/: right\n  7 parents: 6 with data, 1 empty\n  values compared with the store's own record and the journal\n`);
  const path = copyOf('bare');
  rmSync(`${path}.magg`, { recursive: true });
  expect(await verify(path)).toMatchObject({ code: 0, groups: [{ compared_with: ['parents'] }] });
});

test('on a terminal it tells how far it is', async () => {
  const { err } = await runMagg(['verify', whole], { columns: 40 });
  expect(err.startsWith('\r12/: 1 of 7 parents looked at')).toBe(true);
  expect(err.endsWith('\r\x1b[K')).toBe(true);
});

// Values are changed by zarr-python, as another program would.
const CHANGE = `
import sys, zarr, numpy as np
path, name, place, value = sys.argv[1:]
a = zarr.open_group(path, mode='r+', use_consolidated=False)[name]
a[int(place)] = np.array(value).astype(a.dtype)
`;
const change = (path: string, array: string, place: number, value: string): void => void judge(CHANGE, [path, array, String(place), value]);

test.each([
  ['one value', (path: string) => change(path, '12/h_mean', 3 * 4096 + 5, '1.5'), 3, null, /has other values than the store and the journal say; .*number 3 of each variable/],
  ['an id', (path: string) => change(path, '12/cell_ids', 2 * 4096 + 5, '7'), 2, '12/cell_ids', /has 7 where the id of a cell must be \d+/],
  ['a morton id', (path: string) => change(path, '12/morton', 4 * 4096 + 4095, '11'), 4, '12/morton', /has 11 where the id of a cell must be -?\d+/]
])('%s is changed', async (name, damage, place, array, what) => {
  const path = copyOf(name.replaceAll(' ', '-'));
  damage(path);
  const { code, groups: [group] } = await verify(path);
  expect(code).toBe(1);
  expect(new Set(group!.problems.map(({ parent }) => parent)).size).toBe(1);
  expect(group!.problems[0]).toMatchObject({ array, what: expect.stringMatching(what) as string });
  const ids = (JSON.parse((await runMagg(['run', CONFIG, '--store', path, '--dry-run', '--json'])).out) as { cells: { cell: string }[] }).cells;
  expect(group!.problems[0]!.parent).toBe(ids[place]!.cell);
});

test('a chunk is gone, cut, or stands where none may be; metadata that changed', async () => {
  const path = copyOf('chunks');
  rmSync(join(path, '12/h_max/c/1'));
  writeFileSync(join(path, '12/h_min/c/3'), readFileSync(join(path, '12/h_min/c/3')).subarray(0, 100));
  const { groups: [group] } = await verify(path);
  const files = group!.problems.map(({ file, what }) => `${file}: ${what}`);
  expect(files.some(text => text.startsWith('12/h_max/c/1: has other values than the store and the journal say; 12/h_max/c/1 is not there'))).toBe(true);
  expect(files.some(text => text.startsWith('12/h_min/c/3: 12/h_min/c/3 of '))).toBe(true);
  expect(group!.problems.find(({ file }) => file === '12/h_min/c/3')).toMatchObject({ array: '12/h_min', parent: expect.stringMatching(/^-?\d+$/) as string });
  expect((await runMagg(['verify', path])).out).toMatch(/12\/: damaged\n[^]*parent -?\d+ has other values[^]*next: magg run CONFIG --store \S+ --redo --morton-cell -?\d+ --morton-cell -?\d+ computes these parents anew\n$/);
  const ids = /--redo((?: --morton-cell -?\d+)+)/.exec((await runMagg(['verify', path])).out)![1]!.trim().split(' ');
  expect((await runMagg(['run', CONFIG, '--store', path, '--redo', ...ids])).code).toBe(0);
  expect((await verify(path)).code).toBe(0);


  const meta = copyOf('metadata');
  const file = join(meta, '12/h_mean/zarr.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"fill_value"', '"other":1,"fill_value"'));
  expect((await verify(meta)).groups[0]!.problems).toMatchObject([{ array: '12/h_mean', file: '12/h_mean/zarr.json', what: 'differs from the consolidated metadata of the store' }]);
  rmSync(file);
  expect((await verify(meta)).code).toBe(1);
});

test('a part of the cells is right and not complete; so is a store that was cut off', async () => {
  const path = join(folder, 'part.zarr');
  expect((await runMagg(['run', CONFIG, '--store', path, '--max-cells', '2'])).code).toBe(0);
  expect(await verify(path)).toMatchObject({ code: 3, groups: [{ state: 'incomplete', parents: { not_computed: 5 }, problems: [] }] });
  expect((await runMagg(['verify', path])).out).toMatch(/12\/: right, but not complete\n {2}7 parents: .*5 not computed\n[^]*next: magg status/);
  const root = join(path, 'zarr.json');
  const document = JSON.parse(readFileSync(root, 'utf8')) as Record<string, unknown>;
  delete document.consolidated_metadata;
  writeFileSync(root, JSON.stringify(document));
  expect(await verify(path)).toMatchObject({ code: 3, groups: [{ state: 'incomplete', compared_with: ['journal'], problems: [] }] });
});

test('every form of a store: shards, the full sphere, compression, overviews', async () => {
  const config = configWith(join(folder, 'forms'), two, ['  grid:', '  compression: gzip\n  layout: full-sphere\n  sharding: { inner_order: 8 }\n  overviews: [4, 9]\n  grid:']);
  const path = join(folder, 'forms.zarr');
  expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
  const { code, groups } = await verify(path);
  expect(groups.map(({ child_order, overview_of, state, problems }) => [child_order, overview_of, state, problems])).toEqual([[12, null, 'right', []], ...groups.slice(1).map(group => [group.child_order, 12, 'right', []])]);
  expect([code, groups.map(group => group.child_order)]).toEqual([0, [12, 4, 6, 9]]);
  rmSync(join(path, '9'), { recursive: true });
  expect(await verify(path)).toMatchObject({ code: 1, groups: [{}, {}, {}, { child_order: 9, problems: [{ file: '9/zarr.json', what: 'is not there' }] }] });
});

test('refused: while a run writes it, a group that it lacks, no store', async () => {
  const path = copyOf('held');
  writeFileSync(join(`${path}.magg`, '12', 'lock'), JSON.stringify({ pid: process.pid, host: (await import('node:os')).hostname(), born: '' }));
  expect(await runMagg(['verify', path])).toMatchObject({ code: 2, err: expect.stringMatching(/process \d+ is writing \S+; wait for it to end \(magg status/) as string });
  expect(await runMagg(['verify', whole, '--group', '9'])).toMatchObject({ code: 2, err: expect.stringContaining('has no group 9; its groups are 12') as string });
  expect(await runMagg(['verify', folder])).toMatchObject({ code: 2, err: expect.stringContaining('name the folder of a store') as string });
});

const LAYOUTS = { dense: '', 'full-sphere': '  layout: full-sphere\n' };
async function withOverviews(layout: keyof typeof LAYOUTS, name: string, granules = two): Promise<{ readonly config: string; readonly path: string }> {
  const config = configWith(join(folder, name), granules, ['  grid:', `${LAYOUTS[layout]}  overviews: [4, 9]\n  grid:`]);
  const path = join(folder, `${name}.zarr`);
  expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
  return { config, path };
}

test.each(['dense', 'full-sphere'] as const)('overviews (%s) are right, and chunks that they lack are damage', async layout => {
  const { config, path } = await withOverviews(layout, `lacks-${layout}`);
  expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
  expect((await runMagg(['verify', path])).out).toMatch(/12\/: right\n[^]* 4\/ \(overview of 12\/\): right\n[^]*folded again\n[^]* 9\/ \(overview of 12\/\): right\n[^]*the store's own record and the journal\n/);
  expect((await verify(whole)).overviews).toBe(null);
  // The number of the first chunk that stands.
  const index = [...Array(12 * 4 ** 6).keys()].find(i => existsSync(join(path, `9/h_max/c/${i}`)))!;
  rmSync(join(path, `9/h_max/c/${index}`));
  const one = await verify(path);
  const [problem] = one.groups.find(group => group.child_order === 9)!.problems;
  expect(one).toMatchObject({ code: 1, overviews: 'damaged' });
  expect(problem).toMatchObject({ file: `9/h_max/c/${index}`, what: `has values, but not all chunks in the overview 9/: 9/h_max/c/${index} is not there` });
  const next = `magg run CONFIG --store ${path} --redo --morton-cell ${problem!.parent} computes this parent anew`;
  expect((await runMagg(['verify', path])).out).toContain(`  next: ${next}\n`);
  for (const array of ['count', 'h_min', 'h_max', 'h_mean', 'h_sigma', 'h_variance', 'h_q25', 'h_q50', 'h_q75']) rmSync(join(path, `9/${array}/c/${index}`), { force: true });
  const all = await verify(path);
  expect(all).toMatchObject({ code: 1 });
  expect(all.groups.find(group => group.child_order === 9)).toMatchObject({ problems: [{ parent: problem!.parent, file: expect.stringMatching(new RegExp(`^9/\\w+/c/${index}$`)) as string }], next });
  expect(all.groups.filter(group => group.child_order !== 9).flatMap(({ problems }) => problems)).toEqual([]);
  expect(await runMagg(['run', config, '--store', path, '--redo', '--morton-cell', problem!.parent!])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
  expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
});

/** The first chunk of an array that stands. */
const firstChunk = (path: string, array: string): string => `${array}/c/${readdirSync(join(path, array, 'c')).sort((a, b) => Number(a) - Number(b))[0]!}`;

describe.each(['dense', 'full-sphere'] as const)('an overview (%s) that is wrong is seen, and what it says to do mends it:', layout => {
  let made: Awaited<ReturnType<typeof withOverviews>>;
  beforeAll(async () => void (made = await withOverviews(layout, `wrong-${layout}`)));

  const value = (array: string) => (path: string): string => {
    const file = firstChunk(path, array);
    const bytes = readFileSync(join(path, file));
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const at = values.findIndex(number => !Number.isNaN(number));
    values[at] = values[at]! + 1;
    writeFileSync(join(path, file), bytes);
    return file;
  };
  const cut = (array: string) => (path: string): string => {
    const file = firstChunk(path, array);
    writeFileSync(join(path, file), readFileSync(join(path, file)).subarray(1));
    return file;
  };
  const gone = (array: string) => (path: string): string => {
    const file = firstChunk(path, array);
    rmSync(join(path, file));
    return file;
  };
  const stray = (array: string) => (path: string): string => {
    const file = firstChunk(path, array.replace('h_q50', 'h_max'));
    cpSync(join(path, file), join(path, file.replace('h_max', 'h_q50')), { recursive: true });
    return file.replace('h_max', 'h_q50');
  };

  test.each([
    ['a value of an overview from rows', 9, value('9/h_q50'), /has other values in the overview 9\/ than the store and the journal say; its chunks are number \d+/],
    ['a chunk of the one that others are folded from, cut', 6, cut('6/h_min'), /6\/h_min\/c\/\d+ of \S+ is damaged/],
    ['a folded value', 4, value('4/h_mean'), /has -?[\d.]+ for the cell \d+ in 4\/h_mean\/c\/\d+, where the cells of 6\/ give -?[\d.]+/],
    ['a folded chunk, cut', 4, cut('4/h_max'), /4\/h_max\/c\/\d+ of \S+ is damaged/],
    ['a folded chunk, gone', 4, gone('4/h_max'), /has no chunk 4\/h_max\/c\/\d+, though the cells of 6\/ have values/],
    ['a chunk of what does not follow from finer cells', 4, stray('4/h_q50'), /has -?[\d.]+ in 4\/h_q50\/c\/\d+, where nothing follows/]
  ] as const)('%s', async (_, order, damage, what) => {
    const { config, path } = made;
    const file = damage(path);
    const { code, overviews, groups } = await verify(path);
    expect([code, overviews]).toEqual([1, 'damaged']);
    const group = groups.find(({ child_order }) => child_order === order)!;
    expect(group).toMatchObject({ state: 'damaged', problems: [{ parent: expect.stringMatching(/^-?\d+$/) as string, what: expect.stringMatching(what) as string }] });
    expect((await runMagg(['verify', path])).out).toContain(order === 9 ? `number ${/\d+$/.exec(file)![0]} of each` : file);
    expect(groups.filter(({ problems }) => problems.length > 0)).toHaveLength(1);
    expect(group.next).toMatch(/--redo --morton-cell -?\d+ computes/);
    expect(await runMagg(['run', config, ...wordsOf(group.next!)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
  });
});

test('ids that are damaged, gone or wrong, of the group or of an overview, are mended by one parent', async () => {
  const { config, path } = await withOverviews('dense', 'ids');
  for (const damage of [
    () => rmSync(join(path, '12/cell_ids/c/0')), () => writeFileSync(join(path, '12/morton/c/1'), 'cut'), () => change(path, '12/cell_ids', 0, '7'), () => rmSync(join(path, '9/cell_ids/c/0')), () => rmSync(join(path, '4/morton/c/0'))
  ]) {
    damage();
    const { code, groups } = await verify(path);
    const damaged = groups.filter(({ problems }) => problems.length > 0);
    expect([code, damaged.length]).toEqual([1, 1]);
    expect(damaged[0]!.next).toMatch(/--redo --morton-cell/);
    expect(await runMagg(['run', config, ...wordsOf(damaged[0]!.next!)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect((await verify(path)).code).toBe(0);
  }
});

test('overviews of which nothing tells are called readable, and why', async () => {
  const { path } = await withOverviews('dense', 'untold');
  rmSync(`${path}.magg`, { recursive: true });
  expect(await verify(path)).toMatchObject({ code: 0, overviews: 'readable, values not compared', groups: [{ state: 'right' }, { child_order: 4, state: 'readable', compared_with: [], not_compared: 'how they were folded stands in the journal, which is not there' }, { child_order: 6, state: 'right', compared_with: ['parents'] }, { child_order: 9, state: 'right' }] });
  // As an older program left it.
  for (const order of [6, 9]) rmSync(join(path, `12/parents/content_hash_${order}`), { recursive: true });
  const root = JSON.parse(readFileSync(join(path, 'zarr.json'), 'utf8')) as { consolidated_metadata: { metadata: Record<string, unknown> } };
  for (const order of [6, 9]) delete root.consolidated_metadata.metadata[`12/parents/content_hash_${order}`];
  writeFileSync(join(path, 'zarr.json'), JSON.stringify(root));
  const { code, groups } = await verify(path);
  expect(code).toBe(0);
  expect(groups[3]).toMatchObject({ child_order: 9, state: 'readable', problems: [], not_compared: expect.stringMatching(/^nothing tells the values of \d parents?$/) as string });
  expect((await runMagg(['verify', path])).out).toMatch(/ 9\/ \(overview of 12\/\): readable, values not compared\n.*\n {2}values not compared: nothing tells/);
});

test.each([
  ['the zarr.json of the root', 'zarr.json', undefined],
  ['the zarr.json of the root, damaged', 'zarr.json', '{'],
  ['the zarr.json of the group', '12/zarr.json', undefined],
  ['the zarr.json of the group, damaged', '12/zarr.json', '['],
  ['the zarr.json of the ids', '12/cell_ids/zarr.json', undefined],
  ['the zarr.json of a variable', '12/h_mean/zarr.json', undefined],
  ['the zarr.json of an overview', '9/zarr.json', undefined],
  ['the zarr.json of an overview, damaged', '9/zarr.json', '{'],
  ['the ids of a parent', '12/cell_ids/c/0', undefined],
  ['the group', '12', undefined]
])('%s: what it says to do works', async (name, key, text) => {
  const { config, path } = await withOverviews('dense', name.replaceAll(/\W+/g, '-'));
  rmSync(join(path, key), { recursive: true });
  if (text !== undefined) writeFileSync(join(path, key), text);
  if (text === '{') {
    const file = `${key} of ${path}`;
    expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 2, err: `magg: expected Zarr v3 metadata in ${file}, found something that is no JSON; nothing is touched. If ${path} is a store of magg, magg verify ${path} says what to do; else choose another --store\n` });
  }
  const { code, groups } = await verify(path);
  expect(code).toBe(1);
  const next = groups.find(group => group.next !== null)!.next!;
  const wanted = /write (\S+) to (\S+),/.exec(next), moved = /move the folder (\S+) away/.exec(next);
  if (wanted) writeFileSync(wanted[2]!, wanted[1]!);
  if (moved) renameSync(moved[1]!, `${moved[1]!.slice(0, -2).replace(/\/$/, '')}.away`);
  expect(await runMagg(['run', config, ...wordsOf(next)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
  expect(await verify(path)).toMatchObject({ code: 0 });
  expect((await runMagg(['status', path])).code).toBe(0);
});

test('damaged parents are computed anew by name, ten at most; metadata with the group; any parent folds overviews again', () => {
  const group = { childOrder: 12, exists: true, hasNode: true, hasChunks: true, hasRoot: true, isListed: true, finished: true, completeness: 'complete', parentOrder: 6 };
  const problem = (parent: number, redo = true): Problem => ({ parent: String(parent), array: null, file: null, redo, what: 'has other values' });
  const verdict = (problems: readonly Problem[], childOrder = 12): Verdict => ({
    childOrder, parentOrder: 6, overviewOf: childOrder === 12 ? null : 12, finished: true, against: [], isPartial: false, unproven: null, chunks: [], withValues: new Map([['-77', 1n]]), problems,
    parents: { data: 0, empty: 0, partial: 0, outdated: 0, failed: 0, 'not-computed': 0, unknown: 0 }
  });
  const advice = (problems: readonly Problem[], order = 12, hasJournal = true): string => adviceFor('d.zarr', group, order === 12 ? [verdict(problems)] : [verdict([]), verdict(problems, order)], hasJournal);
  expect(advice([problem(-5), problem(-5), problem(7)])).toBe('magg run CONFIG --store d.zarr --redo --morton-cell -5 --morton-cell 7 computes these parents anew');
  expect(advice(Array.from({ length: 12 }, (_, i) => problem(i)))).toBe('magg run CONFIG --store d.zarr --redo computes all parents anew; only the 12 that --json lists are damaged');
  expect(advice([problem(1), problem(2, false)])).toBe('magg run CONFIG --store d.zarr --overwrite computes the group 12 anew');
  expect(advice([problem(1)], 9)).toContain('--redo --morton-cell 1 computes this parent anew');
  expect(advice([problem(1)], 4)).toBe('magg run CONFIG --store d.zarr --redo --morton-cell -77 computes one parent anew, and with it writes anew what is not of a single one');
  expect(advice([{ ...problem(1), parent: null }])).toContain('--redo --morton-cell -77 computes one');
  expect(advice([problem(1, false)], 4)).toBe('magg run CONFIG --store d.zarr --overwrite computes the group 12 anew');
  // A run that mends one of them is stopped by the other.
  expect(adviceFor('d.zarr', group, [verdict([problem(3)]), verdict([problem(1)], 4), verdict([problem(5)], 6)], true)).toContain('--redo --morton-cell 3 --morton-cell 5 computes these parents anew');
  // It would compute all others too, and leave them as outdated.
  expect(advice([problem(1)], 9, false)).toMatch(/^magg run CONFIG --store d.zarr computes all cells anew/);
  expect(advice([{ ...problem(1), array: '12/cell_ids' }], 12, false)).toMatch(/^magg run CONFIG --store d.zarr --redo computes all cells anew/);
});

describe('what is not a value of a cell is looked at too, and what it says to do mends it:', () => {
  const HISTOGRAM = ['    # How many segments.', '    hist: { function: histogram, source: h_li, params: { bins: [0, 500, 1000, 4000] }, dtype: uint32, fill_value: 0 }'] as const;
  let config: string, path: string;
  beforeAll(async () => {
    config = configWith(join(folder, 'beside'), two, ['  grid:', '  overviews: [4, 9]\n  grid:'], HISTOGRAM);
    path = join(folder, 'beside.zarr');
    expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect(await verify(path)).toMatchObject({ code: 0 });
  });
  const flip = (file: string) => (): void => {
    const bytes = readFileSync(join(path, file));
    bytes[0] = bytes[0]! ^ 1;
    writeFileSync(join(path, file), bytes);
  };
  const zeros = (file: string) => (): void => writeFileSync(join(path, file), Buffer.alloc(readFileSync(join(path, file)).length));
  const renamed = (order: number) => (): void => writeFileSync(join(path, `${order}/zarr.json`), readFileSync(join(path, `${order}/zarr.json`), 'utf8').replace('"overview_of"', '"overview_if"'));

  test.each([
    ['rows of a parent', flip('12/parents/observations/c/0'), 12, /says \d+ rows, the journal \d+/],
    ['cells with rows of a parent', flip('12/parents/cells_with_data/c/0'), 12, /says \d+ cells with rows, the journal \d+/],
    ['centres of bins', zeros('12/hist_bin/c/0'), 12, /has 0 where the centre of the bin from 0 to 500 must be 250/],
    ['centres of bins of an overview from rows', zeros('9/hist_bin/c/0'), 9, /the centre of the bin/],
    ['centres of bins of a folded overview', zeros('4/hist_bin/c/0'), 4, /the centre of the bin/],
    ['no centres of bins', () => rmSync(join(path, '12/hist_bin/c/0')), 12, /has no chunk, which the centres of the bins must be/],
    ['whose overview the one that others are folded from is', renamed(6), 6, /./],
    ['whose overview one is', renamed(9), 9, /./]
  ] as const)('%s', async (_, damage, order, what) => {
    damage();
    const { code, groups } = await verify(path);
    const group = groups.find(({ child_order }) => child_order === order)!;
    expect([code, group.state]).toEqual([1, 'damaged']);
    expect(group.problems[0]!.what).toMatch(what);
    const moved = /move the folder (\S+) away/.exec(group.next!);
    if (moved) rmSync(moved[1]!, { recursive: true });
    expect(await runMagg(['run', config, ...wordsOf(group.next!)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
  });

  test.each(['observations', 'cells_with_data'])('%s that no values allow, without a journal; all is complete again', async array => {
    rmSync(`${path}.magg`, { recursive: true });
    zeros(`12/parents/${array}/c/0`)();
    const { code, groups: [group] } = await verify(path);
    expect([code, group!.problems[0]!.array]).toEqual([1, `12/parents/${array}`]);
    expect(await runMagg(['run', config, ...wordsOf(group!.next!)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
  });

  test('a chunk of an overview, or ids, without a journal: what it says to do makes the store complete', async () => {
    for (const file of [firstChunk(path, '9/h_max'), firstChunk(path, '12/cell_ids')]) {
      rmSync(`${path}.magg`, { recursive: true });
      writeFileSync(join(path, file), 'cut');
      const { code, groups } = await verify(path);
      expect(code).toBe(1);
      expect(await runMagg(['run', config, ...wordsOf(groups.find(({ problems }) => problems.length > 0)!.next!)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
      expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
      expect((await runMagg(['status', path])).code).toBe(0);
    }
  });
});

const changed = (bytes: Buffer): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
test.each([['cut', (bytes: Buffer): Uint8Array => bytes.subarray(1)], ['changed', changed]])('a chunk that others are folded from, %s: the run that meets it says what to do, and so does verify', async (name, damage) => {
  const { config, path } = await withOverviews('dense', `folds-${name}`, GRANULES);
  const chunks = readdirSync(join(path, '6/h_min/c')).sort((x, y) => Number(x) - Number(y));
  const file = join(path, '6/h_min/c', chunks.at(-1)!);
  writeFileSync(file, damage(readFileSync(file)));
  const places = (JSON.parse((await runMagg(['run', config, '--store', path, '--dry-run', '--json'])).out) as { cells: { cell: string }[] }).cells.map(({ cell }) => cell);
  const [other, cell] = [places[Number(chunks[0])]!, places[Number(chunks.at(-1))]!];
  const command = `magg run CONFIG --store ${path} --redo --morton-cell ${cell} computes`;
  const { code, err } = await runMagg(['run', config, '--store', path, '--redo', '--morton-cell', other]);
  expect([code, err]).toEqual([1, expect.stringContaining(command)]);
  expect((await runMagg(['status', path])).out).toContain(`magg verify ${path} says what to type`);
  const { groups } = await verify(path);
  // From the top: the group itself is not finished.
  expect(groups.flatMap(({ next }) => next ?? [])).toEqual([expect.stringContaining(command), expect.stringContaining(command)]);
  expect(await runMagg(['run', config, ...wordsOf(err)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
  expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
});
