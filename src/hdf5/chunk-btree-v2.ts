import { readBtreeV2 } from './btree-v2.js';
import type { ChunkGrid } from './chunk-grid.js';
import { ChunkPlaces } from './chunk-places.js';
import type { ChunkPlace } from './dataset-facts.js';
import type { PageCache } from './page-cache.js';

const PLAIN = 10;
const FILTERED = 11;

/** The chunks in a version 2 B-tree: the index of datasets that may grow in several dimensions. */
export function chunksOfBtreeV2(pages: PageCache, address: number, grid: ChunkGrid, chunkBytes: number, filtered: boolean): ReadonlyMap<number, ChunkPlace> {
  const { rank } = grid;
  const places = new ChunkPlaces(pages);
  const at = grid.counts.map(() => 0);
  for (const record of readBtreeV2(pages, address, filtered ? FILTERED : PLAIN)) {
    const entry = pages.reader(record);
    const offset = entry.u64();
    const length = filtered ? entry.uint(Math.max(1, Math.min(8, record.length - 12 - 8 * rank))) : chunkBytes;
    const filterMask = filtered ? entry.u32() : 0;
    for (let d = 0; d < rank; d++) at[d] = entry.u64();
    const number = grid.numberOf(at);
    if (number !== undefined) places.put(number, { offset: offset + pages.base, length, filterMask });
  }
  return places.found;
}
