import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundle, start, type Exit } from './bundle.js';
import { chunkOf, CONFIG, configWith, copyGranules, GRANULES, runMagg, temporaryFolder, tracesOf, VARIABLES } from './run-magg.js';

// The real process: exit codes, pipes, signals, worker threads.
const folder = temporaryFolder();
let program = '';
/** Passes enough that a run cannot end before a signal arrives. */
let large = '';

beforeAll(() => {
  program = bundle(join(folder, 'bundle'));
  const many = join(folder, 'many');
  const granules = copyGranules(many, GRANULES);
  for (let pass = 1; pass < 40; pass++) for (const granule of granules) linkSync(granule, join(many, `pass${pass}_${basename(granule)}`));
  large = configWith(join(folder, 'large'), [join(many, '*.h5')]);
}, 120_000);

const magg = (...words: string[]): Promise<Exit> => start(process.execPath, [program, ...words]);

test('workers give the bytes that one thread gives', async () => {
  const [one, three] = [join(folder, 'one.zarr'), join(folder, 'three.zarr')];
  expect((await runMagg(['run', CONFIG, '--store', one])).code).toBe(0);
  expect(await magg('run', CONFIG, '--store', three, '--workers', '3')).toMatchObject({ code: 0, err: '' });
  for (const array of [...VARIABLES, 'cell_ids', 'morton']) for (let place = 0; place < 7; place++) expect(chunkOf(three, array, place)).toBe(chunkOf(one, array, place));
});

test('every granule counts as memory: with many of them a limit is too small that does for a few, and that is told', async () => {
  const limited = (name: string, granules: readonly string[]): string => configWith(join(folder, name), granules, ['\noutput:', '\nrun: { memory: 300MB, workers: 2 }\noutput:']);
  const run = (name: string, granules: readonly string[]): Promise<Exit> => magg('run', limited(name, granules), '--store', join(folder, `${name}.zarr`));
  const many = await run('limited-many', [join(folder, 'many', '*.h5')]);
  expect([many.code, many.err]).toEqual([0, expect.stringMatching(/^a run with 2 workers may take 306 MB .* more than the 300 MB of run\.memory/)]);
  expect(await run('limited-few', GRANULES)).toMatchObject({ code: 0, err: '' });
});

test('exit codes and streams', async () => {
  expect(await magg('--help')).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Usage: magg[^]*Examples:\n {2}magg run/) as string });
  for (const command of ['run', 'catalog', 'validate', 'inspect']) {
    expect(await magg(command, '--help')).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/Examples?:\n {2}magg /) as string });
  }
  expect(await magg('rnu')).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/unknown command 'rnu'\n\(Did you mean run\?\)/) as string });
  expect(await magg()).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^Usage: magg/) as string });
  expect(await magg('validate', CONFIG)).toMatchObject({ code: 0, err: '' });
});

test('a reader that goes away ends the writing, not the run', async () => {
  const store = join(folder, 'head.zarr');
  const shell = await start('sh', ['-c', '"$0" "$@" | head -n 1', process.execPath, program, 'run', CONFIG, '--store', store, '--json']);
  expect(shell).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(shell.out)).toMatchObject({ type: 'run-started' });
  expect((await magg('inspect', store)).out).toMatch(/, finished/);
  expect(await start('sh', ['-c', '"$0" "$@" | head -n 1', process.execPath, program, 'inspect', GRANULES[0]!])).toMatchObject({ code: 0, err: '' });
});

test('long output arrives whole before the end', async () => {
  const { code, out } = await magg('run', large, '--store', join(folder, 'long.zarr'), '--json');
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines.length).toBeGreaterThan(320 * 6);
  expect(JSON.parse(lines.at(-2)!)).toMatchObject({ type: 'run-finished', summary: { outcome: 'complete' } });
}, 60_000);

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', signal => {
  test('while granules are read: 130, nothing left behind', async () => {
    const store = join(folder, `${signal}-early.zarr`);
    const ended = await start(process.execPath, [program, 'run', large, '--store', store, '--json', '--workers', '2'], (out, child) => {
      if (!child.killed && out.includes('granule-finished')) child.kill(signal);
    });
    expect(ended).toMatchObject({ code: 130, signal: null, err: '' });
    expect(ended.out).toMatch(/"type":"run-cancelled".*\n$/);
    expect(tracesOf(store)).toEqual([]);
  }, 30_000);
});

test('Ctrl-C while cells are computed: unfinished, journal kept, lock released', async () => {
  const store = join(folder, 'late.zarr');
  // Thousands of cells, each a file for every array.
  const config = configWith(join(folder, 'fine'), GRANULES, ['child_order: 12', 'child_order: 15'], ['parent_order: 6', 'parent_order: 14']);
  const ended = await start(process.execPath, [program, 'run', config, '--store', store, '--json', '--workers', '2'], (out, child) => {
    if (!child.killed && out.includes('cell-finished')) child.kill('SIGINT');
  });
  expect(ended).toMatchObject({ code: 130, err: '' });
  const journal = join(`${store}.magg`, '15');
  expect(readdirSync(journal)).not.toContain('lock');
  const [name] = readdirSync(journal).filter(entry => entry.startsWith('events-'));
  expect(readFileSync(join(journal, name!), 'utf8')).toMatch(/"type":"run-cancelled".*\n$/);
  expect((await magg('inspect', store)).out).toMatch(/not finished/);
}, 30_000);

test('a second Ctrl-C ends at once', async () => {
  const ended = await start(process.execPath, [program, 'run', large, '--store', join(folder, 'twice.zarr'), '--json'], (out, child) => {
    if (!child.killed && out.includes('granule-finished')) {
      child.kill('SIGINT');
      child.kill('SIGINT');
    }
  });
  expect(ended.code).toBe(130);
}, 30_000);

// Only root can be somebody else; others test the same in this process, in bad-config.test.ts.
const nobody = { uid: 65534, gid: 65534, cwd: '/' };
const canBeNobody = process.getuid?.() === 0 && spawnSync(process.execPath, ['--version'], nobody).status === 0;
(canBeNobody ? test : test.skip)('a folder that somebody else may not write to', async () => {
  const [closed, copy] = [join(folder, 'closed'), join(folder, 'copy')];
  cpSync(dirname(program), copy, { recursive: true });
  copyGranules(join(folder, 'open'), [GRANULES.at(-1)!]);
  const config = configWith(join(folder, 'open'), ['*.h5']);
  mkdirSync(closed);
  for (const path of [folder, closed]) chmodSync(path, 0o755);
  const ended = await start(process.execPath, [join(copy, 'magg.mjs'), 'run', config, '--store', join(closed, 'x.zarr')], undefined, nobody);
  expect(ended).toMatchObject({ code: 2, out: '' });
  expect(ended.err).toMatch(/cannot be written: .*closed: permission denied; change the permissions or choose another --store/);
  expect(existsSync(join(closed, 'x.zarr.magg'))).toBe(false);
});
