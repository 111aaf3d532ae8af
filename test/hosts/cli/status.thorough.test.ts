import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { judgeJson } from '../../judge.js';
import { configWith, CONFIG, eventsOfType, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const whole = join(folder, 'whole.zarr');
let damaged = '';

beforeAll(async () => {
  expect((await runMagg(['run', CONFIG, '--store', whole])).code).toBe(0);
  judgeJson('hosts/cli/damaged_granules.py', [GRANULES[0]!, folder]);
  damaged = join(folder, 'bad-chunk', basename(GRANULES[0]!));
}, 60_000);

interface Status {
  readonly exit_code: number;
  readonly groups: readonly {
    readonly child_order: number;
    readonly state: string;
    readonly known_from: string;
    readonly written_by: string | null;
    readonly cells: Readonly<Record<string, number | null>>;
    readonly observations: number | null;
    readonly failed_cells: readonly Readonly<Record<string, unknown>>[];
    readonly damaged_lines: number;
    readonly last_run: Readonly<Record<string, unknown>> | null;
    readonly next: string | null;
  }[];
}

async function status(path: string): Promise<Status> {
  const { code, out } = await runMagg(['status', path, '--json']);
  const answer = JSON.parse(out) as Status;
  expect(answer.exit_code).toBe(code);
  return answer;
}

const copyOf = (name: string): string => {
  const path = join(folder, `${name}.zarr`);
  cpSync(whole, path, { recursive: true });
  cpSync(`${whole}.magg`, `${path}.magg`, { recursive: true });
  return path;
};
const eventsOf = (path: string): string => join(`${path}.magg`, '12', readdirSync(join(`${path}.magg`, '12')).find(name => name.startsWith('events-'))!);

test('a store that is complete', async () => {
  const { code, out, err } = await runMagg(['status', whole]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^\S+whole\.zarr 12\/: complete\n {2}7 cells: 6 with data, 1 empty\n {2}22,284 observations in the cells with data\n {2}the last run \(events-000001-[0-9a-f]+\) came to its end after \S+ s: 7 of 7 cells that it was asked for\n {4}48 of 48 \(granule, group\) pairs read, 36,934 rows, \S+ \wB\n$/);
  expect(await status(whole)).toMatchObject({
    exit_code: 0,
    groups: [{ child_order: 12, state: 'complete', known_from: 'journal', written_by: null, cells: { planned: 7, data: 6, empty: 1, left: 0 }, observations: 22284, failed_cells: [], next: null }]
  });
});

test('without its journal the store tells of itself', async () => {
  const path = copyOf('alone');
  rmSync(`${path}.magg`, { recursive: true });
  const { code, out } = await runMagg(['status', path]);
  expect(code).toBe(0);
  expect(out).toMatch(/: complete\n {2}7 cells: 6 with data, 1 empty\n {2}22,284 observations .*\n {2}there is no journal beside it; this is what the store says of itself\n$/);
  rmSync(join(path, '12/parents'), { recursive: true });
  expect((await runMagg(['status', path])).out).toMatch(/: complete\n {2}there is no journal beside it and no record of its parents; magg verify \S+ looks/);
});

test('failed cells with granule, group and cause', async () => {
  const path = join(folder, 'failed.zarr');
  const config = configWith(join(folder, 'failed'), [damaged, ...GRANULES.slice(1)]);
  expect((await runMagg(['run', config, '--store', path])).code).toBe(3);
  const { exit_code, groups: [group] } = await status(path);
  expect(exit_code).toBe(3);
  expect(group).toMatchObject({ state: 'partial', cells: { planned: 7, left: 0 } });
  expect(group!.failed_cells).toHaveLength(group!.cells.failed!);
  for (const cell of group!.failed_cells) expect(cell).toMatchObject({ granule: basename(damaged), group: 'gt2l', message: expect.stringContaining('h_li') as string });
  const { out } = await runMagg(['status', path]);
  expect(out).toMatch(/12\/: partial\n/);
  expect(out).toMatch(new RegExp(`cell \\S+ failed: ${basename(damaged)} gt2l: \\S+h_li of `));
  expect(out).toMatch(/next: magg run CONFIG --store \S+failed\.zarr \(with the config of before\) goes on with the (one cell|\d cells) that failed; the others stay\n$/);
});

test('a part of the cells; a run that was cut off; damaged lines', async () => {
  const path = join(folder, 'part.zarr');
  expect((await runMagg(['run', CONFIG, '--store', path, '--max-cells', '2'])).code).toBe(0);
  expect(await status(path)).toMatchObject({ exit_code: 3, groups: [{ state: 'partial', cells: { planned: 7, left: 5 } }] });

  const cut = copyOf('cut');
  const lines = readFileSync(eventsOf(cut), 'utf8').split('\n');
  const end = lines.findIndex(line => line.startsWith('{"type":"cell-finished"'));
  writeFileSync(eventsOf(cut), `${lines.slice(0, end + 2).join('\n')}\n{"type":"cell-fin`);
  const found = await status(cut);
  expect(found).toMatchObject({ exit_code: 3, groups: [{ state: 'partial', damaged_lines: 0, last_run: { how: 'cut-off', groups_ended: 48 } }] });
  const { cells } = found.groups[0]!;
  expect(cells.data! + cells.empty! + cells.started! + cells.left!).toBe(7);
  expect(cells.left! + cells.started!).toBeGreaterThan(0);
  expect((await runMagg(['status', cut])).out).toMatch(/was cut off: .*\n.*\n {2}next: magg run CONFIG --store \S+ .*goes on with the (one cell that was|\d cells that were) not computed; the others stay\n$/);

  const broken = copyOf('broken');
  writeFileSync(eventsOf(broken), readFileSync(eventsOf(broken), 'utf8').replace('{"type":"cell-finished"', '{"type":"cell-finished'));
  expect(await status(broken)).toMatchObject({ exit_code: 3, groups: [{ damaged_lines: 1, cells: { data: 5, empty: 1, started: 1 } }] });
  expect((await runMagg(['status', broken])).out).toContain('1 line of the journal cannot be read');
});

test('--watch follows a run, reads what is added, and ends with it', async () => {
  const path = copyOf('live');
  const file = eventsOf(path), lock = join(`${path}.magg`, '12', 'lock');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  writeFileSync(file, '');
  const born = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), born }));
  expect((await runMagg(['status', path])).out).toMatch(new RegExp(`12/: running, written by process ${process.pid}\n`));
  let calls = 0;
  const wait = (): void => {
    calls++;
    const next = lines.splice(0, 7).join('\n');
    // Half a line first: a reader may come at any moment.
    if (next !== '') appendFileSync(file, `${next.slice(0, 5)}`);
    if (next !== '') appendFileSync(file, `${next.slice(5)}\n`);
    else rmSync(lock, { force: true });
  };
  const watched = await runMagg(['status', path, '--watch', '--json'], { wait });
  expect(watched.code).toBe(0);
  const steps = watched.out.trim().split('\n').map(line => JSON.parse(line) as Status);
  expect(steps.length).toBeGreaterThan(5);
  const states = steps.map(({ groups: [group] }) => group!.state);
  expect(new Set(states.slice(0, -1))).toEqual(new Set(['running']));
  const ended = steps.map(({ groups: [group] }) => (group!.last_run?.groups_ended ?? 0) as number);
  expect(ended).toEqual([...ended].sort((a, b) => a - b));
  expect(steps.at(-1)).toEqual(await status(path));
  expect(calls).toBeGreaterThan(5);
});

test('--watch on a terminal is one line that is cleared; where nothing runs it ends at once', async () => {
  const path = copyOf('bar');
  const lock = join(`${path}.magg`, '12', 'lock');
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), born: '' }));
  const { err, out, code } = await runMagg(['status', path, '--watch'], { columns: 60, wait: () => rmSync(lock) });
  expect(err).toBe(`\r${'▓'.repeat(24)} 7/7 cells\x1b[K\r\x1b[K`);
  expect([code, out.split('\n')[0]]).toEqual([0, `${path} 12/: complete`]);
  expect((await runMagg(['status', whole, '--watch'], { wait: () => { throw new Error('waits'); } })).code).toBe(0);
});

test('a run that still reads granules tells how far it is, before its cells are known', async () => {
  const path = join(folder, 'reading.zarr');
  mkdirSync(join(`${path}.magg`, '12'), { recursive: true });
  writeFileSync(join(`${path}.magg`, '12', 'lock'), JSON.stringify({ pid: process.pid, host: hostname(), born: '' }));
  expect(await runMagg(['status', path])).toMatchObject({ code: 3, out: `${path} 12/: running, written by process ${process.pid}\n  it has only begun: nothing is read yet\n  next: magg status ${path} --watch follows it\n` });
  const lines = readFileSync(eventsOf(whole), 'utf8').split('\n');
  const planned = lines.findIndex(line => line.startsWith('{"type":"cells-planned"'));
  const read = lines.slice(0, planned).filter(line => line.startsWith('{"type":"granule-finished"')).length;
  expect(read).toBeGreaterThan(1);
  writeFileSync(join(`${path}.magg`, '12', 'events-000001-abcdef.jsonl'), `${lines.slice(0, planned).join('\n')}\n`);
  expect((await runMagg(['status', path])).out).toMatch(new RegExp(`goes on: its cells are not known yet, [^\n]*\n    ${read} of 48 \\(granule, group\\) pairs read`));
  const bar = await runMagg(['status', path, '--watch'], { columns: 60, wait: () => rmSync(`${path}.magg`, { recursive: true }) });
  expect(bar).toMatchObject({ code: 2, err: expect.stringMatching(/48\/48 groups read.*\[Kmagg: the run has ended and written nothing to \S+reading\.zarr; it said why/s) as string });
});

test('a run that broke, after its cells were written, has failed', async () => {
  const path = copyOf('broke');
  const events = eventsOf(path);
  const lines = readFileSync(events, 'utf8').trim().split('\n');
  expect(lines.at(-1)).toContain('"outcome":"complete"');
  writeFileSync(events, `${lines.join('\n').replace(/"outcome":"complete"(?=[^\n]*$)/, '"outcome":"failed"')}\n`);
  expect((await runMagg(['status', path])).out).toMatch(/the last run \(\S+\) failed after \S+ s: 7 of 7 cells/);
});

test('only the journal is left; nothing is there; something else is there', async () => {
  const path = copyOf('gone');
  rmSync(path, { recursive: true });
  expect(await runMagg(['status', path])).toMatchObject({ code: 3, out: expect.stringMatching(/12\/: the values are gone, only the journal is there: the store is gone\n {2}what the journal remembers: 7 cells[^]*next: magg run CONFIG --store \S+ computes it anew, or remove \S+gone\.zarr\.magg\/12\n$/) as string });
  expect(await status(path)).toMatchObject({ groups: [{ state: 'gone', observations: 22284 }] });
  const other = join(folder, 'other');
  mkdirSync(other);
  expect(await runMagg(['status', other])).toMatchObject({ code: 2, err: expect.stringContaining('holds no group of a magg store') as string });
  expect(await runMagg(['status', join(folder, 'nowhere')])).toMatchObject({ code: 2, err: expect.stringContaining('does not exist; name the folder of a store') as string });
});

test('the group is gone from a store that is there: never complete, and what it says to type works', async () => {
  const path = copyOf('groupless');
  rmSync(join(path, '12'), { recursive: true });
  expect(await status(path)).toMatchObject({ exit_code: 3, groups: [{ state: 'gone', finished: false }] });
  expect((await runMagg(['status', path])).out).toMatch(/12\/: the values are gone, only the journal is there: the store has no 12\/ any more\n[^]*next: magg run CONFIG --store \S+ computes it anew, or remove \S+\.magg\/12\n$/);
  rmSync(`${path}.magg`, { recursive: true });
  expect((await runMagg(['status', path])).out).toMatch(/12\/: the values are gone, only the metadata of the store name it: the store has no 12\/ any more\n {2}next: magg run CONFIG --store \S+ computes it anew\n$/);
  expect((await runMagg(['run', CONFIG, '--store', path])).code).toBe(0);
  expect((await status(path)).exit_code).toBe(0);
});

test('a run that was killed before it wrote anything: there never was a store', async () => {
  const path = join(folder, 'killed.zarr');
  mkdirSync(join(`${path}.magg`, '12'), { recursive: true });
  writeFileSync(join(`${path}.magg`, '12', 'lock'), JSON.stringify({ pid: 999_999_999, host: hostname(), born: '' }));
  expect(await runMagg(['status', path])).toMatchObject({ code: 1, out: `${path} 12/: nothing was written: a run was cut off before its cells were known\n  next: magg run CONFIG --store ${path} computes it anew\n` });
  const lines = readFileSync(eventsOf(whole), 'utf8').split('\n');
  const planned = lines.findIndex(line => line.startsWith('{"type":"cells-planned"'));
  writeFileSync(join(`${path}.magg`, '12', 'events-000001-abcdef.jsonl'), `${lines.slice(0, planned).join('\n')}\n`);
  const early = await runMagg(['status', path]);
  expect([early.code, early.out.split('\n')[0]]).toEqual([1, `${path} 12/: nothing was written: a run was cut off before its cells were known`]);
  expect(early.out).toMatch(/was cut off: its cells were not known yet\n {4}\d+ of 48/);
  expect(early.out).not.toMatch(/observations|with data/);
  writeFileSync(join(`${path}.magg`, '12', 'events-000001-abcdef.jsonl'), `${lines.slice(0, planned + 1).join('\n')}\n`);
  const { code, out } = await runMagg(['status', path]);
  expect([code, out.split('\n')[0]]).toEqual([1, `${path} 12/: no cell has values, and the group is not there`]);
  expect(out).toMatch(/7 left\n[^]*was cut off: 0 of 7 cells/);
});

test('without zarr.json of the root or of the group: named, and what it says to do works', async () => {
  const group = copyOf('no-group-node');
  rmSync(join(group, '12/zarr.json'));
  expect((await status(group)).groups).toMatchObject([{ state: 'gone', next: `next: move the folder ${group}/12 away, then magg run CONFIG --store ${group} computes the group anew` }]);
  expect((await runMagg(['status', group])).out).toContain('12/: not readable: 12/zarr.json is gone or damaged');
  expect((await runMagg(['run', CONFIG, '--store', group])).code).toBe(2);
  renameSync(join(group, '12'), join(folder, 'away'));
  expect((await runMagg(['run', CONFIG, '--store', group])).code).toBe(0);
  expect((await status(group)).exit_code).toBe(0);

  const root = copyOf('no-root');
  rmSync(join(root, 'zarr.json'));
  const { out, code } = await runMagg(['status', root]);
  expect([code, out.split('\n')[0]]).toEqual([3, `${root} 12/: the zarr.json of the store is gone, so that no program finds the group`]);
  const text = /next: write (\S+) to \S+\/zarr\.json, then magg run/.exec(out)![1]!;
  expect((await runMagg(['run', CONFIG, '--store', root])).code).toBe(2);
  writeFileSync(join(root, 'zarr.json'), text);
  expect((await runMagg(['run', CONFIG, '--store', root])).code).toBe(0);
  expect((await status(root)).exit_code).toBe(0);
  expect((await runMagg(['diff', whole, root])).code).toBe(0);
  rmSync(`${root}.magg`, { recursive: true });
  rmSync(join(root, 'zarr.json'));
  expect((await status(root)).groups).toMatchObject([{ state: 'partial' }]);
});

test('a store that says of itself that it is partial is not complete', async () => {
  const path = copyOf('mixed');
  for (const file of ['12/zarr.json', 'zarr.json']) writeFileSync(join(path, file), readFileSync(join(path, file), 'utf8').replace(/"completeness":\s*"complete"/, '"completeness":"partial"'));
  const { code, out } = await runMagg(['status', path]);
  expect(code).toBe(3);
  expect(out).toMatch(/12\/: partial\n[^]*next: some cells hold values of other settings or granules; the same run without a selection brings them up to date: magg run CONFIG --store \S+\n$/);
  rmSync(`${path}.magg`, { recursive: true });
  expect(await runMagg(['status', path])).toMatchObject({ code: 3, out: expect.stringContaining('some cells hold values of other settings or granules, or rows are in no cell of the catalog;') as string });
});

test('after a run of some cells with a changed setting the store is partial, and the same run without a selection mends that', async () => {
  const path = copyOf('settings');
  const config = configWith(join(folder, 'settings'), GRANULES, ['value: 0\n', 'value: 1\n']);
  expect((await runMagg(['run', config, '--store', path, '--max-cells', '2'])).code).not.toBe(1);
  expect(await runMagg(['status', path])).toMatchObject({ code: 3, out: expect.stringMatching(/12\/: partial\n[^]*the last of 2 runs[^]*next: some cells hold values of other settings or granules; the same run without a selection/) as string });
  expect((await runMagg(['run', config, '--store', path])).code).toBe(0);
  expect((await status(path)).exit_code).toBe(0);
});

test('cells without some rows: which reads failed', async () => {
  const path = join(folder, 'rows.zarr');
  const config = configWith(join(folder, 'rows'), [damaged, ...GRANULES.slice(1)]);
  const run = await runMagg(['run', config, '--store', path, '--allow-partial']);
  expect(run).toMatchObject({ code: 3, out: expect.stringMatching(/, 1 failed\n[^]*1 group of granules could not be read; the cells touched are written without those rows, or failed\n/) as string });
  const { groups: [group] } = await status(path) as unknown as { groups: { cells: { partial: number }; partial_cells: string[]; failed_reads: unknown[] }[] };
  expect(group!.cells.partial).toBeGreaterThan(0);
  const partial = eventsOfType(await runMagg(['run', config, '--store', `${path}.again`, '--allow-partial', '--json']), 'cell-finished').flatMap(({ cell, isWhole }) => (isWhole ? [] : [cell]));
  expect(group!.partial_cells.length).toBe(group!.cells.partial);
  expect([...group!.partial_cells].sort()).toEqual([...partial].sort());
  expect((await runMagg(['status', path])).out).toContain(`\n  without some rows: ${partial.length === 1 ? 'cell' : 'cells'} ${group!.partial_cells.join(', ')}\n`);
  expect(group!.failed_reads).toMatchObject([{ granule: basename(damaged), group: 'gt2l', message: expect.stringContaining('h_li') as string }]);
  expect((await runMagg(['status', path])).out).toMatch(new RegExp(`\n {2}missing rows: ${basename(damaged)} gt2l: \\S+h_li of `));
  // The store tells it too.
  rmSync(`${path}.magg`, { recursive: true });
  expect(await status(path)).toMatchObject({ groups: [{ partial_cells: [...partial].sort((a, b) => group!.partial_cells.indexOf(a) - group!.partial_cells.indexOf(b)), failed_reads: [] }] });
});
