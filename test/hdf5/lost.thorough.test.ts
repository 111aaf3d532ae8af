import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type Hdf5Dataset } from '../../src/hdf5/index.js';
import { nodeLibrary } from '../../src/hdf5/node-library.node.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { memorySource } from '../../src/io/index.js';
import { judgeJson } from '../judge.js';
import { matching } from './expected.js';
import { library, libraryUrl, openFull } from './library.js';
import { digests, openFile } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-lost-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [path, lost, greedy] = [join(folder, 'exotic.h5'), join(folder, 'lost.h5'), join(folder, 'greedy.h5')];
const judged = judgeJson<Record<string, string>>('hdf5/make_exotic.py', [path, lost, greedy]);
const names = Object.keys(judged);

/** The error of a file in which the library gets lost. */
const lostIn = (file: string, seconds: string): unknown => ({
  tag: 'damaged-file',
  retryable: false,
  context: { granule: file, file, dataset: '/virtual' },
  message: matching(new RegExp(`lost\\.h5 could not be read: the HDF5 library, asked for /virtual, did not answer within ${seconds} s\\. The file is damaged .* Download it again, or take it off the list\\.$`))
});

test('every feature that only the full library reads: the values are those of h5py, whole and through the ranged reader', async () => {
  for (const file of [await openFull(fileSource(path)), await openFile(path)]) {
    const datasets = (await file.datasets(names)) as Hdf5Dataset[];
    expect(await digests(file, datasets)).toEqual(names.map(name => judged[name]));
    await file.close();
  }
});

test('what is not chunked comes in pieces, one column of it too', async () => {
  const file = await openFull(fileSource(path));
  const [dataset] = (await file.datasets(['/large_virtual'])) as [Hdf5Dataset];
  expect(dataset).toMatchObject({ shape: [400_000, 2], chunkRows: 65_536, chunkCount: 7 });
  const column = dataset.column(1);
  const [raw] = await file.readChunks([{ dataset: column, chunk: 6 }]);
  const values = column.decode(6, raw!);
  expect([values.length, values[0], values.at(-1)]).toEqual([400_000 - 6 * 65_536, (6 * 65_536) / 3, 399_999 / 3]);
  await file.close();
});

test('the memory of who gives the bytes stays theirs', async () => {
  const bytes = new Uint8Array(readFileSync(path));
  const file = await openFull(memorySource('memory.h5', bytes));
  expect(await file.exists(['/szip', '/none'])).toEqual([true, false]);
  await file.close();
  expect(bytes.length).toBeGreaterThan(1000);
});

test('a file in which the library gets lost is given up after the bound; what stands beside it and the next file are read', async () => {
  const short = nodeLibrary(libraryUrl, { callS: 3 });
  const file = await openHdf5(fileSource(lost), { codecs: nodeCodecs, fallback: short });
  await expect(file.datasets(['/virtual'])).rejects.toMatchObject(lostIn(lost, '3') as object);
  const beside = ['/szip', '/scaled'];
  expect(await digests(file, (await file.datasets(beside)) as Hdf5Dataset[])).toEqual(beside.map(name => judged[name]));
  await file.close();
  // Known by now: opened again it costs nothing.
  const again = await openHdf5(fileSource(lost), { codecs: nodeCodecs, fallback: short });
  await expect(again.datasets(['/virtual'])).rejects.toMatchObject(lostIn(lost, '3') as object);
  await again.close();
  const next = await openHdf5(fileSource(path), { codecs: nodeCodecs, fallback: short });
  expect(await digests(next, (await next.datasets(['/virtual'])) as Hdf5Dataset[])).toEqual([judged['/virtual']]);
  await next.close();
});

test('a file that claims gigabytes is refused with less than one taken', async () => {
  const before = process.resourceUsage().maxRSS;
  const file = await openFile(greedy);
  await expect(file.datasets(['/virtual'])).rejects.toMatchObject({ tag: 'damaged-file', message: matching(/greedy\.h5 could not be read: the HDF5 library says of \/virtual/) });
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(800_000);
  expect(await digests(file, (await file.datasets(['/szip'])) as Hdf5Dataset[])).toEqual([judged['/szip']]);
  await file.close();
});

test('cancelling ends a library that is lost; the next file is read', async () => {
  const patient = nodeLibrary(libraryUrl, { callS: 3600 });
  const abort = new AbortController();
  const file = await patient(fileSource(lost), {});
  const reading = file.datasets(['/virtual'], { signal: abort.signal });
  const after = file.datasets(['/szip']);
  setImmediate(() => abort.abort());
  await expect(reading).rejects.toMatchObject({ tag: 'cancelled' });
  expect(await digests(file, (await after) as Hdf5Dataset[])).toEqual([judged['/szip']]);
  await expect(file.datasets(['/szip'], { signal: abort.signal })).rejects.toMatchObject({ tag: 'cancelled' });
  await file.close();
  await expect(patient(fileSource(path), { signal: abort.signal })).rejects.toMatchObject({ tag: 'cancelled' });
});

test('a file that the library refuses leaves its worker to the next', async () => {
  await expect(openFull(memorySource('none.h5', new Uint8Array(1000)))).rejects.toMatchObject({ tag: 'damaged-file', message: matching(/none\.h5 could not be read: the HDF5 library says of \//) });
  const file = await library(fileSource(path), {});
  expect(await file.exists(['/szip'])).toEqual([true]);
  await file.close();
});

test('without the program of the worker the error says so, and blames no file', async () => {
  const nowhere = nodeLibrary(pathToFileURL(join(folder, 'nowhere.cjs')));
  await expect(nowhere(fileSource(path), {})).rejects.toMatchObject({ tag: 'thread-died', message: matching(/could not be started: .*nowhere\.cjs.*install magg again/s) });
});
