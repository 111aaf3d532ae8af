import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const files = (store: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(store, { recursive: true, encoding: 'utf8' }).filter(name => statSync(join(store, name)).isFile()).map(name => [name, readFileSync(join(store, name), 'base64')]));

test('--backend cells gives the files of --backend local, with an index too', async () => {
  const catalog = join(folder, 'catalog.json');
  const [local, cells, indexed] = ['local', 'cells', 'indexed'].map(name => join(folder, `${name}.zarr`)) as [string, string, string];
  expect((await runMagg(['catalog', '--from', ...GRANULES, '--config', CONFIG, '--output', catalog])).code).toBe(0);
  const index = ['--index', join(folder, 'index')];
  expect((await runMagg(['run', CONFIG, '--catalog', catalog, '--store', local, ...index])).code).toBe(0);
  expect((await runMagg(['run', CONFIG, '--catalog', catalog, '--store', cells, '--backend', 'cells'])).code).toBe(0);
  expect((await runMagg(['run', CONFIG, '--catalog', catalog, '--store', indexed, '--backend', 'cells', ...index])).code).toBe(0);
  expect(files(cells)).toEqual(files(local));
  expect(files(indexed)).toEqual(files(local));
});

test('--backend cells without a catalog is refused, with the command that builds one', async () => {
  const store = join(folder, 'none.zarr');
  const { code, err } = await runMagg(['run', CONFIG, '--store', store, '--backend', 'cells']);
  expect([code, err]).toEqual([2, expect.stringMatching(/build a catalog first.*magg catalog --from/s)]);
  expect(readdirSync(folder)).not.toContain('none.zarr');
});
