import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ValueComparison } from '../../../src/hosts/cli/compare-values.js';
import { judge, judgeJson } from '../../judge.js';
import { configWith, CONFIG, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const whole = join(folder, 'whole.zarr');

beforeAll(async () => {
  expect((await runMagg(['run', CONFIG, '--store', whole])).code).toBe(0);
}, 60_000);

interface Difference {
  readonly equal: boolean;
  readonly groups: readonly {
    readonly equal: boolean;
    readonly differences: readonly { readonly name: string; readonly a: string; readonly b: string }[];
    readonly stored_otherwise: readonly { readonly name: string }[];
    readonly parents_in_both: number;
    readonly parents_only_in_a: readonly string[];
    readonly parents_only_in_b: readonly string[];
    readonly variables: readonly { readonly name: string; readonly values: number; readonly differ: number; readonly largest: number; readonly only_valid_in_a: number; readonly only_valid_in_b: number }[];
  }[];
}

async function diff(a: string, b: string, ...more: string[]): Promise<Difference & { readonly code: number }> {
  const { code, out, err } = await runMagg(['diff', a, b, '--json', ...more]);
  if (out === '') throw new Error(err);
  return { code, ...(JSON.parse(out) as Difference) };
}

async function storeWith(name: string, ...changes: Parameters<typeof configWith>[2][]): Promise<string> {
  const path = join(folder, `${name}.zarr`);
  expect((await runMagg(['run', configWith(join(folder, name), GRANULES, ...changes), '--store', path])).code).toBe(0);
  return path;
}

function judged(a: string, b: string): Record<string, object> {
  return judgeJson('hosts/cli/diff_stores.py', [a, b, '12']);
}

test('a store and itself', async () => {
  expect(await diff(whole, whole)).toMatchObject({ code: 0, equal: true, groups: [{ equal: true, differences: [], stored_otherwise: [], parents_in_both: 7, parents_only_in_a: [], parents_only_in_b: [] }] });
  expect((await runMagg(['diff', whole, whole])).out).toBe('12/: equal, 7 parents of order 6 in both\n');
});

test.each([
  ['full-sphere', '  layout: full-sphere\n'],
  ['shards', '  compression: gzip\n  sharding: { inner_order: 9 }\n'],
  ['finer parents', 'parent_order: 8'],
  ['coarser parents', 'parent_order: 5']
])('the same values, stored otherwise: %s', async (name, keys) => {
  const other = await storeWith(name.replace(' ', '-'), keys.startsWith('parent') ? ['parent_order: 6', keys] : ['  grid:', `${keys}  grid:`]);
  for (const [a, b] of [[whole, other], [other, whole]] as const) {
    const found = await diff(a, b);
    // Finer parents: those without a row are not planned, and stand in the other store as fill values.
    expect(found).toMatchObject({ code: 0, equal: true });
    expect(found.groups[0]!).toMatchObject({ parents_only_in_a: [], parents_only_in_b: [] });
    expect(found.groups[0]!.stored_otherwise.length).toBeGreaterThan(0);
    expect(found.groups[0]!.differences).toEqual([]);
    expect(found.groups[0]!.variables).toHaveLength(9);
    for (const variable of found.groups[0]!.variables) expect(variable).toMatchObject({ differ: 0, largest: 0 });
  }
});

test('another setting: which variables, how many values, by how much, as numpy says', async () => {
  const other = await storeWith('setting', ['value: 0\n', 'value: 1\n']);
  const quarter = await storeWith('quarter', ['q: 0.25', 'q: 0.2']);
  for (const b of [other, quarter]) {
    const found = await diff(whole, b);
    expect(found).toMatchObject({ code: 1, equal: false });
    expect(Object.fromEntries(found.groups[0]!.variables.map(({ name, values, differ, largest, only_valid_in_a, only_valid_in_b }) => [name, { values, differ, largest, only_valid_in_a, only_valid_in_b }]))).toEqual(judged(whole, b));
  }
  const { out } = await runMagg(['diff', whole, quarter]);
  expect(out).toMatch(/^12\/: different, 7 parents of order 6 in both\n {2}h_q25: \d+ of 28,672 values differ, by at most \S+ \(\S+ %\)\n$/);
  const { largest } = (await diff(whole, quarter)).groups[0]!.variables.find(({ name }) => name === 'h_q25')!;
  expect(await diff(whole, quarter, '--tolerance', String(largest))).toMatchObject({ code: 0, equal: true });
  expect((await diff(whole, quarter, '--tolerance', String(largest * 0.999))).code).toBe(1);
});

test('variables, types, fill values, attributes, latitude', async () => {
  const other = await storeWith('facts', ['      function: max', '      function: max\n      dtype: float64\n      fill_value: -1\n      units: m'], ['    h_min:', '    h_least:']);
  const { code, groups: [group] } = await diff(whole, other);
  expect(code).toBe(1);
  expect(group!.differences).toEqual(expect.arrayContaining([
    { name: 'h_least', a: 'not there', b: 'there' }, { name: 'h_min', a: 'there', b: 'not there' },
    { name: 'h_max dtype', a: 'float32', b: 'float64' }, { name: 'h_max fill value', a: 'NaN', b: '-1' }, { name: 'h_max attribute units', a: 'not there', b: '"m"' }
  ]));
  // A missing value is one whatever it is written as; float64 has digits that float32 lacks.
  expect(group!.variables.find(({ name }) => name === 'h_max')).toMatchObject({ only_valid_in_a: 0, only_valid_in_b: 0 });
});

test('parents that one store lacks', async () => {
  const path = join(folder, 'less.zarr');
  expect((await runMagg(['run', configWith(join(folder, 'less'), GRANULES.slice(0, 2)), '--store', path])).code).toBe(0);
  const { code, groups: [group] } = await diff(whole, path);
  expect(code).toBe(1);
  expect(group!.parents_only_in_a.length + group!.parents_in_both).toBe(7);
  expect(group!.parents_only_in_b).toEqual([]);
  expect((await diff(path, whole)).groups[0]!.parents_only_in_b).toEqual(group!.parents_only_in_a);
});

test('the zeros of a count whose fill value is another are no data', async () => {
  const counted = ['      dtype: int32\n      fill_value: 0\n', '      dtype: int32\n      fill_value: -1\n'] as const;
  const [fine, coarse] = [await storeWith('fine-count', counted), await storeWith('coarse-count', counted, ['parent_order: 6', 'parent_order: 5'])];
  for (const [a, b] of [[fine, coarse], [coarse, fine]] as const) expect(await diff(a, b)).toMatchObject({ code: 0, equal: true });
});

test('a parent without data equals one that is not there, with one value it does not', async () => {
  const coarse = await storeWith('coarse', ['parent_order: 6', 'parent_order: 5']);
  const { out } = await runMagg(['diff', whole, coarse]);
  expect(out).toMatch(/^12\/: equal, 7 parents of order 6 in both\n {2}stored otherwise, which is no difference: .*parents without data that the other lacks 0 and [1-9]\d*/);
  judge('import sys, numpy as np, zarr\na = zarr.open_group(sys.argv[1], mode="r")["12"]\nb = zarr.open_group(sys.argv[2], mode="r+")["12"]\nalone = np.flatnonzero(~np.isin(b["cell_ids"][:], a["cell_ids"][:]))\nb["count"][int(alone[0])] = 3\n', [whole, coarse]);
  const { code, groups: [group] } = await diff(whole, coarse);
  expect(code).toBe(1);
  expect(group!.parents_only_in_b).toHaveLength(1);
});

test('trouble has the exit code 2: no store, no such group, a damaged chunk', async () => {
  expect((await runMagg(['diff', whole, folder])).code).toBe(2);
  expect(await runMagg(['diff', whole, whole, '--group', '9'])).toMatchObject({ code: 2, err: expect.stringContaining('has no group 9; its groups are 12') as string });
  expect(await runMagg(['diff', whole, whole, '--tolerance', '-1'])).toMatchObject({ code: 2, err: expect.stringContaining('Expected a number of at least 0') as string });
  const path = join(folder, 'damaged.zarr');
  cpSync(whole, path, { recursive: true });
  writeFileSync(join(path, '12/h_mean/c/0'), 'x');
  expect(await runMagg(['diff', whole, path])).toMatchObject({ code: 2, err: expect.stringMatching(/12\/h_mean\/c\/0 of \S+ is damaged.*magg verify/) as string });
  rmSync(path, { recursive: true });
});

test('what xarray-like programs cannot hold in a number: 64-bit integers', () => {
  const comparison = new ValueComparison(0);
  comparison.add({ values: BigInt64Array.of(2n ** 60n, 2n ** 60n + 1n, 0n, 5n), fillValue: 0n }, { values: BigInt64Array.of(2n ** 60n, 2n ** 60n, 7n, -1n), fillValue: -1n });
  expect(comparison.sum).toMatchObject({ values: 4, differ: 3, largest: 1, onlyA: 1, onlyB: 1 });
  const mixed = new ValueComparison(0);
  mixed.add({ values: Float64Array.of(NaN, 1, Infinity, 2), fillValue: NaN }, { values: Float64Array.of(-9, 1, Infinity, Infinity), fillValue: -9 });
  expect(mixed.sum).toMatchObject({ differ: 1, largest: Infinity, largestRelative: Infinity, onlyA: 0, onlyB: 0 });
  expect(judge('import sys\nprint(2**60 + 1 - 2**60)', []).toString().trim()).toBe('1');
});
