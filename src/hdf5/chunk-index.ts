import { chunksOfBtreeV1 } from './chunk-btree-v1.js';
import { chunksOfBtreeV2 } from './chunk-btree-v2.js';
import { ArrayNumbers } from './chunk-entries.js';
import { chunksOfExtensibleArray } from './chunk-extensible-array.js';
import { chunksOfFixedArray } from './chunk-fixed-array.js';
import type { ChunkGrid } from './chunk-grid.js';
import type { ChunkPlace, Storage } from './dataset-facts.js';
import type { Layout } from './layout.js';
import type { PageCache } from './page-cache.js';

/** Finds all chunks of a dataset. `maxShape` is the largest it may grow to. */
export function readChunkIndex(pages: PageCache, layout: Extract<Layout, { kind: 'chunked' }>, grid: ChunkGrid, maxShape: readonly number[], filtered: boolean): Storage {
  const { address, index, single } = layout;
  const chunkBytes = grid.chunkValues * layout.elementBytes;
  if (address === undefined || grid.size === 0) return { kind: 'listed', places: new Map() };
  const listed = (places: ReadonlyMap<number, ChunkPlace>): Storage => ({ kind: 'listed', places });
  const numbers = new ArrayNumbers(grid, maxShape);
  switch (index) {
    case 'btree-v1':
      return listed(chunksOfBtreeV1(pages, address, grid));
    case 'single':
      if (filtered && !single) throw pages.damaged('a single compressed chunk has no size');
      return listed(new Map([[0, { offset: address + pages.base, length: single?.sizeBytes ?? chunkBytes, filterMask: single?.filterMask ?? 0 }]]));
    case 'implicit':
      return implicit(pages, address, numbers, chunkBytes);
    case 'fixed-array':
      return listed(chunksOfFixedArray(pages, address, numbers, chunkBytes));
    case 'extensible-array':
      return listed(chunksOfExtensibleArray(pages, address, numbers, chunkBytes));
    case 'btree-v2':
      return listed(chunksOfBtreeV2(pages, address, grid, chunkBytes, filtered));
  }
}

/** All chunks one after the other: there cannot be more than the file has room for. */
function implicit(pages: PageCache, address: number, numbers: ArrayNumbers, chunkBytes: number): Storage {
  const offset = address + pages.base;
  if (!(offset + numbers.size * chunkBytes <= pages.sizeBytes)) throw pages.damaged('chunks that were all written do not fit into the file');
  if (numbers.isSame) return { kind: 'implicit', offset };
  const places = new Map<number, ChunkPlace>();
  for (let i = 0; i < numbers.size; i++) {
    const number = numbers.toGrid(i);
    if (number !== undefined) places.set(number, { offset: offset + i * chunkBytes, length: chunkBytes, filterMask: 0 });
  }
  return { kind: 'listed', places };
}
