import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type Hdf5Dataset, type Hdf5File } from '../../src/hdf5/index.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { judgeJson } from '../judge.js';
import { library } from './library.js';
import { digests, openFile, recording, type Digest } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-matrix-'));
afterAll(() => rmSync(folder, { recursive: true }));
const made = judgeJson<Record<'matrix' | 'many' | 'rare', string[]> & { told: Record<string, Record<string, Digest>> }>('hdf5/make_matrix.py', [folder]);
const judged = { ...judgeJson<Record<string, Record<string, Digest>>>('hdf5/digests.py', [...made.matrix, ...made.rare]), ...made.told };
const OFF_FAST_PATH = /^\/scaleoffset/;

/** Whoever needs the full library fails. */
const fast = (path: string): Promise<Hdf5File> =>
  openHdf5(fileSource(path), { codecs: nodeCodecs, fallback: () => Promise.reject(new Error('the full library was asked for')) });

const named = (paths: readonly string[]): [string, string][] => paths.map(path => [basename(path), path]);

async function expectAll(file: Hdf5File, expected: readonly (readonly [string, Digest])[]): Promise<void> {
  const datasets = (await file.datasets(expected.map(([name]) => name))) as Hdf5Dataset[];
  const hashes = await digests(file, datasets);
  const found = datasets.map(({ path, shape, type }, i) => [path, { shape, type, sha256: hashes[i] }]);
  expect(found).toEqual(expected.map(([name, { shape, type, sha256 }]) => [name, { shape, type, sha256 }]));
}

test.each(named([...made.matrix, ...made.rare.filter(path => !path.includes('shared'))]))('%s: the fast path alone reads what h5py reads', async (_, path) => {
  const expected = Object.entries(judged[path]!).filter(([name]) => !OFF_FAST_PATH.test(name));
  expect(expected.length).toBeGreaterThan(basename(path).startsWith('matrix') ? 250 : 12);
  const file = await fast(path);
  await expectAll(file, expected);
  await file.close();
});

test.each(named(made.many))('%s: over 100,000 chunks in every kind of index', async (_, path) => {
  const source = recording(fileSource(path));
  const file = await openHdf5(source, { codecs: nodeCodecs, fallback: library });
  const datasets = (await file.datasets(Object.keys(judged[path]!))) as Hdf5Dataset[];
  expect(datasets.reduce((sum, { chunkCount }) => sum + chunkCount, 0)).toBeGreaterThan(100_000);
  expect(source.rounds.length).toBeLessThanOrEqual(16);
  await file.close();
  const again = await fast(path);
  await expectAll(again, Object.entries(judged[path]!));
  await again.close();
});

test.each(named([made.matrix[0]!, ...made.rare.filter(path => path.includes('shared'))]))('%s: the full library reads the rest, but for half floats, bit fields and swapped enumerations', async (_, path) => {
  const file = await openFile(path);
  await expectAll(file, Object.entries(judged[path]!).filter(([name]) => OFF_FAST_PATH.test(name) || (path.includes('shared') && !/half|bits|enum_big/.test(name))));
  await file.close();
});
