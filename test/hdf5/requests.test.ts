import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type Hdf5Dataset } from '../../src/hdf5/index.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { createReadBuffer } from '../../src/io/index.js';
import { judge } from '../judge.js';
import { library } from './library.js';
import { recording } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-requests-'));
afterAll(() => rmSync(folder, { recursive: true }));
judge('../bench/make_granules.py', [folder, '--granules', '1', '--seed', '5']);
const generated = readdirSync(folder).map(name => join(folder, name));
const examplesFolder = resolve(__dirname, '../../examples/greenland');
const beside = resolve(__dirname, '../../../shared/granules/ATL06_20181013235645_02340114_209_01.h5');
const real = [...readdirSync(examplesFolder).filter(name => name.endsWith('.h5')).map(name => join(examplesFolder, name)), ...(existsSync(beside) ? [beside] : [])];

const PATHS = ['gt1l', 'gt1r', 'gt2l', 'gt2r', 'gt3l', 'gt3r'].flatMap(beam =>
  ['latitude', 'longitude', 'h_li', 'h_li_sigma', 'atl06_quality_summary'].map(name => `/${beam}/land_ice_segments/${name}`)
);

async function openAll(path: string) {
  const source = recording(fileSource(path));
  const file = await openHdf5(source, { codecs: nodeCodecs, fallback: library });
  const datasets = await file.datasets(PATHS);
  const requests = source.rounds.reduce((sum, round) => sum + round.requests, 0);
  const bytes = source.rounds.reduce((sum, round) => sum + round.bytes, 0);
  return { source, file, datasets, rounds: source.rounds.length, requests, bytes };
}

test.each(real.map(path => [basename(path), path]))('%s: the columns of all beams are found in at most 12 requests', async (_, path) => {
  const { file, datasets, rounds, requests } = await openAll(path);
  expect(datasets.filter(dataset => dataset !== undefined).length % 5).toBe(0);
  expect(requests).toBeLessThanOrEqual(12);
  expect(rounds).toBeLessThanOrEqual(6);
  await file.close();
});

test('a granule of 17 MB: at most 4 rounds, 40 requests and 3 MB before data; a second look costs none; all data one read', async () => {
  const { source, file, datasets, rounds, requests, bytes } = await openAll(generated[0]!);
  expect(datasets.every(dataset => dataset !== undefined)).toBe(true);
  expect(rounds).toBeLessThanOrEqual(4);
  expect(requests).toBeLessThanOrEqual(40);
  expect(bytes).toBeLessThanOrEqual(3e6);
  await file.datasets(PATHS);
  expect(source.rounds).toHaveLength(rounds);
  const chunks = (datasets as readonly Hdf5Dataset[]).flatMap(dataset => Array.from({ length: dataset.chunkCount }, (_, chunk) => ({ dataset, chunk })));
  await file.readChunks(chunks, { into: createReadBuffer() });
  expect(source.rounds.slice(rounds)).toMatchObject([{ requests: chunks.length }]);
  await file.close();
});

test('groups that are not there cost no more than those that are', async () => {
  const source = recording(fileSource(generated[0]!));
  const file = await openHdf5(source, { codecs: nodeCodecs, fallback: library });
  expect(await file.exists(['/gt9l/land_ice_segments', '/gt1l/none', '/gt1l'])).toEqual([false, false, true]);
  expect(source.rounds.length).toBeLessThanOrEqual(3);
  await file.close();
});
