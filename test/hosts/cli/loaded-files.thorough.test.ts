import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, start } from './bundle.js';
import { matching } from '../../hdf5/expected.js';
import { judgeJson } from '../../judge.js';
import { CONFIG, configWith, GRANULES, temporaryFolder } from './run-magg.js';

// Start-up time is what is loaded: the files are counted here, the time is measured in the benchmark.
const folder = temporaryFolder();
let program = '';

beforeAll(() => {
  program = bundle(join(folder, 'bundle'));
}, 120_000);

/** Files of the bundle that a command evaluates, in any of its threads, without their random parts: as V8's coverage lists them. */
async function loaded(...words: string[]): Promise<readonly string[]> {
  const coverage = mkdtempSync(join(folder, 'coverage-'));
  expect(await start('env', [`NODE_V8_COVERAGE=${coverage}`, process.execPath, program, ...words])).toMatchObject({ code: 0 });
  const home = `${pathToFileURL(dirname(program)).href}/`;
  const files = new Set<string>();
  for (const report of readdirSync(coverage)) {
    const { result } = JSON.parse(readFileSync(join(coverage, report), 'utf8')) as { result: { url: string }[] };
    for (const { url } of result) if (url.startsWith(home)) files.add(basename(url));
  }
  return [...files].sort();
}

const chunk = (command: string): string => `chunk-src_hosts_cli_${command}-command_ts.mjs`;

test('help is one file; a command loads its own code and no other', async () => {
  expect(await loaded('--help')).toEqual(['magg.mjs']);
  expect(await loaded('validate', CONFIG)).toEqual([chunk('validate'), 'magg.mjs']);
});

test('a column that only the full HDF5 library reads: it is loaded, in a worker below that of the run, and keeps no process alive', async () => {
  judgeJson('hosts/cli/damaged_granules.py', [GRANULES[0]!, folder]);
  const virtual = join(folder, 'virtual', basename(GRANULES[0]!));
  const config = configWith(join(folder, 'config'), [virtual, ...GRANULES.slice(1)]);
  const files = await loaded('run', config, '--store', join(folder, 'virtual.zarr'), '--workers', '2');
  expect(files.filter(name => /library|h5wasm/.test(name))).toEqual([matching(/^chunk-.*h5wasm/), 'library.mjs']);
});

test('the whole command with a granule in which that library gets lost: it ends, names granule and dataset, and the rest is written', async () => {
  const lost = join(folder, 'lost', basename(GRANULES[0]!));
  const config = configWith(join(folder, 'lost-config'), [lost, ...GRANULES.slice(1)]);
  const { code, out, err } = await start(process.execPath, [program, 'run', config, '--store', join(folder, 'lost.zarr'), '--workers', '2']);
  expect(code).toBe(3);
  expect(err).toMatch(new RegExp(`^${basename(lost)} gt2l: ${lost} could not be read: the HDF5 library, asked for /gt2l/land_ice_segments/h_li, did not answer within 4 s`, 'm'));
  expect(out).toMatch(/^partial: /);
});

test('a run of the example needs neither the HDF5 library nor a codec', async () => {
  expect(await loaded('run', CONFIG, '--store', join(folder, 'run.zarr'), '--workers', '2')).toEqual([chunk('run'), 'magg.mjs', 'thread.mjs']);
});
