import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, start } from './bundle.js';
import { CONFIG, temporaryFolder } from './run-magg.js';

// Start-up time is what is loaded: the files are counted here, the time is measured in the benchmark.
const folder = temporaryFolder();
let program = '';

beforeAll(() => {
  program = bundle(join(folder, 'bundle'));
}, 120_000);

/** Files of the bundle that a command evaluates, in any of its threads, without their random parts: as V8's coverage lists them. */
async function loaded(...words: string[]): Promise<readonly string[]> {
  const coverage = join(folder, `coverage-${words[0]}`);
  mkdirSync(coverage);
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

test('a run of the example needs neither the HDF5 library nor a codec', async () => {
  expect(await loaded('run', CONFIG, '--store', join(folder, 'run.zarr'), '--workers', '2')).toEqual([chunk('run'), 'magg.mjs', 'thread.mjs']);
});
