import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, storedBytes, type Hdf5Dataset } from '../../src/hdf5/index.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { judgeJson } from '../judge.js';
import { having, matching } from './expected.js';
import { library, openFull } from './library.js';
import { digests, openFile, recording } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-columns-'));
afterAll(() => rmSync(folder, { recursive: true }));
const files = ['earliest', 'latest'].map(version => {
  const path = join(folder, `${version}.h5`);
  return { version, path, judged: judgeJson<Record<string, string[]>>('hdf5/columns.py', [path, version]) };
});

test.each(files)('$version: every column of every dataset is what h5py reads, with the rows of the whole', async ({ path, judged }) => {
  const file = await openFile(path);
  const names = Object.keys(judged);
  const wholes = (await file.datasets(names)) as Hdf5Dataset[];
  const columns = wholes.flatMap(whole => [0, 1, 2, 3, 4].map(index => whole.column(index)));
  columns.forEach((column, i) => {
    const whole = wholes[Math.floor(i / 5)]!;
    expect(column).toMatchObject({ path: whole.path, shape: [1003], type: whole.type, chunkRows: whole.chunkRows, chunkCount: whole.chunkCount });
  });
  expect(await digests(file, columns)).toEqual(names.flatMap(name => judged[name]!));
  await file.close();
});

test('the full library gives the same columns', async () => {
  const { path, judged } = files[0]!;
  const full = await openFull(fileSource(path));
  const names = ['/rows/float32', '/tiles/int32_big', '/scaled/int8'];
  const columns = ((await full.datasets(names)) as Hdf5Dataset[]).flatMap(whole => [0, 3].map(index => whole.column(index)));
  expect(await digests(full, columns)).toEqual(names.flatMap(name => [judged[name]![0], judged[name]![3]]));
  await full.close();
});

test('only the chunks of the column are read', async () => {
  const source = recording(fileSource(files[0]!.path));
  const file = await openHdf5(source, { codecs: nodeCodecs, fallback: library });
  const [tiles] = (await file.datasets(['/tiles/float64'])) as [Hdf5Dataset];
  const chunks = (dataset: Hdf5Dataset) => Array.from({ length: dataset.chunkCount }, (_, chunk) => ({ dataset, chunk }));
  const size = async (dataset: Hdf5Dataset): Promise<number> => (await file.readChunks(chunks(dataset))).reduce((sum, raw) => sum + storedBytes(raw), 0);
  const [all, first, second, third] = [await size(tiles), await size(tiles.column(0)), await size(tiles.column(3)), await size(tiles.column(4))];
  expect(first + second + third).toBe(all);
  expect(source.rounds.at(-1)!.bytes).toBe(third);
  await file.close();
});

test('a column that is not there is refused with file, dataset and shape', async () => {
  const { path } = files[0]!;
  for (const file of [await openFile(path), await openFull(fileSource(path))]) {
    const [one, cube, rows] = (await file.datasets(['/one', '/cube', '/rows/int8'])) as [Hdf5Dataset, Hdf5Dataset, Hdf5Dataset];
    const error = (text: RegExp): Error => having({ tag: 'no-such-column', message: matching(text) });
    for (const index of [5, -1, 1.5, NaN]) expect(() => rows.column(index)).toThrow(error(/of \/rows\/int8 in .*earliest\.h5 .*\(1003, 5\): columns 0 to 4/));
    for (const dataset of [one, cube, rows.column(1)]) expect(() => dataset.column(0)).toThrow(error(/two dimensions only/));
    await file.close();
  }
});
