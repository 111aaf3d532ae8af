import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseConfig } from '../../src/config/index.js';
import { folderStore } from '../../src/io/folder-store.node.js';
import { localBackend, makePlan, run, type RunEvent, type RunSummary, type WorkContext } from '../../src/runner/index.js';
import { fileJournal } from '../../src/runner/journal.node.js';
import type { Crew } from '../../src/runner/local/crew.js';
import { NodeThreads } from '../../src/runner/local/node-crew.node.js';
import { removeSpills, spillFolder } from '../../src/runner/local/spill-folder.node.js';

const EXAMPLE = resolve(__dirname, '../../examples/greenland');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'magg-spill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('what is appended is read back from any place, by another file of the same name too, into shared memory too', async () => {
  const host = spillFolder(join(folder, 'new', 'place'));
  const file = await host.create();
  file.append(bytes(1, 2, 3));
  file.append(bytes(4, 5));
  const other = await host.open(file.name);
  const into = new Uint8Array(new SharedArrayBuffer(3));
  other.read(2, into);
  expect(Array.from(into)).toEqual([3, 4, 5]);
  expect(() => other.read(3, new Uint8Array(3))).toThrow(/ends at 5, expected 6 bytes/);
  for (const each of [file, file, other]) each.close();
  await host.remove(file.name);
  expect(readdirSync(join(folder, 'new', 'place'))).toEqual([]);
  await expect(host.open(file.name)).rejects.toMatchObject({ tag: 'not-found' });
});

test('files of one process do not collide; a folder that cannot be made is an error with its name', async () => {
  const host = spillFolder(folder);
  const files = await Promise.all([host.create(), host.create(), host.create()]);
  expect(new Set(files.map(file => file.name)).size).toBe(3);
  for (const file of files) file.close();
  writeFileSync(join(folder, 'file'), '');
  await expect(spillFolder(join(folder, 'file', 'below')).create()).rejects.toThrow(/file\/below/);
});

test('only spill files of dead processes and of this one are removed, and the folder when nothing is left', async () => {
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  const machine = hostname().replace(/[^A-Za-z0-9]+/g, '_');
  const token = '0123456789ab';
  const names = {
    dead: `spill-${machine}-${dead}-${token}.bin`,
    alive: `spill-${machine}-${process.ppid}-${token}.bin`,
    elsewhere: `spill-other_host-${dead}-${token}.bin`,
    stale: `spill-other_host-${dead}-ba9876543210.bin`,
    foreign: 'spill-notes.bin',
    similar: `spill-${machine}-${dead}-${token}.bin.bak`
  };
  for (const name of Object.values(names)) writeFileSync(join(folder, name), 'x');
  utimesSync(join(folder, names.stale), 1e9, 1e9);
  mkdirSync(join(folder, '12'));
  (await spillFolder(folder).create()).close();
  removeSpills(folder);
  expect(readdirSync(folder).sort()).toEqual(['12', names.alive, names.elsewhere, names.foreign, names.similar].sort());
  for (const name of ['12', names.alive, names.elsewhere, names.foreign, names.similar]) rmSync(join(folder, name), { recursive: true });
  removeSpills(folder);
  expect(existsSync(folder)).toBe(false);
  removeSpills(folder);
});

describe('a run on real granules whose rows do not fit', () => {
  const granules = readdirSync(EXAMPLE).filter(name => name.endsWith('.h5')).sort().map(name => join(EXAMPLE, name));
  const pipeline = parseConfig(readFileSync(join(EXAMPLE, 'greenland.magg.yaml'), 'utf8')).config!;

  /** With `memoryBytes` for rows and what is computed of them, and nothing else. */
  async function runWithin(memoryBytes: number, store: string, { signal = new AbortController().signal, onEvent = () => undefined }: { signal?: AbortSignal; onEvent?: (event: RunEvent) => void } = {}): Promise<RunSummary> {
    const threads = new NodeThreads({ threads: 1, threadUrl: new URL('file:///nowhere'), libraryUrl: new URL('file:///nowhere') });
    const openCrew = (context: WorkContext, tasks: number): Crew => ({ ...threads.openCrew(context, tasks), memory: { threads: 1, restBytes: 0, leastBytes: 1 } });
    return run({
      planned: await makePlan(pipeline, { kind: 'granules', granules }, {}),
      backend: localBackend({ openCrew, storeUrl: store, memoryBytes, spillFolder: `${store}.magg` }),
      store: folderStore(store),
      overwrite: false,
      holdJournal: fileJournal(store, pipeline.grid.childOrder),
      clockS: () => 0,
      signal,
      onEvent
    });
  }
  const chunks = (store: string): ReadonlyMap<string, string> =>
    new Map(readdirSync(store, { recursive: true, encoding: 'utf8' }).filter(name => statSync(join(store, name)).isFile()).map(name => [name, readFileSync(join(store, name), 'base64')]));
  const spills = (store: string): readonly string[] => (existsSync(`${store}.magg`) ? readdirSync(`${store}.magg`) : []).filter(name => name.startsWith('spill-'));

  test('gives the same files, byte by byte, and leaves none of its own', async () => {
    const [whole, small] = [join(folder, 'whole.zarr'), join(folder, 'small.zarr')];
    const summary = await runWithin(Infinity, whole);
    let most = 0;
    const again = await runWithin(40_000, small, { onEvent: event => void (event.type === 'cell-started' && (most = Math.max(most, spills(small).length))) });
    expect(summary.outcome).toBe('complete');
    expect(again).toEqual({ ...summary, store: small });
    expect(most).toBe(1);
    expect(chunks(small)).toEqual(chunks(whole));
    expect([spills(small), spills(whole)]).toEqual([[], []]);
  });

  test('that is cancelled, or cannot write its store, leaves none either', async () => {
    const [cancelled, broken] = [join(folder, 'cancelled.zarr'), join(folder, 'broken.zarr')];
    const stop = new AbortController();
    let seen = 0;
    const summary = await runWithin(10_000, cancelled, {
      signal: stop.signal,
      onEvent: event => {
        if (event.type !== 'granule-finished' || spills(cancelled).length === 0) return;
        seen++;
        stop.abort();
      }
    });
    expect([summary.outcome, seen > 0, spills(cancelled)]).toEqual(['cancelled', true, []]);
    // A folder where the store has to be: nothing can be written when the rows are read.
    mkdirSync(join(`${broken}.magg`, '12'), { recursive: true });
    const refuse = (event: RunEvent): void => {
      if (event.type === 'granule-finished' && spills(broken).length > 0 && !existsSync(broken)) writeFileSync(broken, 'in the way');
    };
    await expect(runWithin(10_000, broken, { onEvent: refuse })).rejects.toThrow();
    expect(spills(broken)).toEqual([]);
  });
});
