import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GranuleIndex } from '../../src/runner/local/granule-index.js';
import { folderIndexes } from '../../src/runner/local/granule-index.node.js';
import { loadIndex, openSealedIndex, saveIndex, sealIndex } from '../../src/runner/local/sealed-index.js';
import { judge } from '../judge.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, MemoryIndexes, runInMemory } from './in-memory.js';

// A saved index in which a letter has changed is an index like any other, with other values: the checksum alone tells.

const INDEX: GranuleIndex = {
  hdf5: { version: 1, sizeBytes: 5000, tag: 'etag:"ä\u{1F30D}"', datasets: [], present: ['/gt1l'], absent: [] },
  places: [{ key: 'one', rows: 400, parents: [3, 9], ranges: [[0, 100], [100, 360, 370, 400]], lost: [360, 370] }],
  tracks: [{ key: 'one', rows: 400, runs: 'ACbdAAee' }]
};
const SEALED = sealIndex(INDEX);
const random = randomFrom(83);

test('what was sealed is opened', async () => {
  expect(await openSealedIndex('g', await SEALED)).toEqual(INDEX);
});

test('a saved file is JSON whose hash is that of the bytes of its index, as Python sees it; the hash of the web is the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'magg-index-'));
  try {
    const store = folderIndexes(folder);
    await saveIndex(store, 'g1.h5', INDEX);
    const file = join(folder, 'g1.h5.index.json');
    const told = judge('import sys, json, hashlib\nb = open(sys.argv[1], "rb").read()\nj = json.loads(b)\nbody = b[b.index(b\'"index":\') + 8:-2]\nprint(json.dumps([j["version"], j["sha256"] == hashlib.sha256(body).hexdigest(), json.loads(body) == j["index"]]))', [file], '');
    expect(JSON.parse(told.toString())).toEqual([3, true, true]);
    expect(Buffer.from(await SEALED).equals(readFileSync(file))).toBe(true);
    expect(await loadIndex(store, 'g1.h5')).toEqual(INDEX);
    expect(await loadIndex(store, 'g2.h5')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('any other byte anywhere is damage', async () => {
  const good = await SEALED;
  for (let at = 0; at < good.length; at++) {
    const bytes = good.slice();
    bytes[at] = (bytes[at]! + 1 + Math.floor(random() * 255)) % 256;
    await expect(openSealedIndex('g', bytes)).rejects.toMatchObject({ tag: 'bad-index' });
  }
});

test.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
  ['nothing', () => new Uint8Array(0), /damaged, or no index/],
  ['the start of a file', bytes => bytes.slice(0, 40), /damaged, or no index/],
  ['a file without its end', bytes => bytes.slice(0, -1), /damaged, or no index/],
  ['something after the end', bytes => Uint8Array.from([...bytes, 10]), /damaged, or no index/],
  ['a file of the version before', () => new TextEncoder().encode(`${JSON.stringify({ version: 2, ...INDEX })}\n`), /its version is 2, not 3/],
  ['a file of a later version', () => new TextEncoder().encode('{"version":12,"sha512":""}'), /its version is 12, not 3/]
])('%s is refused', async (_, change, message) => {
  await expect(openSealedIndex('g', change(await SEALED))).rejects.toMatchObject({ tag: 'bad-index', message: expect.stringMatching(message) as string });
});

test('a run with a changed byte anywhere in the index says so, replaces it and gives the same values', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ lat: -60 + 0.5 * i, lon: -50 + 0.05 * i, h: Math.fround(random() * 100) }));
  const granules = (): FakeGranule[] => [new FakeGranule('g1.h5', beam('a', rows, { chunkRows: 25 }))];
  const contents = async (indexes?: MemoryIndexes): Promise<readonly [unknown, readonly string[]]> => {
    const { store, events } = await runInMemory({ granules: granules(), ...(indexes ? { indexes } : {}) });
    const entries = await Promise.all((await store.list('')).map(async key => [key, Buffer.from((await store.get(key))!).toString('hex')] as const));
    return [entries, events.flatMap(event => (event.type === 'run-notice' && event.tag.startsWith('index') ? [event.tag] : []))];
  };
  const [plain] = await contents();
  const indexes = new MemoryIndexes();
  await contents(indexes);
  const good = indexes.texts.get('g1.h5')!;
  expect(await contents(indexes)).toEqual([plain, []]);
  for (let turn = 0; turn < 300; turn++) {
    const at = Math.floor(random() * good.length);
    const letter = String.fromCharCode(32 + ((good.charCodeAt(at) - 32 + 1 + Math.floor(random() * 94)) % 95));
    indexes.texts.set('g1.h5', good.slice(0, at) + letter + good.slice(at + 1));
    expect([at, ...(await contents(indexes))]).toEqual([at, plain, ['index-ignored']]);
    expect(indexes.texts.get('g1.h5')).toBe(good);
  }
});
