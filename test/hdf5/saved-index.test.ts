import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type Hdf5Dataset, type Hdf5File, type Hdf5Index } from '../../src/hdf5/index.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { httpSource, memorySource, type RangeSource } from '../../src/io/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { matching } from './expected.js';
import { library } from './library.js';
import { digests, openFile, recording, type Digest } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-index-'));
afterAll(() => rmSync(folder, { recursive: true }));
const made = judgeJson<string[]>('hdf5/make_files.py', [folder]).filter(path => /earliest|latest|userblock/.test(path));
const granule = resolve(__dirname, '../../examples/greenland', 'processed_ATL06_20190416093911_02770303_002_01.h5');
const files = [...made, granule];
const judged = judgeJson<Record<string, Record<string, Digest>>>('hdf5/digests.py', files);
const ABSENT = ['/none', '/layouts/none', '/gt9l'];

const throughJson = (index: Hdf5Index): Hdf5Index => JSON.parse(JSON.stringify(index)) as Hdf5Index;
const reopen = (source: RangeSource, saved: unknown): Promise<Hdf5File> => openHdf5(source, { codecs: nodeCodecs, fallback: library, saved: saved as Hdf5Index });

test.each(files.map(path => [basename(path), path]))('%s: a second opening makes no request but for data, and reads the same', async (_, path) => {
  const fast = Object.entries(judged[path]!).filter(([name, digest]) => digest.type !== null && !/exotic\/(scaled|virtual)/.test(name));
  const names = fast.map(([name]) => name);
  const first = await openFile(path);
  const before = (await first.datasets([...names, ...ABSENT])) as Hdf5Dataset[];
  await first.exists(['/', ...ABSENT]);
  const saved = throughJson(first.savedIndex());
  await first.close();

  const source = recording(fileSource(path));
  const second = await reopen(source, saved);
  const datasets = await second.datasets([...names, ...ABSENT]);
  expect(await second.exists(['/', names[0]!, ...ABSENT])).toEqual([true, true, false, false, false]);
  expect(source.rounds).toEqual([]);
  expect(datasets.slice(names.length)).toEqual(ABSENT.map(() => undefined));
  const found = datasets.slice(0, names.length) as Hdf5Dataset[];
  const facts = ({ shape, type, chunkRows, chunkCount, fillValue }: Hdf5Dataset): unknown => [shape, type, chunkRows, chunkCount, fillValue];
  expect(found.map(facts)).toEqual(before.slice(0, names.length).map(facts));
  expect(await digests(second, found)).toEqual(fast.map(([, digest]) => digest.sha256));
  expect(source.rounds).toHaveLength(1);
  expect(second.savedIndex()).toEqual(saved);
  expect((await second.walk('/')).length).toBeGreaterThan(names.length);
  await second.close();
});

test('what the index does not know is looked up in the file, and known from then on', async () => {
  const first = await openFile(granule);
  await first.datasets(['/gt1l/land_ice_segments/h_li']);
  const saved = throughJson(first.savedIndex());
  await first.close();
  const second = await reopen(fileSource(granule), saved);
  expect(await second.exists(['/gt1l/land_ice_segments', '/gt1l/land_ice_segments/h_li', '/no'])).toEqual([true, true, false]);
  const [latitude] = await second.datasets(['gt1l/land_ice_segments/latitude']);
  expect((await digests(second, [latitude!]))[0]).toBe(judged[granule]!['/gt1l/land_ice_segments/latitude']!.sha256);
  const { datasets, present, absent } = second.savedIndex();
  expect(datasets.map(({ path }) => path)).toEqual(['/gt1l/land_ice_segments/h_li', '/gt1l/land_ice_segments/latitude']);
  expect([present, absent]).toEqual([['/gt1l/land_ice_segments'], ['/no']]);
  await second.close();
});

test('a file that has changed since is refused: size, time, ETag, date', async () => {
  const path = join(folder, 'copy.h5');
  const bytes = readFileSync(made[0]!);
  writeFileSync(path, bytes);
  const file = await openFile(path);
  await file.datasets(['/layouts/deflate']);
  const saved = file.savedIndex();
  await file.close();
  utimesSync(path, 1000, 2000);
  await expect(reopen(fileSource(path), saved)).rejects.toMatchObject({ tag: 'granule-changed', retryable: false, message: matching(/copy\.h5 has changed.*mtime:\d+.* before, .*mtime:2000000000000\) now.*run again/) });
  await expect(reopen(memorySource('copy.h5', bytes.subarray(1)), { ...saved, tag: null })).rejects.toMatchObject({ tag: 'granule-changed' });
});

/** A server in memory; notes its requests. */
function serving(bytes: Uint8Array, headers: Record<string, string>): { readonly asked: string[]; readonly source: RangeSource } {
  const asked: string[] = [];
  const fetch = (_: string, init: RequestInit): Promise<Response> => {
    const range = new Headers(init.headers).get('Range')!;
    asked.push(range);
    const [first, last] = range.slice(6).split('-').map(Number) as [number, number];
    const end = Math.min(last, bytes.length - 1);
    return Promise.resolve(new Response(bytes.slice(first, end + 1), { status: 206, headers: { ...headers, 'Content-Range': `bytes ${first}-${end}/${bytes.length}` } }));
  };
  return { asked, source: httpSource('http://host/x.h5', { fetch, gapBytes: 1 << 20 }) };
}

test('over HTTP the first request of a second opening is for data, and tells whether the file is still the same', async () => {
  const bytes = new Uint8Array(readFileSync(made[0]!));
  const name = '/layouts/shuffled_f8';
  const first = serving(bytes, { ETag: '"a"' });
  const file = await openHdf5(first.source, { codecs: nodeCodecs, fallback: library });
  await file.datasets([name]);
  const saved = file.savedIndex();
  expect(saved.tag).toBe('etag:"a"');
  const open = async (changed: Uint8Array, headers: Record<string, string>) => {
    const second = serving(changed, headers);
    const again = await reopen(second.source, saved);
    const [dataset] = (await again.datasets([name])) as [Hdf5Dataset];
    expect(second.asked).toEqual([]);
    const hash = digests(again, [dataset]);
    return { hash, asked: second.asked };
  };
  const same = await open(bytes, { ETag: '"a"' });
  expect(await same.hash).toEqual([judged[made[0]!]![name]!.sha256]);
  expect(same.asked).toHaveLength(1);
  expect(await (await open(bytes, { ETag: 'W/"b"' })).hash).toHaveLength(1);
  await expect((await open(bytes, { ETag: '"b"' })).hash).rejects.toMatchObject({ tag: 'granule-changed', message: matching(/etag:"a"\) before, .*etag:"b"\) now/) });
  await expect((await open(new Uint8Array([...bytes, 0]), { ETag: '"a"' })).hash).rejects.toMatchObject({ tag: 'granule-changed' });
});

const small = (): Promise<Hdf5Index> =>
  openFile(made[0]!).then(async file => {
    await file.datasets(['/layouts/deflate', '/layouts/compact_i2', '/layouts/masked', '/layouts/contiguous_f8', '/attributes/many', '/attributes/few']);
    await file.exists(['/none', '/layouts']);
    const saved = throughJson(file.savedIndex());
    await file.close();
    return saved;
  });

test('a damaged index is refused with the field that is wrong, and the remedy', async () => {
  const good = await small();
  const size = good.sizeBytes;
  const [chunked] = good.datasets;
  const listed = (change: object): unknown => ({ ...good, datasets: [{ ...chunked!, storage: { ...chunked!.storage, ...change } }] });
  const one = (change: object): unknown => ({ ...good, datasets: [{ ...chunked!, ...change }] });
  const bad: readonly (readonly [unknown, RegExp])[] = [
    [null, /it should be an object/],
    [{ ...good, version: 2 }, /version should be version 1, found 2/],
    [{ ...good, datasets: 3 }, /datasets should be a list/],
    [{ ...good, absent: ['/layouts/deflate'] }, /absent\[0\]/],
    [one({ path: 5 }), /datasets\[0\]\.path should be text, found 5/],
    [one({ shape: [2 ** 52, 2 ** 52] }), /shape should be fewer values/],
    [one({ shape: [-1] }), /shape\[0\]/],
    [one({ type: 'constructor' }), /type should be a type of number/],
    [one({ chunkShape: [0] }), /chunkShape/],
    [one({ chunkShape: [512, 1] }), /chunkShape/],
    [one({ filters: ['rm -rf'] }), /filters\[0\]/],
    [one({ fillValue: 'x' }), /fillValue/],
    [one({ absent: 'xyz' }), /absent should be hexadecimal/],
    [one({ bigEndian: 1 }), /bigEndian/],
    [listed({ kind: 'far away' }), /storage\.kind/],
    [listed({ gaps: [size + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] }), /gaps\[0\] should be chunks that lie inside a file/],
    [listed({ gaps: [-1, 0, 0, 0, 0, 0, 0, 0, 0, 0] }), /gaps\[0\]/],
    [listed({ lengths: [1] }), /lengths should be 10 numbers/],
    [listed({ lengths: Array.from({ length: 10 }, () => 2 ** 53) }), /lengths\[0\] should be a whole number/],
    [listed({ numbers: [0, 1, 2, 3, 4, 5, 6, 7, 9, 8] }), /numbers\[9\]/],
    [listed({ numbers: [0, 1, 2, 3, 4, 5, 6, 7, 8, 1e9] }), /below 10/],
    [listed({ kind: 'contiguous', offset: size }), /offset should be room for/],
    [listed({ kind: 'compact', bytes: '00' }), /bytes should be 40000 bytes/]
  ];
  for (const [saved, text] of bad) {
    await expect(reopen(fileSource(made[0]!), saved)).rejects.toMatchObject({ tag: 'bad-index', message: matching(/^the saved index of .*earliest\.h5 cannot be used: .* should be .*, found /), context: { file: made[0] } });
    await expect(reopen(fileSource(made[0]!), saved)).rejects.toMatchObject({ message: matching(text) });
  }
});

test('an index with changed numbers reads something or says what is wrong', async () => {
  const text = JSON.stringify(await small());
  const next = randomFrom(5);
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    let changed = text;
    for (let k = 0; k < 1 + next() * 3; k++) {
      const at = Math.floor(next() * changed.length);
      changed = changed.slice(0, at) + '0123456789-[]{}",truefalsn'[Math.floor(next() * 26)]! + changed.slice(at + Math.floor(next() * 3));
    }
    let saved: unknown;
    try {
      saved = JSON.parse(changed);
    } catch {
      continue; // no JSON, no index: whoever reads the text says so
    }
    try {
      const file = await reopen(memorySource('x.h5', readFileSync(made[0]!)), { ...(saved as object), tag: null });
      const datasets = await file.datasets(['/layouts/deflate', '/layouts/compact_i2', '/layouts/masked']);
      await digests(file, datasets.filter(dataset => dataset !== undefined));
    } catch (error) {
      expect(error).toMatchObject({ tag: matching(/^(bad-index|granule-changed|damaged-chunk|not-a-dataset)$/), message: matching(/x\.h5/) });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(30);
});
