import { copyFileSync, cpSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { judge, judgeJson } from '../../judge.js';
import { chunkOf, configWith, copyGranules, CONFIG, eventsOfType, GRANULES, runMagg, temporaryFolder, VARIABLES } from './run-magg.js';

const folder = temporaryFolder();
const data = join(folder, 'data');
const [first = '', ...rest] = copyGranules(data, GRANULES.slice(0, 3));
const config = configWith(folder, [first, ...rest]);
const fromCatalog = configWith(join(folder, 'c'), undefined);
const catalog = join(folder, 'catalog.json');
const whole = join(folder, 'whole.zarr');
let badChunk = '';

beforeAll(async () => {
  judgeJson('hosts/cli/damaged_granules.py', [GRANULES[0]!, folder]);
  badChunk = join(folder, 'bad-chunk', basename(first));
  expect((await runMagg(['catalog', '--from', data, '--config', CONFIG, '--output', catalog])).code).toBe(0);
  expect((await runMagg(['run', config, '--store', whole])).code).toBe(0);
}, 60_000);

beforeEach(() => copyFileSync(GRANULES[0]!, first));

const copyOf = (name: string): string => {
  const path = join(folder, `${name}.zarr`);
  cpSync(whole, path, { recursive: true });
  cpSync(`${whole}.magg`, `${path}.magg`, { recursive: true });
  return path;
};

/** Every chunk, number by number. */
const chunksOf = (store: string): readonly string[] => [...VARIABLES, 'cell_ids', 'morton'].flatMap(array => Array.from({ length: 20 }, (_, place) => chunkOf(store, array, place)));

/** Reads the store as docs/format.md says; throws where hashes, ids, coverage and states do not go together. */
const CHECK = `
import json, sys
sys.path.insert(0, sys.argv[1])
import format_reader
groups, _ = format_reader.check_store(sys.argv[2])
print(json.dumps([[record["state"], record["observations"]] for record in groups["12"].parents()]))
`;
const statesOf = (store: string): readonly (readonly [string, number])[] => JSON.parse(judge(CHECK, [resolve(__dirname, '../../zarr'), store]).toString()) as [string, number][];

interface Told {
  readonly groups: readonly {
    readonly state: string;
    readonly observations: number;
    readonly cells: Readonly<Record<string, number>>;
    readonly parents: Readonly<Record<string, number>>;
    readonly outdated_cells: readonly { readonly cell: string; readonly granule: string; readonly group: string; readonly message: string }[];
    readonly failed_cells: readonly unknown[];
    readonly problems: readonly unknown[];
  }[];
}
const told = async (command: string, store: string): Promise<Told['groups'][number]> => (JSON.parse((await runMagg([command, store, '--json'])).out) as Told).groups[0]!;

test('a granule that was changed and is damaged: the numbers stay, and run, status, verify and a reader of the format say so', async () => {
  const store = copyOf('damaged');
  const before = chunksOf(store);
  const states = statesOf(store);
  copyFileSync(badChunk, first);

  const ended = await runMagg(['run', config, '--store', store]);
  expect(ended.code).toBe(3);
  const cells = Number(/(\d+) failed, (\d+) of them with the values of an earlier run/.exec(ended.out)![2]);
  expect(cells).toBeGreaterThan(0);
  expect(ended.out).toMatch(/^partial: .*\n[^]*the cells touched are failed, those of earlier runs keep their values\n/);
  expect(ended.err).toMatch(new RegExp(`cell -?\\d+ failed: it lacks rows of ${basename(first)} gt\\d[lr]; the values of an earlier run stay\n`));
  expect(ended.err).toMatch(new RegExp(`${cells} cells? could not be computed anew, and keeps? the values of an earlier run: `));
  expect(chunksOf(store)).toEqual(before);
  const now = statesOf(store);
  // One cell was empty: it has nothing to keep.
  expect(states.map(([state]) => state).sort()).toEqual([...Array.from({ length: states.length - 1 }, () => 'data'), 'empty']);
  expect(now.filter(([state]) => state === 'failed')).toHaveLength(1);
  expect(now.map(([, rows]) => rows)).toEqual(states.map(([, rows]) => rows));
  expect(now.filter(([state]) => state === 'outdated')).toHaveLength(cells);

  const status = await runMagg(['status', store]);
  expect([status.code, status.err]).toEqual([3, '']);
  expect(status.out).toMatch(new RegExp(`: partial\n.* ${cells} with the values of an earlier run, 1 failed\n[^]*cell -?\\d+ holds the values of an earlier run: ${basename(first)} gt\\d[lr]: .*\n[^]*next: magg run CONFIG --store \\S+ .*goes on with the one cell that failed and the ${cells} that hold the values of an earlier run; the others stay`));
  const json = await told('status', store);
  expect(json).toMatchObject({ state: 'partial', observations: (await told('status', whole)).observations, failed_cells: [{ message: expect.any(String) as string }], cells: { outdated: cells, failed: 1 } });
  expect(json.outdated_cells).toHaveLength(cells);
  expect(json.outdated_cells[0]).toMatchObject({ granule: basename(first), group: expect.stringMatching(/^gt/) as string, message: expect.stringContaining('/land_ice_segments/') as string });

  const verify = await runMagg(['verify', store]);
  expect([verify.code, verify.out]).toEqual([3, expect.stringMatching(new RegExp(`: right, but not complete\n.* ${cells} with the values of an earlier run, 1 failed\n`))]);
  expect(await told('verify', store)).toMatchObject({ state: 'incomplete', problems: [], parents: { outdated: cells, failed: 1 } });
  expect((await runMagg(['run', config, '--store', store, '--dry-run'])).out).toMatch(new RegExp(`-?\\d+  \\d+ granules?  changed: holds the values of an earlier run: .*\n[^]*: 1 unfinished, ${cells} changed`));
  // Without its journal the store says the same.
  const alone = join(folder, 'alone.zarr');
  cpSync(store, alone, { recursive: true });
  expect(await runMagg(['status', alone])).toMatchObject({ code: 3, out: expect.stringMatching(`${cells} with the values of an earlier run`) as string });
  expect((await runMagg(['verify', alone])).code).toBe(3);

  copyFileSync(GRANULES[0]!, first);
  expect(await runMagg(['run', config, '--store', store, '--resume'])).toMatchObject({ code: 0, err: '' });
  expect((await runMagg(['verify', store])).code).toBe(0);
  expect((await runMagg(['status', store])).code).toBe(0);
  expect((await runMagg(['diff', store, whole])).code).toBe(0);
}, 60_000);

test.each(['local', 'cells'])('a granule of the catalog that is gone or cut short: its cells stay (%s)', async backend => {
  const store = copyOf(`gone-${backend}`);
  const words = ['run', fromCatalog, '--catalog', catalog, '--store', store, '--backend', backend];
  const before = chunksOf(store);
  truncateSync(first, 10_000);
  const cut = await runMagg([...words, '--json']);
  expect(cut.code).toBe(3);
  const failed = eventsOfType(cut, 'cell-failed');
  const kept = failed.filter(event => event.kept);
  expect(kept.length).toBeGreaterThan(0);
  for (const event of kept) expect(event).toMatchObject({ granule: basename(first), kept: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
  expect(eventsOfType(cut, 'run-finished')[0]!.summary).toMatchObject({ cellsFailed: kept.length + 1, cellsOutdated: kept.length });
  expect(chunksOf(store)).toEqual(before);

  rmSync(first);
  const gone = await runMagg([...words, '--redo']);
  expect(gone.code).toBe(3);
  expect(chunksOf(store)).toEqual(before);
  expect(statesOf(store).filter(([state]) => state === 'outdated').length).toBeGreaterThanOrEqual(kept.length);
  expect((await runMagg(['verify', store])).code).toBe(3);

  copyFileSync(GRANULES[0]!, first);
  expect((await runMagg(words)).code).toBe(0);
  expect(chunksOf(store)).toEqual(before);
  expect((await runMagg(['verify', store])).code).toBe(0);
}, 60_000);

test('without a catalog a granule whose coordinates cannot be read costs nothing: no file of the store changes', async () => {
  const store = copyOf('unread');
  const before = [...chunksOf(store), readFileSync(join(store, 'zarr.json'), 'utf8')];
  truncateSync(first, 10_000);
  expect((await runMagg(['run', config, '--store', store])).code).toBe(1);
  expect([...chunksOf(store), readFileSync(join(store, 'zarr.json'), 'utf8')]).toEqual(before);
  expect((await runMagg(['verify', store])).code).toBe(0);
}, 60_000);

test('--allow-partial replaces, --overwrite erases', async () => {
  const [partial, erased] = [copyOf('partial'), copyOf('erased')];
  copyFileSync(badChunk, first);
  expect((await runMagg(['run', config, '--store', partial, '--allow-partial'])).code).toBe(3);
  expect(statesOf(partial).map(([state]) => state)).toEqual(expect.arrayContaining(['partial']));
  expect(statesOf(partial).map(([state]) => state)).not.toContain('outdated');
  expect((await runMagg(['run', config, '--store', erased, '--overwrite'])).code).toBe(3);
  expect(statesOf(erased).map(([state]) => state)).toEqual(expect.arrayContaining(['failed']));
  expect(statesOf(erased).map(([state]) => state)).not.toContain('outdated');
}, 60_000);

test('overviews with cells that keep their values are those of what stands, with a journal and after it was lost', async () => {
  const store = join(folder, 'overviews.zarr');
  const layered = configWith(join(folder, 'o'), [first, ...rest], ['output:\n', 'output:\n  overviews: [4, 8]\n']);
  const overviews = async (): Promise<unknown> => (JSON.parse((await runMagg(['verify', store, '--json'])).out) as { overviews: unknown }).overviews;
  expect((await runMagg(['run', layered, '--store', store])).code).toBe(0);
  const before = readFileSync(join(store, '4/h_mean/c/0')).toString('hex');
  copyFileSync(badChunk, first);
  for (const hasJournal of [true, false]) {
    if (!hasJournal) rmSync(`${store}.magg`, { recursive: true });
    const ended = await runMagg(['run', layered, '--store', store]);
    expect([ended.code, ended.out]).toEqual([3, expect.stringMatching(/with the values of an earlier run/) as string]);
    expect((await runMagg(['verify', store])).code).toBe(3);
    expect(await overviews()).toBe('right');
    expect(readFileSync(join(store, '4/h_mean/c/0')).toString('hex')).toBe(before);
    expect(statesOf(store).some(([state]) => state === 'outdated')).toBe(true);
  }
}, 60_000);
