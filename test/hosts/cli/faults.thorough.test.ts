import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../../random.js';
import { bundle, start, type Exit } from './bundle.js';
import { configWith, GRANULES, temporaryFolder } from './run-magg.js';

// What happens to the process, its disk and its neighbours, with the real program.
const folder = temporaryFolder();
let program = '';
/** Hundreds of cells, each a file for every array. */
const fine = configWith(join(folder, 'fine'), GRANULES, ['child_order: 12', 'child_order: 15'], ['parent_order: 6', 'parent_order: 12']);

beforeAll(() => {
  program = bundle(join(folder, 'bundle'));
}, 120_000);

const magg = (...words: string[]): Promise<Exit> => start(process.execPath, [program, ...words]);

/** Every file below a folder with its content. */
function snapshot(path: string): ReadonlyMap<string, string> {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(name => statSync(join(path, name)).isFile());
  return new Map(files.sort().map(name => [name, readFileSync(join(path, name), 'base64')]));
}

function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter(name => a.get(name) !== b.get(name));
}

const finishedCells = (out: string): number => out.split('"type":"cell-finished"').length - 1;

test('killed ten times with -9, and resumed each time: the bytes of an undisturbed run', async () => {
  const [whole, store] = [join(folder, 'whole.zarr'), join(folder, 'killed.zarr')];
  const undisturbed = await magg('run', fine, '--store', whole, '--json', '--workers', '2');
  expect(undisturbed.code).toBe(0);
  const cells = finishedCells(undisturbed.out);
  expect(cells).toBeGreaterThan(100);

  const random = randomFrom(9);
  for (let kill = 0; kill < 10; kill++) {
    // Once while granules are read, then somewhere between the first and the last cell that is left.
    const at = kill === 0 ? 0 : 1 + Math.floor(random() * (cells / 12));
    const ended = await start(process.execPath, [program, 'run', fine, '--store', store, '--json', '--workers', '2'], (out, child) => {
      if (!child.killed && (at === 0 ? out.includes('granule-finished') : finishedCells(out) >= at)) child.kill('SIGKILL');
    });
    expect(ended.signal).toBe('SIGKILL');
  }
  expect((await magg('inspect', store)).out).toMatch(/not finished/);
  const last = await magg('run', fine, '--store', store, '--resume', '--json');
  expect(last).toMatchObject({ code: 0, err: '' });
  expect(last.out).toContain('"type":"cell-current"');
  expect(differing(snapshot(whole), snapshot(store))).toEqual([]);
  expect(readdirSync(join(`${store}.magg`, '15'))).not.toContain('lock');
}, 120_000);

// A file system of its own needs a name space of its own.
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs "$0"', folder]).status === 0;
(canMount ? test : test.skip)('a disk that is full in the middle: said, nothing lost, and with more room the run goes on', async () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const store = join(disk, 'out.zarr');
  const script = `
    set -e
    mount -t tmpfs -o size=3m tmpfs "$DISK"
    code=0; "$NODE" "$PROGRAM" run "$CONFIG" --store "$DISK/out.zarr" || code=$?
    echo "first $code"
    mount -o remount,size=400m "$DISK"
    "$NODE" "$PROGRAM" run "$CONFIG" --store "$DISK/out.zarr" --json | grep -c cell-current
    cp -r "$DISK/out.zarr" "$KEPT"`;
  const kept = join(folder, 'kept.zarr');
  const environment = { ...process.env, DISK: disk, NODE: process.execPath, PROGRAM: program, CONFIG: fine, KEPT: kept };
  const { stdout, stderr, status } = spawnSync('unshare', ['-rm', 'sh', '-c', script], { env: environment, encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, expect.stringMatching(/first [13]\n\d+\n$/), expect.stringMatching(/disk is full\. Make room or choose another place, then run again/)]);
  expect(existsSync(store)).toBe(false);
  const whole = join(folder, 'roomy.zarr');
  expect((await magg('run', fine, '--store', whole)).code).toBe(0);
  expect(differing(snapshot(whole), snapshot(kept))).toEqual([]);
}, 60_000);

test('a store that another run is writing is refused with its name, and the other run is not disturbed', async () => {
  const store = join(folder, 'shared.zarr');
  let second: Promise<Exit> | undefined;
  let pid = 0;
  const first = await start(process.execPath, [program, 'run', fine, '--store', store, '--json', '--workers', '1'], (out, child) => {
    if (second || !out.includes('granule-started')) return;
    pid = child.pid!;
    child.kill('SIGSTOP');
    second = magg('run', fine, '--store', store, '--overwrite').finally(() => child.kill('SIGCONT'));
  });
  expect(await second).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`process ${pid} is writing ${store}; wait for it to end`) as string });
  expect(first).toMatchObject({ code: 0, err: '' });
  expect((await magg('inspect', store)).out).toMatch(/, finished/);
}, 60_000);
