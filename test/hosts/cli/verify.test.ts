import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../judge.js';
import { configWith, CONFIG, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const whole = join(folder, 'whole.zarr');
const two = GRANULES.slice(-2);

beforeAll(async () => {
  expect((await runMagg(['run', CONFIG, '--store', whole])).code).toBe(0);
}, 60_000);

interface Group {
  readonly child_order: number;
  readonly overview_of: number | null;
  readonly state: string;
  readonly compared_with: readonly string[];
  readonly parents: Readonly<Record<string, number>>;
  readonly problems: readonly { readonly parent: string | null; readonly array: string | null; readonly file: string | null; readonly what: string }[];
}

async function verify(path: string, ...more: string[]): Promise<{ readonly code: number; readonly groups: readonly Group[] }> {
  const { code, out } = await runMagg(['verify', path, '--json', ...more]);
  const answer = JSON.parse(out) as { exit_code: number; groups: Group[] };
  expect(answer.exit_code).toBe(code);
  return { code, groups: answer.groups };
}

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
  expect((await runMagg(['verify', path])).out).toMatch(/12\/: damaged\n[^]*parent -?\d+ has other values[^]*next: magg run CONFIG --store \S+ --overwrite computes the group anew\n$/);

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
  expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 0, err: '' });
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
