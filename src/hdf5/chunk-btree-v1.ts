import type { ChunkGrid } from './chunk-grid.js';
import { ChunkPlaces } from './chunk-places.js';
import type { ChunkPlace } from './dataset-facts.js';
import type { PageCache } from './page-cache.js';

const MAX_LEVEL = 32;

/** The chunks in a version 1 B-tree of chunks. */
export function chunksOfBtreeV1(pages: PageCache, root: number, grid: ChunkGrid): ReadonlyMap<number, ChunkPlace> {
  const { rank, chunkShape } = grid;
  const entryBytes = 8 + 8 * rank + 8 + 8; // size and mask, offset in every dimension and in the value, child
  const places = new ChunkPlaces(pages);
  const seen = new Set<number>();
  const at = chunkShape.map(() => 0);
  const visit = (address: number, expectedLevel: number | undefined): void => {
    if (seen.has(address)) throw pages.damaged(`the chunk index at ${root} runs in a circle`);
    seen.add(address);
    const head = pages.cursor(address, 24).expect('TREE');
    const kind = head.u8();
    const level = head.u8();
    if (kind !== 1 || level > MAX_LEVEL || (expectedLevel !== undefined && level !== expectedLevel)) throw pages.damaged(`the chunk index node at ${address} is not where it belongs`);
    const used = head.u16();
    const entries = pages.cursor(address + 24, entryBytes * used);
    const children: number[] = [];
    for (let i = 0; i < used; i++) {
      const length = entries.u32();
      const filterMask = entries.u32();
      for (let d = 0; d < rank; d++) {
        const first = entries.u64();
        if (level === 0 && first % chunkShape[d]! !== 0) throw pages.damaged(`the chunk index at ${root} has a chunk at ${first}, chunks have ${chunkShape[d]!} values there`);
        at[d] = first / chunkShape[d]!;
      }
      const child = entries.skip(8).u64();
      if (level > 0) children.push(child);
      else {
        const number = grid.numberOf(at);
        if (number !== undefined) places.put(number, { offset: child + pages.base, length, filterMask });
      }
    }
    pages.want(children.map(offset => ({ offset, length: 24 })));
    for (const child of children) visit(child, level - 1);
  };
  visit(root, undefined);
  return places.found;
}
