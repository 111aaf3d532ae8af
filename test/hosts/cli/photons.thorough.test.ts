import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInConfig } from '../../../src/config/index.js';
import { folderStore } from '../../../src/io/folder-store.node.js';
import { readArray, readGroup } from '../../../src/zarr/index.js';
import { judge, judgeJson } from '../../judge.js';
import { eventsOfType, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
judge('hosts/cli/photons.py', ['make', folder]);

type Cells = Record<string, Record<string, number | null>>;

/** The built-in config over files of the folder. */
function configOf(name: string, pattern: string): string {
  const path = join(folder, `${name}.magg.yaml`);
  writeFileSync(path, builtInConfig(name)!.replace('  reader: hdf5\n', `  reader: hdf5\n  granules: ["${pattern}"]\n`));
  return path;
}

/** Cells with rows: values by the names of the variables, null where there is none. */
async function contents(store: string, names: readonly string[]): Promise<Cells> {
  const files = folderStore(store);
  const group = (await readGroup(files, 12))!;
  const ids = await readArray(files, group.cellIds!);
  const columns = await Promise.all(names.map(name => readArray(files, group.variables.find(v => v.name === name)!)));
  const count = names.indexOf('count');
  const out: Cells = {};
  for (let i = 0; i < ids.length; i++) {
    if (Number(columns[count]![i]) === 0) continue;
    out[String(ids[i])] = Object.fromEntries(names.map((name, v) => [name, Number.isNaN(Number(columns[v]![i])) ? null : Number(columns[v]![i])]));
  }
  return out;
}

function expectCells(ours: Cells, theirs: Cells): void {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
  for (const [cell, row] of Object.entries(theirs)) {
    for (const [name, value] of Object.entries(row)) {
      const own = ours[cell]![name]!;
      if (value === null) expect([cell, name, own]).toEqual([cell, name, null]);
      else if (!(Math.abs(own - value) <= 1e-5 * Math.max(1, Math.abs(value)))) throw new Error(`cell ${cell}, ${name}: ${own}, numpy ${value}`);
    }
  }
}

test('atl03: photons under segments, a column of confidences, heights above the geoid', async () => {
  const store = join(folder, 'atl03.zarr');
  const ended = await runMagg(['run', configOf('atl03', 'ATL03_*.h5'), '--store', store, '--json']);
  expect(ended.code).toBe(0);
  const theirs = judgeJson<Cells>('hosts/cli/photons.py', ['judge', folder, 'atl03']);
  expect(Object.keys(theirs).length).toBeGreaterThan(20);
  expectCells(await contents(store, ['count', 'h_min', 'h_mean', 'h_q25', 'h_geoid_q50']), theirs);
});

test('atl08: segments without a height are left out, those without a canopy only of its statistics', async () => {
  const store = join(folder, 'atl08.zarr');
  expect((await runMagg(['run', configOf('atl08', 'ATL08_*.h5'), '--store', store])).code).toBe(0);
  expectCells(await contents(store, ['count', 'h_te_min', 'h_te_mean', 'h_canopy_mean']), judgeJson<Cells>('hosts/cli/photons.py', ['judge', folder, 'atl08']));
});

test('--index keeps an index of each granule; a later run of one cell by it has the same hash', async () => {
  const config = configOf('atl03', 'ATL03_*.h5');
  const catalog = join(folder, 'cells.json');
  const indexes = join(folder, 'indexes');
  expect((await runMagg(['catalog', '--from', join(folder, 'ATL03_one.h5'), join(folder, 'ATL03_two.h5'), '--config', config, '--output', catalog])).code).toBe(0);
  const all = await runMagg(['run', config, '--catalog', catalog, '--store', join(folder, 'all.zarr'), '--index', indexes, '--json']);
  const [first] = eventsOfType(all, 'cell-finished');
  const one = await runMagg(['run', config, '--catalog', catalog, '--store', join(folder, 'one.zarr'), `--morton-cell=${first!.cell}`, '--index', indexes, '--json']);
  expect(eventsOfType(one, 'cell-finished').map(({ cell, obs, hash }) => ({ cell, obs, hash }))).toEqual([{ cell: first!.cell, obs: first!.obs, hash: first!.hash }]);
  expect(eventsOfType(one, 'run-notice').filter(({ tag }) => tag.startsWith('index'))).toEqual([]);
  const bytes = (events: typeof all): number => eventsOfType(events, 'granule-finished').reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  expect(bytes(one)).toBeLessThanOrEqual(bytes(all));
});
