import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Progress } from '../../../src/hosts/cli/progress.js';
import { configWith, CONFIG, copyGranules, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const store = join(folder, 'out.zarr');

beforeAll(async () => {
  expect((await runMagg(['run', CONFIG, '--store', store])).code).toBe(0);
}, 60_000);

test('inspect of a folder that is no store says what it is and what to type', async () => {
  const granules = join(folder, 'granules');
  copyGranules(granules, GRANULES.slice(0, 2));
  const said = async (path: string): Promise<string> => {
    const { code, err } = await runMagg(['inspect', path]);
    expect(code).toBe(2);
    return err;
  };
  expect(await said(granules)).toBe(`magg: ${granules} is a folder with 2 granules; try: magg inspect ${join(granules, basename(GRANULES[0]!))} for one of them, magg catalog --from ${granules} --output cells.json for the cells that they touch\n`);
  expect(await said(`${store}/12`)).toBe(`magg: ${store}/12 is a group of the store out.zarr; try: magg inspect ${store}\n`);
  expect(await said(`${store}/12/`)).toContain(`try: magg inspect ${store}\n`);
  expect(await said(`${store}/12/h_mean`)).toContain('is an array of the store out.zarr');
  expect(await said(`${store}/12/h_mean/c`)).toContain(`is a part of the store out.zarr; try: magg inspect ${store}\n`);
  expect(await said(`${store}.magg/12`)).toBe(`magg: ${store}.magg/12 is the journal of the store out.zarr; try: magg status ${store}\n`);
  const above = join(folder, 'above');
  mkdirSync(above);
  cpSync(store, join(above, 'a.zarr'), { recursive: true });
  expect(await said(above)).toBe(`magg: ${above} is a folder with 1 store; try: magg inspect ${join(above, 'a.zarr')}\n`);
});

test('with --json every refusal is an object on standard output too', async () => {
  const last = (out: string): unknown => JSON.parse(out.trim().split('\n').at(-1)!);
  const refused = [
    ['run', 'nowhere.yaml'], ['run', CONFIG, '--store', 's3://bucket/x'], ['run', CONFIG, '--workers', '0'], ['run', CONFIG, '--no-such-option'],
    ['validate', 'nowhere.yaml'], ['inspect', join(folder, 'nowhere')], ['status', folder], ['verify', folder], ['diff', store, folder]
  ];
  for (const words of refused) {
    const { code, out, err } = await runMagg([...words, '--json']);
    const error = last(out) as { type: string; tag: string; message: string; exit_code: number };
    expect([code, error.type, error.exit_code]).toEqual([2, 'error', 2]);
    expect(err).toContain(error.message);
    expect((await runMagg(words)).out).toBe('');
  }
  writeFileSync(join(folder, 'empty.h5'), '');
  const broken = configWith(join(folder, 'broken'), [join(folder, 'empty.h5')]);
  const { code, out } = await runMagg(['run', broken, '--store', join(folder, 'broken.zarr'), '--json']);
  expect(code).toBe(1);
  expect(last(out)).toMatchObject({ type: 'error', tag: 'not-hdf5', exit_code: 1 });
  expect((await runMagg(['run', '--help', '--json'])).out).not.toContain('"type":"error"');
});

test('a misspelt dataset is told once, with how often', async () => {
  const config = configWith(join(folder, 'misspelt'), GRANULES, ['/land_ice_segments/h_li"', '/land_ice_segments/h_il"']);
  const { code, err } = await runMagg(['run', config, '--store', join(folder, 'misspelt.zarr')]);
  expect(code).toBe(1);
  const lines = err.trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^processed_\S+ gt\d[lr]: \S+h_il is not in \S+, though its group gt\d[lr] is; correct the path/);
  expect(lines[1]).toMatch(/^\d+ more failed as processed_\S+ gt\d[lr]$/);
  expect(lines[2]).toBe('7 cells failed for that reason');
});

test('granules that cannot be reached are told once, with how often', () => {
  let written = '';
  const progress = new Progress({ err: text => void (written += text), columns: () => undefined });
  for (const granule of ['a.h5', 'b.h5']) {
    const what = { granule, tag: 'io', message: `https://data.example.org/${granule} could not be fetched (connection refused)`, retryable: true };
    for (const attempt of [2, 3]) progress.show({ type: 'granule-retried', ...what, group: 'gt1l', attempt });
    for (const group of ['gt1l', 'gt2r']) progress.show({ type: 'granule-failed', ...what, group });
  }
  progress.end();
  progress.end();
  expect(written).toBe(`a.h5 gt1l: attempt 2: https://data.example.org/a.h5 could not be fetched (connection refused)
a.h5 gt1l: https://data.example.org/a.h5 could not be fetched (connection refused)
3 more attempts failed as that at a.h5 gt1l
3 more failed as a.h5 gt1l
`);
});

test('a group of a granule that is read for many cells fails once', () => {
  let written = '';
  const progress = new Progress({ err: text => void (written += text), columns: () => undefined });
  for (let cell = 0; cell < 3; cell++) {
    for (const group of ['gt1l', 'gt2r']) progress.show({ type: 'granule-failed', granule: 'a.h5', group, tag: 'io', message: 'a.h5 is gone', retryable: false });
  }
  progress.end();
  expect(written).toBe('a.h5 gt1l: a.h5 is gone\n1 more failed as a.h5 gt1l\n');
});

test('a place where nothing can be made is refused at once', async () => {
  for (const path of ['/proc/x.zarr', '/proc/deep/er/x.zarr', '/sys/x.zarr']) {
    expect(await runMagg(['run', CONFIG, '--store', path])).toMatchObject({ code: 2, err: expect.stringMatching(new RegExp(`^magg: ${path} cannot be written: /(proc|sys): .*; choose another --store`)) as string });
  }
});
