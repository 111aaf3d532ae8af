import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG, eventsOf, GRANULES, runMagg, temporaryFolder } from './run-magg.js';

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

test('--backend cells tells rows in a cell that the catalog does not list as --backend local does, again and again, and so does status', async () => {
  const [whole, stale] = ['whole.json', 'stale.json'].map(name => join(folder, name)) as [string, string];
  const [local, cells] = ['stale-local.zarr', 'stale-cells.zarr'].map(name => join(folder, name)) as [string, string];
  await runMagg(['catalog', '--from', ...GRANULES, '--config', CONFIG, '--output', whole]);
  const document = JSON.parse(readFileSync(whole, 'utf8')) as { metadata: Record<string, unknown>; catalog: Record<string, string[]> };
  const left = Object.fromEntries(Object.entries(document.catalog).slice(1));
  writeFileSync(stale, JSON.stringify({ metadata: { ...document.metadata, total_cells: Object.keys(left).length }, catalog: left }));
  const told = async (store: string, ...words: string[]): Promise<string> => {
    const { code, out } = await runMagg(['run', CONFIG, '--catalog', stale, '--store', store, ...words]);
    expect(code).toBe(3);
    return /^.* rows lie in no cell that the catalog lists for their granule; rebuild it: magg catalog .*$/m.exec(out)![0];
  };
  const sentence = await told(local);
  expect(await told(cells, '--backend', 'cells')).toBe(sentence);
  const status = await runMagg(['status', cells]);
  expect([status.code, /next: (.*) rows are in no cell of the catalog/.exec(status.out)?.[1]]).toEqual([3, sentence.split(' ')[0]]);
  expect(await told(cells, '--backend', 'cells')).toBe(sentence);
  expect((await runMagg(['verify', cells])).code).toBe(3);
  const mended = await runMagg(['run', CONFIG, '--catalog', whole, '--store', cells, '--backend', 'cells', '--json']);
  expect([mended.code, eventsOf(mended).at(-1)]).toEqual([0, expect.objectContaining({ summary: expect.objectContaining({ outcome: 'complete', rowsOutsidePlan: 0 }) as unknown })]);
  expect((await runMagg(['status', cells])).code).toBe(0);
});

test('a granule that is gone when the catalog is checked is said to be unchecked, by status too', async () => {
  const [catalog, store] = [join(folder, 'gone.json'), join(folder, 'gone.zarr')];
  const copies = GRANULES.map((_, g) => join(folder, `gone-${g}.h5`));
  const write = (g: number, bytes: Uint8Array): void => {
    writeFileSync(copies[g]!, bytes);
    utimesSync(copies[g]!, 1000, 1000);
  };
  GRANULES.forEach((name, g) => write(g, readFileSync(name)));
  await runMagg(['catalog', '--from', ...copies, '--config', CONFIG, '--output', catalog]);
  const words = ['run', CONFIG, '--catalog', catalog, '--store', store, '--backend', 'cells'];
  const { cells } = JSON.parse((await runMagg([...words, '--dry-run', '--json'])).out) as { cells: unknown[] };
  expect((await runMagg([...words, '--max-cells', String(cells.length)])).code).toBe(0);
  // The same size and time, so that its cells are current.
  write(0, new Uint8Array(statSync(copies[0]!).size));
  const { code, out, err } = await runMagg(words);
  expect([code, out]).toEqual([3, expect.stringMatching(/could not be read; no cell lacks rows for that\n1 granule could not be compared with the catalog as a whole/)]);
  expect(err).toMatch(/gone-0\.h5/);
  expect((await runMagg(['status', store])).out).toMatch(/next: 1 granule could not be compared with the catalog as a whole.*the same run tries again/);
  rmSync(store, { recursive: true });
});

test('--backend cells counts a granule and group once, however many cells it is read for: at the end of a run, in what it tells, and in status', async () => {
  const [catalog, store] = [join(folder, 'missing.json'), join(folder, 'missing.zarr')];
  const copies = GRANULES.map((name, g) => {
    const copy = join(folder, `missing-${g}.h5`);
    copyFileSync(name, copy);
    return copy;
  });
  await runMagg(['catalog', '--from', ...copies, '--config', CONFIG, '--output', catalog]);
  const cells = Object.values((JSON.parse(readFileSync(catalog, 'utf8')) as { catalog: Record<string, string[]> }).catalog);
  const of = (g: number): number => cells.filter(granules => granules.some(name => name.endsWith(`missing-${g}.h5`))).length;
  const lost = copies.findIndex((_, g) => of(g) > 1 && of(g) < cells.length);
  rmSync(copies[lost]!);
  const { code, out, err } = await runMagg(['run', CONFIG, '--catalog', catalog, '--store', store, '--backend', 'cells']);
  expect([code, out]).toEqual([3, expect.stringMatching(/^6 groups of granules could not be read; the cells touched are failed$/m)]);
  expect(err).toMatch(new RegExp(`^5 more failed as missing-${lost}\\.h5 gt\\d[lr]$`, 'm'));
  const status = await runMagg(['status', store]);
  expect(status.out).toMatch(/^ {4}48 of 48 \(granule, group\) pairs read, 6 failed, /m);
  expect(status.out).toMatch(new RegExp(`goes on with the ${of(lost)} cells that failed; the others stay$`, 'm'));
});

test('--backend cells without a catalog is refused, with the command that builds one', async () => {
  const store = join(folder, 'none.zarr');
  const { code, err } = await runMagg(['run', CONFIG, '--store', store, '--backend', 'cells']);
  expect([code, err]).toEqual([2, expect.stringMatching(/build a catalog first.*magg catalog --from/s)]);
  expect(readdirSync(folder)).not.toContain('none.zarr');
});
