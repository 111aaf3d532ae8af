import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../judge.js';
import { bundle, start } from './bundle.js';
import { eventsOf, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const config = join(folder, 'lost.magg.yaml');
const files = (store: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(store, { recursive: true, encoding: 'utf8' }).filter(name => statSync(join(store, name)).isFile()).map(name => [name, readFileSync(join(store, name), 'base64')]));

test('rows without position: real threads give the files of one, by both back ends, and one count', async () => {
  judge('hosts/cli/lost_rows.py', ['make', folder]);
  writeFileSync(config, `
data_source:
  granules: [lost.h5]
  groups: [gt1l, gt2r]
  coordinates: { latitude: "/{group}/lat", longitude: "/{group}/lon" }
  variables: { h: "/{group}/h" }
  quality_filter: { dataset: "/{group}/q", value: 0 }
aggregation:
  variables:
    count: { function: len, source: h, dtype: int32, fill_value: 0 }
    median: { function: median, source: h, dtype: float64 }
output:
  grid: { parent_order: 6, child_order: 12 }
`);
  const program = bundle(join(folder, 'bundle'));
  const catalog = join(folder, 'catalog.json');
  execFileSync(process.execPath, [program, 'catalog', '--from', join(folder, 'lost.h5'), '--config', config, '--output', catalog], { stdio: 'pipe' });
  const stale = join(folder, 'stale.json');
  const document = JSON.parse(readFileSync(catalog, 'utf8')) as { metadata: object; catalog: Record<string, string[]> };
  const left = Object.entries(document.catalog).slice(1);
  writeFileSync(stale, JSON.stringify({ metadata: { ...document.metadata, total_cells: left.length }, catalog: Object.fromEntries(left) }));
  const outside = async (...words: string[]): Promise<unknown> => {
    const ended = await start(process.execPath, [program, 'run', config, '--catalog', stale, '--store', join(folder, `stale-${words.join('')}.zarr`), '--json', ...words]);
    const last = eventsOf({ ...ended, code: 0 }).at(-1);
    return [ended.code, last?.type === 'run-finished' && last.summary.rowsOutsidePlan];
  };
  const run = async (name: string, ...words: string[]): Promise<ReadonlyMap<string, string>> => {
    const store = join(folder, `${name}.zarr`);
    const ended = await start(process.execPath, [program, 'run', config, '--catalog', catalog, '--store', store, '--json', ...words]);
    expect([name, ended.code]).toEqual([name, 0]);
    const events = eventsOf({ ...ended, code: 0 });
    expect(events.at(-1)).toMatchObject({ summary: { outcome: 'complete', rowsWithoutPosition: 4 } });
    expect(events.filter(event => event.type === 'run-notice' && event.tag === 'rows-without-position')).toHaveLength(2);
    return files(store);
  };
  const one = await run('one', '--workers', '1');
  expect(await run('two', '--workers', '2')).toEqual(one);
  expect(await run('cells', '--workers', '2', '--backend', 'cells')).toEqual(one);
  const local = await outside('--workers', '1');
  expect(local).toEqual([3, expect.any(Number)]);
  expect(await outside('--workers', '2', '--backend', 'cells')).toEqual(local);
}, 120_000);
