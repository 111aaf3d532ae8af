import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { MaggError } from '../../src/base/index.js';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, portableChunkCodecs, type Hdf5Dataset, type Hdf5File } from '../../src/hdf5/index.js';
import { memorySource } from '../../src/io/index.js';
import { judge } from '../judge.js';
import { randomFrom } from '../random.js';
import { containing, matching } from './expected.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-damage-'));
afterAll(() => rmSync(folder, { recursive: true }));
const VERSIONS = ['earliest', 'v110', 'latest'] as const;
const small = VERSIONS.map(version => {
  const path = join(folder, `${version}.h5`);
  judge('hdf5/small_file.py', [path, version]);
  return new Uint8Array(readFileSync(path));
});
const NAMES = ['h_li', 'latitude', 'checked', 'plain', 'contiguous', 'many/3'].map(name => `gt1l/land_ice_segments/${name}`);

/** The full library has its own way with damage: here it is never reached. */
const fallback = (): Promise<Hdf5File> => Promise.reject(new MaggError('unsupported', 'off the fast path'));
const open = (bytes: Uint8Array, codecs = nodeCodecs): Promise<Hdf5File> => openHdf5(memorySource('x.h5', bytes), { codecs, fallback });

async function readAll(bytes: Uint8Array): Promise<number> {
  const file = await open(bytes);
  let values = 0;
  for (const name of NAMES) {
    const [dataset] = await file.datasets([name]);
    if (!dataset) continue;
    for (let chunk = 0; chunk < Math.min(dataset.chunkCount, 20); chunk++) {
      const [raw] = await file.readChunks([{ dataset, chunk }]);
      values += dataset.decode(chunk, raw!).length;
    }
  }
  await file.walk('/');
  await file.attributes('/gt1l/land_ice_segments/plain');
  return values;
}

test('what is no HDF5 file is said to be none', async () => {
  const html = new TextEncoder().encode('<!DOCTYPE html><title>Log in</title>');
  await expect(open(html)).rejects.toMatchObject({ tag: 'not-hdf5', message: matching(/x\.h5 is not an HDF5 file.*login page/) });
  await expect(open(new Uint8Array(0))).rejects.toMatchObject({ tag: 'not-hdf5', message: containing('is empty') });
  await expect(open(new Uint8Array(100_000))).rejects.toMatchObject({ tag: 'not-hdf5' });
});

test.each(VERSIONS.map((version, i) => [version, i]))('%s: a file that is cut off says so, wherever it ends', async (_, i) => {
  const bytes = small[i]!;
  for (const part of [0.999, 0.9, 0.5, 0.1]) {
    await expect(open(bytes.subarray(0, Math.floor(bytes.length * part)))).rejects.toMatchObject({ tag: 'damaged-file', message: matching(/bytes long, [\d,]+ expected\. The file is damaged or still being written/) });
  }
  for (let length = 8; length < 64; length++) await expect(open(bytes.subarray(0, length))).rejects.toMatchObject({ tag: 'damaged-file' });
});

test.each(VERSIONS.map((version, i) => [version, i]))('%s: flipped bytes end in values or in a MaggError', async (_, i) => {
  expect(await readAll(small[i]!)).toBe(1000 + 1000 + 400 + 400 + 50 + 1);
  const next = randomFrom(i + 1);
  let failures = 0;
  for (let round = 0; round < 300; round++) {
    const bytes = small[i]!.slice();
    const flips = 1 + Math.floor(next() * 6);
    for (let k = 0; k < flips; k++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 4) === 0 ? 255 : Math.floor(next() * 256);
    try {
      await readAll(bytes);
    } catch (error) {
      if (!(error instanceof MaggError)) throw error;
      expect(['damaged-file', 'damaged-chunk', 'not-hdf5', 'unsupported', 'not-numeric', 'not-a-dataset', 'not-found', 'truncated']).toContain(error.tag);
      expect(error.message).toMatch(/x\.h5|off the fast path/);
      failures++;
    }
  }
  expect(failures).toBeGreaterThan(50);
});

/** A dataset, and what its decode is given instead of its chunk 3. */
async function decodeOther(name: string, change: (bytes: Uint8Array) => Uint8Array, codecs = nodeCodecs): Promise<() => unknown> {
  const file = await open(small[0]!, codecs);
  const [dataset] = (await file.datasets([`gt1l/land_ice_segments/${name}`])) as [Hdf5Dataset];
  const [raw] = await file.readChunks([{ dataset, chunk: 3 }]);
  if (raw?.kind !== 'bytes') throw new Error('expected bytes');
  const bytes = change(raw.bytes.slice());
  return () => dataset.decode(3, { ...raw, bytes });
}

test.each([['zlib', nodeCodecs], ['pages', portableChunkCodecs]] as const)('%s: a damaged chunk names granule, dataset, chunk and remedy', async (_, codecs) => {
  const text = (found: RegExp): unknown => ({ tag: 'damaged-chunk', context: { granule: 'x.h5', file: 'x.h5', dataset: '/gt1l/land_ice_segments/h_li' }, message: matching(found) });
  const attempt = async (change: (bytes: Uint8Array) => Uint8Array): Promise<unknown> => {
    const decode = await decodeOther('h_li', change, codecs);
    try {
      return decode();
    } catch (error) {
      return error;
    }
  };
  expect(await attempt(() => deflateSync(new Uint8Array(792)))).toMatchObject(
    text(/^gt1l\/land_ice_segments\/h_li of x\.h5 could not be read: chunk 3 inflates to 792 bytes, 800 expected\. The file is damaged or still being written\. Download it again, or take it off the list\.$/) as object
  );
  expect(await attempt(() => deflateSync(new Uint8Array(801)))).toMatchObject(text(/chunk 3 does not inflate to 800 bytes/) as object);
  expect(await attempt(() => deflateSync(new Uint8Array(100_000_000)))).toMatchObject(text(/chunk 3 does not inflate to 800 bytes/) as object);
  expect(await attempt(bytes => bytes.subarray(0, bytes.length - 20))).toMatchObject(text(/chunk 3 does not inflate/) as object);
  expect(await attempt(bytes => bytes.fill(0xff, 20, 40))).toMatchObject(text(/chunk 3 /) as object);
  expect(await attempt(bytes => bytes.fill(0, bytes.length - 4))).toMatchObject(text(/chunk 3 does not inflate.*incorrect data check/) as object);
  expect(await attempt(() => new Uint8Array(0))).toMatchObject(text(/chunk 3 /) as object);
});

test('a checksum that does not fit is damage; so is a plain chunk of another size', async () => {
  const flipped = await decodeOther('checked', bytes => ((bytes[bytes.length - 1]! ^= 1), bytes));
  expect(flipped).toThrow('checked of x.h5 could not be read: chunk 3 does not fit its checksum (fletcher32)');
  expect(await decodeOther('checked', () => new Uint8Array(3))).toThrow('does not fit its checksum');
  expect(await decodeOther('plain', bytes => bytes.subarray(1))).toThrow('chunk 3 has 399 bytes, 400 expected');
});

test.each([
  ['Uint8Array', (bytes: Uint8Array) => new Uint8Array(bytes)],
  ['Node Buffer, whose slice() is a view', (bytes: Uint8Array) => Buffer.from(bytes)]
])('decoded values are no views of the read buffer or the file: %s', async (_, copy) => {
  const file = await open(copy(small[0]!));
  expect((await file.attributes('gt1l/land_ice_segments/h_li'))._FillValue).toBe(3.5);
  for (const dataset of (await file.datasets(NAMES)) as Hdf5Dataset[]) {
    const [raw] = await file.readChunks([{ dataset, chunk: 0 }]);
    const values = dataset.decode(0, raw!);
    const before = values.slice();
    if (raw?.kind === 'bytes') raw.bytes.fill(0xee);
    expect(values).toEqual(before);
  }
});

test('cancelling, and chunks that are not there', async () => {
  const file = await open(small[0]!);
  const [dataset] = (await file.datasets([NAMES[0]!])) as [Hdf5Dataset];
  const signal = AbortSignal.abort();
  await expect(file.datasets([NAMES[1]!], { signal })).rejects.toMatchObject({ tag: 'cancelled' });
  await expect(file.readChunks([{ dataset, chunk: 0 }], { signal })).rejects.toMatchObject({ tag: 'cancelled' });
  expect(() => dataset.decode(10, { kind: 'absent' })).toThrow('has 10 chunks, number 10 was asked for');
});
