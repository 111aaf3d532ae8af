import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG, configWith, eventsOfType, GRANULES, runMagg, temporaryFolder, tracesOf } from './run-magg.js';

const folder = temporaryFolder();
const store = join(folder, 'x.zarr');
const catalog = join(folder, 'good.json');
const bare = configWith(join(folder, 'bare'), undefined);
let text = '';

beforeAll(async () => {
  expect((await runMagg(['catalog', '--from', ...GRANULES.slice(-2), '--output', catalog])).code).toBe(0);
  text = readFileSync(catalog, 'utf8');
});

async function runWith(changed: string): Promise<{ readonly code: number; readonly err: string }> {
  const path = join(folder, 'changed.json');
  writeFileSync(path, changed);
  return runMagg(['run', bare, '--catalog', path, '--store', store]);
}

describe('catalogs', () => {
  test.each<[string, (text: string) => string, RegExp]>([
    ['cut off', whole => whole.slice(0, -60), /changed\.json:\d+:\d+.*|changed\.json.*line \d+/],
    ['empty', () => '', /changed\.json/],
    ['no JSON', () => 'cells: 3', /changed\.json/],
    ['of another parent order', whole => whole.replace('"parent_order": 6', '"parent_order": 7'), /is of order 6, but metadata\.parent_order is 7; build the catalog anew/],
    ['with an unknown id', whole => whole.replace(/"444\d+": \[/, '"4449321": ['), /expected the signed decimal morton id of a cell.*found "4449321"/],
    ['with a cell less', whole => whole.replace(/"total_cells": \d+/, '"total_cells": 99'), /metadata\.total_cells is 99, but \d cells stand in the file: it was cut or changed/],
    ['without a parent order', whole => whole.replace(/"parent_order": \d+,/, ''), /expected metadata\.parent_order/],
    ['with a granule twice', whole => whole.replace(/\[\n\s+("[^"]+")/, '[$1, $1'), /is listed twice in the cell .*: its rows would count twice; remove one/]
  ])('%s', async (_, change, message) => {
    expect(change(text)).not.toBe(text);
    const { code, err } = await runWith(change(text));
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(tracesOf(store)).toEqual([]);
  });

  test('built for another parent order than the config wants', async () => {
    const config = configWith(join(folder, 'order8'), undefined, ['parent_order: 6', 'parent_order: 8']);
    const { code, err } = await runMagg(['run', config, '--catalog', catalog, '--store', store]);
    expect(code).toBe(2);
    expect(err).toMatch(/parent_order is 8, but .*good\.json was built for parent order 6; .*magg catalog --from GRANULE\.\.\. --parent-order 8/);
  });

  test('that is not there, that is a folder, that is no text', async () => {
    expect(await runMagg(['run', bare, '--catalog', join(folder, 'no.json'), '--store', store])).toMatchObject({ code: 2, err: expect.stringMatching(/no\.json could not be read: there is no such file; build it with magg catalog --from/) as string });
    expect(await runMagg(['run', bare, '--catalog', folder, '--store', store])).toMatchObject({ code: 2, err: expect.stringMatching(/could not be read: it is a folder/) as string });
    expect(await runMagg(['run', bare, '--catalog', GRANULES[0]!, '--store', store])).toMatchObject({ code: 2, err: expect.stringMatching(/is no text in UTF-8/) as string });
  });

  test('of another latitude: the cells are derived anew, and the user is told', async () => {
    const path = join(folder, 'spherical.json');
    writeFileSync(path, text.replace('authalic-wgs84', 'geodetic-spherical'));
    const ended = await runMagg(['run', bare, '--catalog', path, '--store', join(folder, 'derived.zarr'), '--json']);
    expect(ended.code).toBe(0);
    expect(eventsOfType(ended, 'run-notice')[0]).toMatchObject({ tag: 'latitude-differs' });
  });

  test('that list a granule which is gone: its cells fail', async () => {
    const path = join(folder, 'gone.json');
    writeFileSync(path, text.replaceAll(GRANULES.at(-1)!, join(folder, 'gone', 'processed_ATL06_20190625191102_13520305_002_01.h5')));
    const ended = await runMagg(['run', bare, '--catalog', path, '--store', join(folder, 'gone.zarr')]);
    expect([1, 3]).toContain(ended.code);
    expect(ended.err).toMatch(/processed_ATL06_20190625191102_13520305_002_01\.h5 gt1l: .*there is no such file/);
  });

  test('that lack cells with rows: the run is partial and says how to rebuild', async () => {
    const path = join(folder, 'narrow.json');
    const whole = JSON.parse(text) as { metadata: Record<string, unknown>; catalog: Record<string, string[]> };
    const [first] = Object.entries(whole.catalog).sort(([, a], [, b]) => b.length - a.length);
    writeFileSync(path, JSON.stringify({ metadata: { ...whole.metadata, total_cells: 1 }, catalog: Object.fromEntries([first!]) }));
    const ended = await runMagg(['run', bare, '--catalog', path, '--store', join(folder, 'narrow.zarr')]);
    expect(ended.code).toBe(3);
    expect(ended.out).toMatch(/rows lie in no cell that the catalog lists for their granule; rebuild it: magg catalog --from GRANULE\.\.\. --parent-order 6/);
  });

  test('--driver https swaps s3 for the base of the metadata; without bases it says what lacks', async () => {
    const path = join(folder, 's3.json');
    const listed = text.replaceAll(/"[^"]*\/(processed[^"]*)"/g, '"s3://bucket/ATLAS/$1"');
    writeFileSync(path, listed);
    const words = ['run', bare, '--catalog', path, '--store', store];
    expect(await runMagg(words)).toMatchObject({ code: 2, err: expect.stringMatching(/s3:\/\/ cannot be read in this version; use --driver https/) as string });
    expect(await runMagg([...words, '--driver', 'https'])).toMatchObject({ code: 2, err: expect.stringMatching(/lack s3_base and https_base/) as string });
    writeFileSync(path, listed.replace('"metadata": {', '"metadata": { "s3_base": "s3://bucket", "https_base": "https://example.invalid/bucket",'));
    const dry = await runMagg([...words, '--driver', 'https', '--dry-run', '--json']);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('processed_ATL06_20190625191102_13520305_002_01.h5');
  });
});

describe('configs', () => {
  test.each<[string, readonly [string | RegExp, string], RegExp]>([
    ['a misspelt key', ['aggregation:', 'agregation:'], /test\.magg\.yaml:\d+:\d+: error: .*agregation/],
    ['broken YAML', ['groups: [gt1l', 'groups: [[gt1l'], /test\.magg\.yaml:\d+:\d+: error: .*\[yaml-syntax\]/],
    ['an unknown function', ['function: max', 'function: maxx'], /test\.magg\.yaml:\d+:\d+: error: .*maxx.*max/],
    ['an unknown column', ['source: h_li\n    h_max', 'source: h_lii\n    h_max'], /h_lii.*h_li/],
    ['an expression that is no Python', ['1.0 / np.sqrt(', '1.0 / / np.sqrt('], /\[expression-syntax\]/],
    ['a call that is not allowed', ['1.0 / np.sqrt(np.sum(1.0 / s_li**2))', 'os.system(1)'], /expression-not-allowed|unknown-function/],
    ['orders the wrong way round', ['child_order: 12', 'child_order: 5'], /\[orders\]/],
    ['a template without {group}', ['"/{group}/land_ice_segments/h_li"', '"/gt1l/land_ice_segments/h_li"'], /\[template\]/],
    ['an integer without fill value', ['dtype: int32\n      fill_value: 0', 'dtype: int32'], /\[missing-fill-value\]/]
  ])('%s: validate and run name file, line and column', async (_, change, message) => {
    const config = configWith(join(folder, 'wrong'), GRANULES, change);
    const validated = await runMagg(['validate', config]);
    expect(validated).toMatchObject({ code: 2, err: '' });
    expect(validated.out).toMatch(message);
    expect(validated.out).toMatch(/not valid, \d+ errors?\n$/);
    const ran = await runMagg(['run', config, '--store', store]);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatch(/^magg: the config has problems; nothing was started\n/);
    expect(ran.err).toMatch(message);
    expect(tracesOf(store)).toEqual([]);
    const { valid, diagnostics } = JSON.parse((await runMagg(['validate', config, '--json'])).out) as { valid: boolean; diagnostics: readonly { line: number; column: number }[] };
    expect(valid).toBe(false);
    expect(diagnostics[0]!.line).toBeGreaterThan(0);
  });

  test('valid ones', async () => {
    expect(await runMagg(['validate', CONFIG])).toMatchObject({ code: 0, err: '', out: `${CONFIG}: valid, 9 variables at order 12\n` });
    expect(await runMagg(['validate', 'atl06'])).toMatchObject({ code: 0, out: expect.stringMatching(/built-in atl06: valid, 9 variables at order 12\n$/) as string });
  });

  test('that are not there, that are a folder, that are no text', async () => {
    for (const command of ['run', 'validate']) {
      expect(await runMagg([command, 'atl60'])).toMatchObject({ code: 2, err: expect.stringMatching(/the config atl60 does not exist; .*built-in names: atl06/) as string });
      expect(await runMagg([command, folder])).toMatchObject({ code: 2, err: expect.stringMatching(/could not be read: it is a folder/) as string });
      expect(await runMagg([command, GRANULES[0]!])).toMatchObject({ code: 2, err: expect.stringMatching(/is no text in UTF-8; give the path of a YAML file/) as string });
    }
  });

  test('without granules and catalog', async () => {
    expect(await runMagg(['run', 'atl06', '--store', store])).toMatchObject({ code: 2, err: expect.stringMatching(/nothing to read: .*give --catalog FILE/) as string });
  });

  test('control characters in a config do not reach the terminal', async () => {
    const path = join(folder, 'escape.yaml');
    writeFileSync(path, '"\\e[31mred": 1\n');
    expect((await runMagg(['validate', path])).out).not.toContain('\x1b');
  });
});

// Root may write anywhere; there the same is tested by test/hosts/cli/bundle.thorough.test.ts as another user.
(process.getuid?.() === 0 ? test.skip : test)('a folder without permission', async () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  const { code, err } = await runMagg(['run', bare, '--catalog', catalog, '--store', join(closed, 'x.zarr')]);
  expect(code).toBe(2);
  expect(err).toMatch(/cannot be written: .*closed: permission denied; change the permissions or choose another --store/);
});
