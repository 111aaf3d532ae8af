import { memoryStore, type ObjectStore } from '../../src/io/index.js';
import { readGroup, readParents } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, MemoryJournal, runInMemory, type MemoryRun, type Row } from './in-memory.js';

const random = randomFrom(7);
/** Rows to the north from the latitude `from`, in degrees; each call goes on in the same random sequence. */
export const track = (count: number, lon: number, from = 60): Row[] => Array.from({ length: count }, (_, i) => ({ lat: from + 0.05 * i, lon, h: Math.fround(random() * 100), q: random() < 0.2 ? 1 : 0 }));
/** Of the beams a and b of the three granules. */
export const rows = { a1: track(400, -50), b1: track(300, -40), a2: track(200, 100), a3: track(300, -50, 50), b3: track(60, 20) };

export const one = (): FakeGranule => new FakeGranule('g1.h5', { ...beam('a', rows.a1, { chunkRows: 64 }), ...beam('b', rows.b1) });
export const two = (): FakeGranule => new FakeGranule('g2.h5', beam('a', rows.a2, { chunkRows: 100 }));
export const three = (): FakeGranule => new FakeGranule('g3.h5', { ...beam('a', rows.a3, { chunkRows: 100 }), ...beam('b', rows.b3) });

/** The third with a read that fails. */
export const damaged = (): FakeGranule => new FakeGranule('g3.h5', { ...three().contents, '/a/h': { ...three().contents['/a/h']!, damaged: [1] } });

/** Sizes by name: what a run knows of a granule without reading it. */
export const probeOf = (sizes: Record<string, number> = {}) => (url: string) => Promise.resolve({ sizeBytes: sizes[url] ?? 1, tag: 'etag:"1"' });
/** The same for all granules, whatever run asks. */
export const probe = probeOf();

/** All of a store: base64 by key. */
export async function bytes(store: ObjectStore): Promise<Map<string, string>> {
  const keys = await store.list('');
  return new Map(await Promise.all(keys.map(async key => [key, Buffer.from((await store.get(key))!).toString('base64')] as const)));
}

/** Chunks by parent and array, whatever the order of the parents is. */
export async function byParent(store: ObjectStore): Promise<Record<string, string | undefined>> {
  const group = (await readGroup(store, 4))!;
  const content = await bytes(store);
  const out: Record<string, string | undefined> = {};
  for (const { index, parent } of await readParents(store, group)) {
    for (const array of ['count', 'h_sum', 'cell_ids', 'morton']) out[`${parent} ${array}`] = content.get(`4/${array}/c/${index}`);
  }
  return out;
}

/** A store and its journal that several runs use. */
export function place(): { readonly store: ObjectStore; readonly files: MemoryJournal; readonly run: (options: MemoryRun) => ReturnType<typeof runInMemory> } {
  const store = memoryStore('memory');
  const files = new MemoryJournal();
  return { store, files, run: options => runInMemory({ probe, store, files, ...options }) };
}
