import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type Hdf5Dataset } from '../../src/hdf5/index.js';
import type { InnerFile } from '../../src/hdf5/indexed-file.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { memorySource } from '../../src/io/index.js';
import { judge, judgeJson } from '../judge.js';
import { containing, matching } from './expected.js';
import { openFull } from './library.js';
import { digests, openFile, type Digest } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-fallback-'));
afterAll(() => rmSync(folder, { recursive: true }));
const made = judgeJson<string[]>('hdf5/make_files.py', [folder]);
const path = made.find(name => name.endsWith('v110.h5'))!;
const judged = judgeJson<Record<string, Record<string, Digest>>>('hdf5/digests.py', [path])[path]!;

/** Notes what the fallback is asked for. */
function noting(): { readonly asked: string[]; readonly loads: () => number; readonly fallback: (source: Parameters<typeof openFull>[0]) => Promise<InnerFile> } {
  const asked: string[] = [];
  let loads = 0;
  return {
    asked,
    loads: () => loads,
    fallback: async source => {
      loads++;
      const full = await openFull(source);
      return { ...bound(full), datasets: (paths, options) => (asked.push(...paths), full.datasets(paths, options)) };
    }
  };
}

const bound = (file: InnerFile): InnerFile => ({
  name: file.name,
  exists: (paths, options) => file.exists(paths, options),
  datasets: (paths, options) => file.datasets(paths, options),
  walk: (at, options) => file.walk(at, options),
  attributes: (at, options) => file.attributes(at, options),
  readChunks: (requests, options) => file.readChunks(requests, options),
  close: () => file.close()
});

test('only the datasets off the fast path go to the full library, which is loaded once', async () => {
  const { asked, loads, fallback } = noting();
  const file = await openHdf5(fileSource(path), { codecs: nodeCodecs, fallback });
  const fast = Object.keys(judged).filter(name => judged[name]!.type !== null && !/exotic\/(scaled|virtual)/.test(name));
  await file.datasets(fast);
  expect(loads()).toBe(0);
  const mixed = ['/layouts/checked_f8', '/exotic/tiles', '/none', '/exotic/virtual', '/layouts/deep', '/exotic/scaled'];
  const found = await file.datasets(mixed);
  expect(found.map(dataset => dataset?.path)).toEqual(mixed.map(name => (name === '/none' ? undefined : name)));
  const datasets = found.filter(dataset => dataset !== undefined);
  expect(await digests(file, datasets)).toEqual(datasets.map(dataset => judged[dataset.path]!.sha256));
  expect(asked).toEqual(['/exotic/virtual', '/exotic/scaled']);
  expect(loads()).toBe(1);
  await file.close();
});

test('the full library gives the same as the ranged reader: datasets, tree, attributes, answers', async () => {
  const full = await openFull(fileSource(path));
  const ranged = await openFile(path);
  // It has no half floats.
  const names = Object.keys(judged).filter(name => judged[name]!.type !== null && name !== '/texts/half');
  const datasets = (await full.datasets(names)) as Hdf5Dataset[];
  expect(await digests(full, datasets)).toEqual(names.map(name => judged[name]!.sha256));
  const others = (await ranged.datasets(names)) as Hdf5Dataset[];
  expect(datasets.map(d => [d.shape, d.type, d.chunkRows, d.chunkCount, d.fillValue])).toEqual(others.map(d => [d.shape, d.type, d.chunkRows, d.chunkCount, d.fillValue]));
  const paths = (nodes: readonly { readonly path: string }[]): string[] => nodes.map(node => node.path).sort();
  // The library lists objects once for every link that leads to them.
  expect(paths(await full.walk('/'))).toEqual(expect.arrayContaining(paths(await ranged.walk('/'))));
  expect(await full.walk('/layouts/wide')).toMatchObject(await ranged.walk('/layouts/wide').then(([node]) => [{ ...node, storage: containing('chunks of 32 x 3') }]));
  for (const name of ['/attributes/few', '/attributes/many', '/attributes/named_type', '/']) expect(await full.attributes(name)).toEqual(await ranged.attributes(name));
  const asked = ['/layouts', '/groups/soft_group/apple', '/no', '/layouts/deflate/x', '/groups/dangling', '/'];
  expect(await full.exists(asked)).toEqual(await ranged.exists(asked));
  await expect(full.datasets(['/groups'])).rejects.toMatchObject({ tag: 'not-a-dataset' });
  await expect(full.datasets(['/texts/fixed'])).rejects.toMatchObject({ tag: 'not-numeric' });
  await expect(full.walk('/no')).rejects.toMatchObject({ tag: 'not-found' });
  await full.close();
  await full.close();
  await ranged.close();
});

test('a filter that is not built in, values in other files, and a file too large for memory, are refused with the way out', async () => {
  const plugins = join(folder, 'plugins.h5');
  const sha256 = judge('hdf5/elsewhere.py', [plugins]).toString();
  const file = await openFile(plugins);
  const refused = { tag: 'unsupported', context: { file: plugins, granule: plugins } };
  for (const name of ['zstd', 'blosc', 'filter 500']) await expect(file.datasets([`/${name}`])).rejects.toMatchObject({ ...refused, message: matching(new RegExp(`${name} of .*plugins\\.h5 is compressed with ${name}.*h5repack -f GZIP=4`)) });
  for (const name of ['external', 'virtual']) await expect(file.datasets([`/${name}`])).rejects.toMatchObject({ ...refused, message: matching(/has its values in another file \(.*\)/) });
  const datasets = (await file.datasets(['/not_used', '/szip', '/nbit'])) as Hdf5Dataset[];
  expect(await digests(file, datasets)).toEqual([sha256, sha256, sha256]);
  const listed = await file.walk('/');
  expect(listed.find(node => node.path === '/zstd')).toMatchObject({ storage: 'chunks of 100, zstd' });
  await file.close();
  const large = { ...memorySource('large.h5', new Uint8Array(8)), size: () => Promise.resolve(2 ** 31) };
  await expect(openFull(large)).rejects.toMatchObject({ tag: 'unsupported', message: containing('2,147,483,648') });
  await expect(openFull(memorySource('x.h5', new Uint8Array(1000)))).rejects.toMatchObject({ tag: 'damaged-file' });
});
